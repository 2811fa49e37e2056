// Every call of this node from its first fact to its end: where it is now, and that it ends exactly once.
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Interactions } from './interactions.js';
import type { Thread } from './thread.js';

export type CallPlace = 'ringing' | 'in-flow' | 'queued' | 'talking';

interface OpenCall {
  readonly inbound: boolean;
  place: CallPlace;
}

/** Far above what one node carries; beyond it the oldest are taken for ended. */
const MAX_OPEN = 50_000;

export class CallAccounts {
  readonly #open = new Map<string, OpenCall>();
  #endedTwice = 0;

  /** `liveInbound`: inbound calls whose story goes on, as the one who tells the stories counts them. */
  constructor(
    interactions: Pick<Interactions, 'onEvent'>,
    private readonly liveInbound: () => number,
  ) {
    interactions.onEvent((thread, event) => this.#take(thread, event));
  }

  /** Calls by the place they have reached. */
  counts(): Readonly<Record<CallPlace, number>> {
    const counts = { ringing: 0, 'in-flow': 0, queued: 0, talking: 0 };
    for (const { place } of this.#open.values()) counts[place] += 1;
    return counts;
  }

  /** Inbound calls that nobody tends and that have no end, or have two of them: 0 unless something is broken. */
  unaccounted(): number {
    let open = 0;
    for (const { inbound } of this.#open.values()) if (inbound) open += 1;
    return Math.max(0, open - this.liveInbound()) + this.#endedTwice;
  }

  #take(thread: Pick<Thread, 'events'>, event: InteractionEvent): void {
    switch (event.type) {
      case 'call-arrived':
      case 'call-dialled':
        this.#begin(event.data.segment, event.type === 'call-arrived');
        break;
      case 'call-taken-over':
        this.#begin(event.data.segment, true);
        this.#move(event.data.segment, 'talking');
        break;
      case 'call-answered':
      case 'flow-entered':
        this.#move(event.data.segment, 'in-flow');
        break;
      case 'queued':
        if (event.data.kind === 'call') this.#move(event.data.segment, 'queued');
        break;
      case 'connected':
      case 'forwarded':
        this.#move(event.data.segment, 'talking');
        break;
      case 'call-ended':
        this.#end(thread, event.data.segment);
        break;
      default:
        break; // The other facts do not move a call.
    }
  }

  #begin(segment: string, inbound: boolean): void {
    this.#open.set(segment, { inbound, place: 'ringing' });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }

  #move(segment: string, place: CallPlace): void {
    const call = this.#open.get(segment);
    if (call !== undefined) call.place = place;
  }

  /** The end of a call of a lost node, told by us, is none of ours. */
  #end({ events }: Pick<Thread, 'events'>, segment: string): void {
    if (this.#open.delete(segment)) return;
    const ends = events.filter(({ event }) => event.type === 'call-ended' && event.data.segment === segment);
    if (ends.length > 1) this.#endedTwice += 1;
  }
}
