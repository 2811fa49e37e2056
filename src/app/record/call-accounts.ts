// Every call of this node from its first fact to its end: where it is now, and that it ends exactly once.
import type { OpenCall as KnownCall } from '../../core/interaction/accounts.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Interactions } from './interactions.js';
import type { Thread } from './thread.js';

export type CallPlace = 'ringing' | 'in-flow' | 'queued' | 'talking';

interface OpenCall {
  readonly interaction: string;
  callId: string | undefined;
  place: CallPlace;
}

/** Far above what one node carries; beyond it the oldest are taken for ended. */
const MAX_OPEN = 50_000;

export class CallAccounts {
  readonly #open = new Map<string, OpenCall>();
  #endedTwice = 0;

  constructor(interactions: Pick<Interactions, 'onEvent'>) {
    interactions.onEvent((thread, event) => this.#take(thread, event));
  }

  /** Calls by the place they have reached. */
  counts(): Readonly<Record<CallPlace, number>> {
    const counts = { ringing: 0, 'in-flow': 0, queued: 0, talking: 0 };
    for (const { place } of this.#open.values()) counts[place] += 1;
    return counts;
  }

  /** Calls that have begun and not ended. */
  open(): readonly KnownCall[] {
    return [...this.#open].map(([segment, { interaction, callId }]) =>
      callId === undefined ? { segment, interaction } : { segment, interaction, callId },
    );
  }

  /** Calls with a second end: 0 unless something is broken. */
  get endedTwice(): number {
    return this.#endedTwice;
  }

  #take(thread: Pick<Thread, 'id' | 'events'>, event: InteractionEvent): void {
    switch (event.type) {
      case 'call-arrived':
        this.#begin(thread.id, event.data.segment, event.data.callId);
        break;
      case 'call-dialled':
        this.#begin(thread.id, event.data.segment);
        break;
      case 'call-taken-over':
        this.#begin(thread.id, event.data.segment);
        this.#move(event.data.segment, 'talking');
        break;
      case 'call-answered':
        this.#answered(event.data);
        break;
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

  #begin(interaction: string, segment: string, callId?: string): void {
    this.#open.set(segment, { interaction, callId, place: 'ringing' });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }

  #answered({ segment, callId }: { readonly segment: string; readonly callId?: string }): void {
    const call = this.#open.get(segment);
    if (call !== undefined && callId !== undefined) call.callId = callId;
    this.#move(segment, 'in-flow');
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
