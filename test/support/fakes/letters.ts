// The post between nodes, in memory: letters arrive in order a turn later, unless a test loses them.
import type { Letters } from '../../../src/app/nodes/letters.js';
import { EVERYBODY } from '../../../src/app/nodes/letters.js';
import type { Clock } from '../../../src/lib/clock.js';

export class FakeLetters implements Letters {
  readonly #listeners = new Map<string, Set<(text: string) => void>>();
  readonly sent: { readonly node: string; readonly text: string }[] = [];
  /** Whether a letter is lost on the way. */
  loses: (node: string, text: string) => boolean = () => false;
  /** What each sending fails with. */
  fails: Error | undefined;

  constructor(private readonly clock: Clock) {}

  async send(node: string, text: string): Promise<boolean> {
    if (this.fails !== undefined) throw this.fails;
    this.sent.push({ node, text });
    const listeners = [...(this.#listeners.get(node) ?? [])];
    if (!this.loses(node, text)) for (const listener of listeners) queueMicrotask(() => listener(text));
    return listeners.length > 0;
  }

  listen(node: string, listener: (text: string) => void): () => void {
    const of = [node, EVERYBODY].map((channel) => {
      const listeners = this.#listeners.get(channel) ?? new Set();
      this.#listeners.set(channel, listeners.add(listener));
      return listeners;
    });
    return () => {
      for (const listeners of of) listeners.delete(listener);
    };
  }

  async timeMs(): Promise<number> {
    return this.clock.nowMs();
  }
}
