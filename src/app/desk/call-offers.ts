// A call that is offered, refused on the screen: it stops ringing at the agent's phones and goes to the next one.
import { agentTransition } from '../../core/acd/agent-transition.js';
import type { Entry } from '../../core/acd/entry.js';
import { entryTransition } from '../../core/acd/entry-transition.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { LiveState } from '../floor/live-state.js';
import type { Doer } from '../floor/works.js';
import type { Interactions } from '../record/interactions.js';

export interface CallOffersPorts {
  readonly live: LiveState;
  readonly interactions: Pick<Interactions, 'resume'>;
  readonly centre: () => Centre;
  readonly eventually: Eventually;
  readonly clock: Clock;
}

export class CallOffers {
  constructor(private readonly ports: CallOffersPorts) {}

  /**
   * The call keeps its place; this agent is passed over for it, and rests, as after a refusal at the phone. Whoever rings
   * the phones sees that the offer is gone. False: no call is offered under that id. Rejects with HiloError `not-allowed`,
   * `wrong-state` (answered in the same breath), `store-unavailable`.
   */
  async refuse(offer: string, doer: Doer): Promise<boolean> {
    const { live, clock, centre } = this.ports;
    const ringing = [...live.agents()].find((agent) => agent.state === 'ringing' && agent.offer === offer);
    if (ringing?.state !== 'ringing') return false;
    const { agent: name, entry: id } = ringing;
    if (name !== doer.name && !doer.forOthers) throw new HiloError('not-allowed', `this is ${name}'s`);
    let refused: Entry | undefined;
    await live.change(() => {
      refused = undefined;
      const entry = live.entry(id);
      const agent = live.agent(name);
      const refusal = { type: 'refused', offer, reason: 'rejected' } as const;
      const back = entry && entryTransition(entry, refusal, clock.nowMs());
      const free = agent && agentTransition(agent, { ...refusal, backOff: centre().backOff }, clock.nowMs());
      if (!back?.ok || !free?.ok) return undefined;
      refused = entry;
      return [
        { kind: 'entry', id, value: back.next },
        { kind: 'agent', id: name, value: free.next },
      ];
    });
    if (refused === undefined) throw new HiloError('wrong-state', 'this offer is over');
    this.#note(refused, name, offer);
    return true;
  }

  #note({ interaction, entry }: Entry, agent: string, offer: string): void {
    const { interactions, eventually } = this.ports;
    eventually.do(`refusal of offer ${offer}`, async () => {
      const thread = await interactions.resume(interaction);
      thread.note({ type: 'offer-refused', data: { entry, offer, agent, reason: 'rejected' } });
    });
  }
}
