// The real API, live hub and pages of the web application on a centre in memory, for measuring: whatever changes in it is made here.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Entry } from '../../../src/core/acd/entry.js';
import { systemClock } from '../../../src/lib/clock.js';
import { type ApiScene, openApiScene, PASSWORD } from '../../support/api-scene.js';

const WEB = join(import.meta.dirname, '..', '..', '..', 'dist', 'web');
const SLICE_MS = 10;

/** What is changed a second, for how long. */
export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
}

/** The queue whose count changes, and when (Unix ms) it first became what. */
export type Counted = ReadonlyMap<number, number>;

export class BenchServer {
  #made = 0;

  private constructor(
    private readonly scene: ApiScene,
    readonly address: string,
  ) {}

  static async open(): Promise<BenchServer> {
    const scene = await openApiScene({
      limits: { requests: 100_000 },
      change: (options) => ({ ...options, clock: systemClock, pages: { folder: WEB } }),
    });
    await scene.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = scene.app.server.address() as AddressInfo;
    return new BenchServer(scene, `http://127.0.0.1:${port}`);
  }

  get password(): string {
    return PASSWORD;
  }

  /** So many more wait there. */
  async join(queue: string, count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) await this.#enter(queue);
  }

  async empty(): Promise<void> {
    for (const { entry } of [...this.scene.live.entries()]) await this.#change(entry, null);
  }

  /**
   * Each change is an entry that comes to `queue` and stays, or (every second one) one of another queue that is offered
   * another priority: through the live state, as the dispatcher's would be. Returns when the counts of `queue` came to be.
   */
  async change(queue: string, other: string, { perSecond, seconds }: Load): Promise<Counted> {
    await this.join(other, 200);
    const others = [...this.scene.live.entries()].filter((entry) => entry.queue === other);
    const counted = new Map<number, number>();
    const began = performance.now();
    let done = 0;
    while (done < perSecond * seconds) {
      const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) / 1000) * perSecond));
      for (; done < due; done += 1) {
        if (done % 2 === 0) {
          await this.#enter(queue);
          counted.set(counted.size + 1, Date.now());
        } else {
          const entry = others[done % others.length];
          if (entry !== undefined) await this.#change(entry.entry, { ...entry, priority: done % 10 });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
    }
    return counted;
  }

  close(): Promise<void> {
    return this.scene.close();
  }

  #enter(queue: string): Promise<void> {
    this.#made += 1;
    const entry = `e${this.#made}`;
    const nowMs = Date.now();
    return this.#change(entry, {
      ...{ entry, interaction: `i${this.#made}`, kind: 'call', queue, priority: 5, refusedBy: {}, node: 'n1' },
      ...{ seniorityMs: nowMs, joinedAtMs: nowMs, state: 'waiting' },
      customer: `+346${String(this.#made).padStart(8, '0')}`,
    });
  }

  async #change(id: string, value: Entry | null): Promise<void> {
    await this.scene.live.change(() => [{ kind: 'entry', id, value }]);
  }
}
