// Customers who were lost in one matter and served in another: nobody is to call them for it any more.
import { isPending } from '../../core/interaction/callback.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import { answerInWriting, type Lost } from '../../core/interaction/lost/lost.js';
import { isWithheld } from '../../core/policy/recipient.js';
import type { Eventually } from '../eventually.js';
import type { RecordStore } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';

/** Lost matters of one customer that one talk or conversation makes up for, the longest ago first. */
const MOST_AT_ONCE = 20;

export interface RecoveredElsewherePorts {
  readonly interactions: Interactions;
  readonly store: RecordStore;
  readonly eventually: Eventually;
}

/** By what a loss is made up for. */
type Served = Pick<Extract<InteractionEvent, { type: 'recovered-elsewhere' }>['data'], 'segment' | 'by'>;

export class RecoveredElsewhere {
  constructor(private readonly ports: RecoveredElsewherePorts) {
    ports.interactions.onEvent((thread, event) => this.#told(thread, event));
  }

  #told(thread: Thread, event: InteractionEvent): void {
    const { segments, address } = thread.state;
    // All who withhold their number share one contact: they are not one person.
    if (isWithheld(address.value)) return;
    if (event.type === 'call-ended' && event.data.result === 'served' && event.data.talkedMs > 0) {
      const { segment } = event.data;
      const call = segments.find(({ id }) => id === segment);
      const by = call?.kind === 'call' && call.direction === 'out' ? 'callback' : 'call';
      this.#settleSoon(thread, () => ({ segment, by }));
    } else if (event.type === 'work-finished' && event.data.kind === 'message') {
      const messages = segments.filter((segment) => segment.kind === 'message');
      this.#settleSoon(thread, ({ atMs }) => {
        const answer = answerInWriting(messages, atMs);
        return answer === undefined ? undefined : { segment: answer.id, by: 'message' };
      });
    }
  }

  #settleSoon(thread: Thread, served: (lost: Lost) => Served | undefined): void {
    this.ports.eventually.do(`what the customer of ${thread.id} was owed`, () => this.#settle(thread, served));
  }

  async #settle({ id: interaction, state }: Thread, served: (lost: Lost) => Served | undefined): Promise<void> {
    const { store, interactions } = this.ports;
    const rows = await store.lostMatters({ state: 'open', contact: state.contact, limit: MOST_AT_ONCE });
    for (const { id } of rows.filter((row) => row.id !== interaction)) {
      const other = await interactions.resume(id);
      const { lost, callback } = other.state;
      // What is promised in it is still to be done.
      if (lost?.state !== 'open' || isPending(callback)) continue;
      const by = served(lost);
      if (by !== undefined) other.note({ type: 'recovered-elsewhere', data: { interaction, ...by } });
    }
  }
}
