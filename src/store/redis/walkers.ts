// What each node tells of the callers in its flows: gone by itself when a node tells nothing any more.
import type { ToldWalkers, WalkerStore } from '../../app/walkers/walkers.js';
import type { Link } from './link.js';

export class RedisWalkers implements WalkerStore {
  constructor(
    private readonly link: Link,
    private readonly prefix: string,
    private readonly aliveNodes: () => Promise<readonly string[]>,
  ) {}

  async put(node: string, told: ToldWalkers, ttlMs: number): Promise<void> {
    await this.link.run((redis) => redis.set(this.#key(node), JSON.stringify(told), 'PX', ttlMs));
  }

  async others(node: string): Promise<readonly ToldWalkers[]> {
    const keys = (await this.aliveNodes()).filter((one) => one !== node).map((one) => this.#key(one));
    if (keys.length === 0) return [];
    const texts = await this.link.run((redis) => redis.mget(keys));
    // Only nodes of Hilo write here.
    return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as ToldWalkers]));
  }

  #key(node: string): string {
    return `${this.prefix}:walkers:${node}`;
  }
}
