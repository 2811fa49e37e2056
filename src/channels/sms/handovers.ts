// Messages on their way to the SMSC, segment by segment: none is submitted twice, and all segments make one delivery.
import type { MessageReceipt } from '../../app/message/messenger.js';
import type { SegmentReceipt } from './receipt.js';
import type { Segments } from './segments.js';

/** Messages remembered, oldest forgotten first: for repeated sends and for receipts. */
export const MAX_HANDOVERS = 10_000;

export interface Handover {
  readonly segments: Segments;
  /** The SMSC's id of each segment that it took. */
  readonly ids: (string | undefined)[];
  readonly delivered: Set<string>;
  failed: boolean;
  running: Promise<string> | undefined;
}

export class Handovers {
  /** By our message id. */
  readonly #all = new Map<string, Handover>();
  readonly #bySegment = new Map<string, Handover>();
  readonly #running = new Set<Promise<string>>();

  /** The one begun before, or a new one; undefined when `segments()` is. */
  of(message: string, segments: () => Segments | undefined): Handover | undefined {
    const known = this.#all.get(message);
    if (known !== undefined) return known;
    const cut = segments();
    if (cut === undefined) return undefined;
    const ids = cut.contents.map(() => undefined);
    const handover: Handover = { segments: cut, ids, delivered: new Set(), failed: false, running: undefined };
    this.#all.set(message, handover);
    this.#forgetOldest();
    return handover;
  }

  /** The same work for all who ask while it lasts. */
  run(handover: Handover, work: () => Promise<string>): Promise<string> {
    if (handover.running !== undefined) return handover.running;
    const running = work().finally(() => {
      handover.running = undefined;
      this.#running.delete(running);
    });
    handover.running = running;
    this.#running.add(running);
    return running;
  }

  taken(handover: Handover, index: number, id: string): void {
    handover.ids[index] = id;
    this.#bySegment.set(id, handover);
  }

  /** What the receipt of a segment says about its message; undefined while there is nothing new to say. */
  async receipt({
    id,
    status,
    reason,
  }: SegmentReceipt): Promise<Pick<MessageReceipt, 'providerId' | 'status' | 'reason'> | undefined> {
    if (status === undefined) return undefined;
    const handover = this.#bySegment.get(id) ?? (await this.#later(id));
    // Of an earlier run of ours: the message is known by its first segment.
    if (handover === undefined)
      return status === 'failed' ? { providerId: id, status, reason } : { providerId: id, status };
    const [providerId = id] = handover.ids;
    if (status === 'failed') {
      handover.failed = true;
      return { providerId, status, reason };
    }
    handover.delivered.add(id);
    const whole = handover.ids.every((segment) => segment !== undefined && handover.delivered.has(segment));
    return whole && !handover.failed ? { providerId, status } : undefined;
  }

  get size(): number {
    return this.#all.size;
  }

  /** A receipt may be quicker than the answer to the submit, or than those to the other segments. */
  async #later(id: string): Promise<Handover | undefined> {
    if (this.#running.size === 0) return undefined;
    await Promise.allSettled(this.#running);
    return this.#bySegment.get(id);
  }

  #forgetOldest(): void {
    for (const [message, { running, ids }] of this.#all) {
      if (this.#all.size <= MAX_HANDOVERS) return;
      if (running !== undefined) continue;
      this.#all.delete(message);
      for (const id of ids) if (id !== undefined) this.#bySegment.delete(id);
    }
  }
}
