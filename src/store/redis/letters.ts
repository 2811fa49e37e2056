// Letters between the nodes, as messages of Redis: who does not listen at that moment does not get them.
import { EVERYBODY, type Letters } from '../../app/nodes/letters.js';
import { assert } from '../../lib/assert.js';
import type { Log } from '../../lib/log.js';
import { Link, type LinkOptions } from './link.js';

/** A page of a thousand talks is a third of it. */
export const LETTER_CHARACTERS_MAX = 1024 * 1024;

export class RedisLetters implements Letters {
  readonly #link: Link;
  readonly #ear: Link;
  readonly #log: Log;
  readonly #prefix: string;
  /** By channel. */
  readonly #listeners = new Map<string, Set<(text: string) => void>>();
  readonly #backListeners = new Set<() => void>();
  /** Listened before, and was cut off since. */
  #missed: 'nothing' | 'some' = 'nothing';

  /** `link` carries what is sent; listening takes a connection of its own. */
  constructor(options: LinkOptions, link: Link, prefix: string) {
    this.#link = link;
    this.#log = options.log;
    this.#prefix = `${prefix}:letters`;
    this.#ear = new Link(options, () => this.#subscribe([...this.#listeners.keys()]));
    this.#ear.redis.on('close', () => {
      this.#missed = 'some';
    });
    this.#ear.redis.on('message', (channel: string, text: string) => {
      if (text.length > LETTER_CHARACTERS_MAX) return;
      for (const listener of this.#listeners.get(channel) ?? []) listener(text);
    });
  }

  async send(node: string, text: string): Promise<boolean> {
    assert(text.length <= LETTER_CHARACTERS_MAX, 'a letter is short');
    return (await this.#link.run((redis) => redis.publish(this.#channel(node), text))) > 0;
  }

  listen(node: string, listener: (text: string) => void): () => void {
    const channels = [this.#channel(node), this.#channel(EVERYBODY)];
    const fresh = channels.filter((channel) => !this.#listeners.has(channel));
    for (const channel of fresh) this.#listeners.set(channel, new Set());
    for (const channel of channels) this.#listeners.get(channel)?.add(listener);
    if (this.#ear.isReady && fresh.length > 0) this.#subscribe(fresh);
    return () => {
      for (const channel of channels) this.#listeners.get(channel)?.delete(listener);
    };
  }

  /** Calls `listener` when letters come again after some may have been missed. */
  onBack(listener: () => void): void {
    this.#backListeners.add(listener);
  }

  async timeMs(): Promise<number> {
    const [seconds, micros] = await this.#link.run((redis) => redis.time());
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  /** Asks the connection for a sign of life; without one it is made anew. */
  check(): void {
    if (!this.#ear.isReady) return;
    this.#ear
      .run((redis) => redis.ping())
      .catch((error: unknown) => this.#log.debug({ error: String(error) }, 'ping of the letters'));
  }

  close(): void {
    this.#ear.close();
  }

  #subscribe(channels: readonly string[]): void {
    if (channels.length === 0) return;
    this.#ear
      .run((redis) => redis.subscribe(...channels))
      .then(() => this.#listens())
      .catch((error: unknown) => this.#ear.drop(`cannot listen to letters, connecting anew: ${String(error)}`));
  }

  #listens(): void {
    if (this.#missed === 'nothing') return;
    this.#missed = 'nothing';
    for (const listener of this.#backListeners) listener();
  }

  #channel(node: string): string {
    return `${this.#prefix}:${node}`;
  }
}
