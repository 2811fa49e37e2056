// Agents who call in from devices of their own: busy as long as it lasts, whatever else begins and ends beside it.

import { agentTransition } from '../../core/acd/agent-transition.js';
import { entryTransition } from '../../core/acd/entry-transition.js';
import type { Clock } from '../../lib/clock.js';
import type { Eventually } from '../eventually.js';
import type { Agents } from './agents.js';
import type { LiveState, Wish } from './live-state.js';

export interface OwnCallsPorts {
  readonly live: LiveState;
  readonly agents: Agents;
  readonly eventually: Eventually;
  readonly node: string;
  readonly clock: Clock;
}

interface OwnCall {
  readonly segment: string;
  readonly interaction: string;
}

export class OwnCalls {
  readonly #ports: OwnCallsPorts;
  /** Calls of this node that go on, by agent; the presence names one of them. */
  readonly #calls = new Map<string, Set<OwnCall>>();

  constructor(ports: OwnCallsPorts) {
    this.#ports = ports;
    ports.live.onChange(({ kind, id }) => {
      // Another call of theirs is over, or they came back from a break: still on the line.
      if (kind === 'agent' && this.#calls.has(id) && this.#isOpenToOffers(id)) this.#occupy(id);
    });
  }

  /** The agent is busy from now on, even if the live store has to come back for it; what is returned ends it, once. */
  began(agent: string, call: OwnCall): () => void {
    const calls = this.#calls.get(agent) ?? new Set();
    this.#calls.set(agent, calls.add(call));
    this.#occupy(agent);
    return () => {
      if (!calls.delete(call)) return;
      if (calls.size === 0) this.#calls.delete(agent);
      this.#ports.agents.callEnded(agent, call.segment, 0);
    };
  }

  /** On a call of their own now. */
  has(agent: string): boolean {
    return this.#calls.has(agent);
  }

  #isOpenToOffers(agent: string): boolean {
    const { state } = this.#ports.agents.presence(agent);
    return state === 'available' || state === 'ringing';
  }

  #occupy(agent: string): void {
    const { eventually, live, agents } = this.#ports;
    const [call] = this.#calls.get(agent) ?? [];
    if (call === undefined) return;
    eventually.do(`${agent} is on a call of their own`, async () => {
      await live.change(() => (this.#goesOn(agent, call) ? this.#occupied(agent, call) : undefined));
      // Over while that was on its way: the end found nobody to free.
      if (!this.#goesOn(agent, call)) agents.callEnded(agent, call.segment, 0);
    });
  }

  #goesOn(agent: string, call: OwnCall): boolean {
    return this.#calls.get(agent)?.has(call) === true;
  }

  /** An offer that rings beside it goes back to its place, at no cost: nobody talks twice at once. */
  #occupied(agent: string, { segment: entry, interaction }: OwnCall): readonly Wish[] | undefined {
    const { live, agents, clock, node } = this.#ports;
    const nowMs = clock.nowMs();
    const wishes: Wish[] = [];
    let presence = agents.presence(agent);
    if (presence.state === 'ringing') {
      const { offer, entry: id } = presence;
      const offered = live.entry(id);
      const back = offered && entryTransition(offered, { type: 'withdrawn', offer }, nowMs);
      if (back?.ok) wishes.push({ kind: 'entry', id, value: back.next });
      const freed = agentTransition(presence, { type: 'withdrawn', offer }, nowMs);
      if (freed.ok) presence = freed.next;
    }
    const own = { type: 'connected-outside', interaction, entry, node, why: 'own-call' } as const;
    const busy = agentTransition(presence, own, nowMs);
    return busy.ok ? [...wishes, { kind: 'agent', id: agent, value: busy.next }] : undefined;
  }
}
