// What supervisors do with those who wait: more or less to the front, or to another queue.
import { entryTransition } from '../../core/acd/entry-transition.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { LiveState } from '../floor/live-state.js';
import type { Queueing } from '../floor/queueing.js';
import type { Interactions } from '../record/interactions.js';

export interface PlacesPorts {
  readonly live: Pick<LiveState, 'entry' | 'change'>;
  readonly queueing: Pick<Queueing, 'send'>;
  readonly interactions: Pick<Interactions, 'resume'>;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

export class Places {
  constructor(private readonly ports: PlacesPorts) {}

  /**
   * In force with the next decision; whoever is offered it keeps the offer. Rejects with HiloError `not-found`,
   * `wrong-state` (an agent has it already), `store-unavailable`.
   */
  async prioritise(queue: string, id: string, priority: number, by: string): Promise<void> {
    const { live, clock, interactions } = this.ports;
    const { interaction } = this.#known(queue, id);
    const committed = await live.change(() => {
      const entry = live.entry(id);
      const given = entry && entryTransition(entry, { type: 'prioritised', priority }, clock.nowMs());
      return given?.ok ? [{ kind: 'entry', id, value: given.next }] : undefined;
    });
    if (committed === undefined) throw new HiloError('wrong-state', 'an agent has it already');
    const thread = await interactions.resume(interaction);
    await thread.record({ type: 'priority-changed', data: { entry: id, queue, priority, by } });
  }

  /** Throws HiloError `not-found`, `invalid-input` (the same queue), `wrong-state` (not a caller, or being connected). */
  move(queue: string, id: string, to: string, by: string): void {
    const { queueing, centre } = this.ports;
    this.#known(queue, id);
    if (!centre().queues.has(to)) throw new HiloError('not-found', `there is no queue ${to}`);
    if (to === queue) throw new HiloError('invalid-input', `it waits in ${to} already`);
    queueing.send(id, to, by);
  }

  #known(queue: string, id: string): { readonly interaction: string } {
    const entry = this.ports.live.entry(id);
    if (entry === undefined || entry.queue !== queue)
      throw new HiloError('not-found', `${id} does not wait in ${queue}`);
    return entry;
  }
}
