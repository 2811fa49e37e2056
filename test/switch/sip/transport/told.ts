// Notes what a transport tells, and lets a test wait for it.
import { systemClock } from '../../../../src/lib/clock.js';
import { withTimeOut } from '../../../../src/lib/time-out.js';
import type { Peer } from '../../../../src/switch/sip/peer.js';
import type { Transport } from '../../../../src/switch/sip/transport/transport.js';

export const LIMIT_MS = 5_000;

export class Told {
  readonly messages: { readonly text: string; readonly source: Peer }[] = [];
  readonly problems: number[] = [];
  readonly closed: string[] = [];
  /** Connections on which something depends. */
  readonly needed = new Set<string>();
  #wake: () => void = () => undefined;

  readonly events = {
    onMessage: (bytes: Buffer, source: Peer): void =>
      this.#note(() => this.messages.push({ text: bytes.toString(), source })),
    onBroken: (_bytes: Buffer, problem: { status: number }, source: Peer, local: Transport): void =>
      this.#note(() => {
        this.problems.push(problem.status);
        local.send(Buffer.from('ANSWER'), source, () => undefined);
      }),
    onClosed: (id: string): void => this.#note(() => this.closed.push(id)),
    isNeeded: (id: string): boolean => this.needed.has(id),
  };

  async until(what: string, happened: () => boolean): Promise<void> {
    while (!happened()) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await withTimeOut(systemClock, what, LIMIT_MS, woken);
    }
  }

  #note(action: () => void): void {
    action();
    this.#wake();
  }
}
