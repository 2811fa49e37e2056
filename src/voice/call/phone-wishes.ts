// What a phone asks for by itself within a call: holding us by a new offer, transferring by REFER.
import type { PhoneRefer } from '../../app/ports.js';
import { isHeld } from './session-description.js';

type Referred = (refer: PhoneRefer) => () => Promise<void>;

export class PhoneWishes {
  readonly #onHold = new Set<(held: boolean) => void>();
  #onRefer: Referred | undefined;
  #held = false;

  onHold(listener: (held: boolean) => void): () => void {
    this.#onHold.add(listener);
    return () => void this.#onHold.delete(listener);
  }

  onRefer(listener: Referred): () => void {
    this.#onRefer = listener;
    return () => {
      if (this.#onRefer === listener) this.#onRefer = undefined;
    };
  }

  /** The phone's last offer, which was accepted. */
  offered(sdp: string): void {
    const held = isHeld(sdp);
    if (held === this.#held) return;
    this.#held = held;
    for (const listener of this.#onHold) listener(held);
  }

  /** What will be done; throws when nobody listens, or that is not possible. */
  refer(refer: PhoneRefer): () => Promise<void> {
    if (this.#onRefer === undefined) throw new Error('there is nobody to be transferred');
    return this.#onRefer(refer);
  }
}
