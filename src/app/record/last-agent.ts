// Who talked with a customer last: in this matter, else in the few before it.
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { RecordStore } from '../ports.js';
import type { Thread } from './thread.js';

/** A caller waits meanwhile: whoever is not found by then is not missed. */
const LOOK_LIMIT_MS = 500;
/** So many matters of the contact are looked at, the newest first. */
const MATTERS = 3;

export class LastAgents {
  constructor(
    private readonly ports: {
      readonly store: Pick<RecordStore, 'find' | 'read'>;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {}

  /** Undefined when nobody did, or nobody can say in time. */
  async of(thread: Thread): Promise<string | undefined> {
    const here = lastIn(thread.events.map(({ event }) => event));
    if (here !== undefined) return here;
    try {
      return await withTimeOut(this.ports.clock, 'look for the last agent', LOOK_LIMIT_MS, this.#before(thread));
    } catch (error) {
      this.ports.log.info({ err: error, interaction: thread.id }, 'nobody knows who talked with this customer last');
      return undefined;
    }
  }

  async #before({ id, state }: Thread): Promise<string | undefined> {
    const { store } = this.ports;
    const { interactions } = await store.find({ contact: state.contact, limit: MATTERS + 1 });
    for (const other of interactions.filter((one) => one.id !== id).slice(0, MATTERS)) {
      const events = await store.read(other.id);
      const agent = lastIn(events.map(({ event }) => event));
      if (agent !== undefined) return agent;
    }
    return undefined;
  }
}

function lastIn(events: readonly InteractionEvent[]): string | undefined {
  const last = events.findLast(({ type }) => type === 'connected' || type === 'work-taken');
  return last?.type === 'connected' || last?.type === 'work-taken' ? last.data.agent : undefined;
}
