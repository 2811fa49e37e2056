// Customers who were lost in one matter and served in another: nobody is to call them for it any more.
import { isPending } from '../../core/interaction/callback.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import { isWithheld } from '../../core/policy/recipient.js';
import type { Eventually } from '../eventually.js';
import type { RecordStore } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';

/** Lost matters of one customer that one talk makes up for, the longest ago first. */
const MOST_AT_ONCE = 20;

export interface RecoveredElsewherePorts {
  readonly interactions: Interactions;
  readonly store: RecordStore;
  readonly eventually: Eventually;
}

export class RecoveredElsewhere {
  constructor(private readonly ports: RecoveredElsewherePorts) {
    ports.interactions.onEvent((thread, event) => this.#told(thread, event));
  }

  #told(thread: Thread, event: InteractionEvent): void {
    if (event.type !== 'call-ended' || event.data.result !== 'served' || event.data.talkedMs <= 0) return;
    const { segments, address } = thread.state;
    // All who withhold their number share one contact: they are not one person.
    if (isWithheld(address.value)) return;
    const { segment } = event.data;
    const call = segments.find(({ id }) => id === segment);
    const by = call?.kind === 'call' && call.direction === 'out' ? 'callback' : 'call';
    this.ports.eventually.do(`what the customer of ${thread.id} was owed`, () => this.#settle(thread, segment, by));
  }

  async #settle({ id: interaction, state }: Thread, segment: string, by: 'callback' | 'call'): Promise<void> {
    const { store, interactions } = this.ports;
    const rows = await store.lostMatters({ state: 'open', contact: state.contact, limit: MOST_AT_ONCE });
    for (const { id } of rows.filter((row) => row.id !== interaction)) {
      const other = await interactions.resume(id);
      const { lost, callback } = other.state;
      // What is promised in it is still to be done.
      if (lost?.state !== 'open' || isPending(callback)) continue;
      other.note({ type: 'recovered-elsewhere', data: { interaction, segment, by } });
    }
  }
}
