// Call forwarding: a caller is taken to an agent or an outside number, following the rules of whoever is not there.
import type { Destination } from '../../core/acd/queue.js';
import type { CallResult, RefusalReason } from '../../core/interaction/event.js';
import type { ForwardTarget } from '../../core/ivr/ask.js';
import type { Centre, NumberConfig } from '../../core/routing/centre.js';
import {
  type ForwardDecision,
  type ForwardMoment,
  type ForwardPlace,
  placeName,
  resolveForward,
} from '../../core/routing/forwarding.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Agents } from '../floor/agents.js';
import type { DialOutcome, DialRequest, Leg, Telephony } from '../ports.js';
import { writeTalkWords } from '../survivors/talk-words.js';
import { type Call, isLegEnded, legEnded } from './call.js';
import { dial } from './dial.js';
import type { OutboundGuard } from './outbound-guard.js';
import type { AgentRinging } from './ring-agent.js';
import type { Conversing } from './talk.js';

const RING_MS = 25_000;
const MUSIC = 'moh';

export interface ForwardingPorts {
  readonly telephony: Telephony;
  readonly centre: () => Centre;
  readonly agents: Agents;
  readonly ringing: AgentRinging;
  readonly conversing: Conversing;
  readonly guard: OutboundGuard;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** `onTo`: a rule sends the call on to a place that is not an agent or number. */
export type ForwardResult = ForwardOutcome | { readonly onTo: Destination; readonly rule: string };

export type ForwardOutcome = {
  readonly outcome: 'connected' | 'failed' | 'refused';
  readonly reason: string;
  /** Whom the caller talked to. */
  readonly party?: 'agent' | 'number';
};

interface Trail {
  readonly places: string[];
  /** The number of ours that was dialled, if its owner is being rung: its rules come before the agent's own. */
  readonly dialled?: ForwardPlace;
  readonly rule: string;
  readonly ringMs: number;
}

export class Forwarding {
  constructor(private readonly ports: ForwardingPorts) {}

  /** Rejects with HiloError `leg-ended` when the caller hangs up while it rings. */
  async forward(
    call: Call,
    to: Exclude<ForwardTarget, { kind: 'queue' }>,
    options: { readonly rule: string; readonly ringMs?: number },
  ): Promise<ForwardResult> {
    const trail: Trail = { places: [], rule: options.rule, ringMs: options.ringMs ?? RING_MS };
    return inPhase(call, () => this.#follow(call, to, 'arrived', trail));
  }

  /** A number of ours that was dialled: its rules, then the agent whose it is. undefined: go on to where it leads. */
  async ofNumber(call: Call, number: NumberConfig): Promise<ForwardResult | undefined> {
    const dialled: ForwardPlace = { kind: 'number', number: number.number };
    const trail: Trail = { places: [], dialled, rule: 'dialled', ringMs: RING_MS };
    const decision = this.#decide(call, dialled, 'arrived', trail);
    if (decision.kind !== 'stay' || decision.forwards.length > 0)
      return inPhase(call, () => this.#carryOut(call, decision, 'arrived', trail));
    if (number.entry.kind !== 'agent') return undefined;
    const { agent } = number.entry;
    return inPhase(call, () => this.#follow(call, { kind: 'agent', agent }, 'arrived', trail));
  }

  async #follow(call: Call, place: ForwardPlace, moment: ForwardMoment, trail: Trail): Promise<ForwardResult> {
    return this.#carryOut(call, this.#decide(call, place, moment, trail), moment, trail);
  }

  async #carryOut(call: Call, decision: ForwardDecision, moment: ForwardMoment, trail: Trail): Promise<ForwardResult> {
    if (decision.kind === 'refused') return { outcome: 'refused', reason: decision.reason };
    const last = decision.forwards.at(-1);
    if (decision.kind === 'to') {
      if (decision.destination.kind !== 'number') return { onTo: decision.destination, rule: last?.rule ?? trail.rule };
      return this.#number(call, decision.destination.number, trail);
    }
    // Nothing more to try behind a place that has rung already.
    if (moment !== 'arrived' && last === undefined) return { outcome: 'failed', reason: moment };
    if (decision.place.kind === 'number') return this.#number(call, decision.place.number, trail);
    return this.#agent(call, decision.place.agent, trail);
  }

  #decide(call: Call, place: ForwardPlace, moment: ForwardMoment, trail: Trail): ForwardDecision {
    const decision = resolveForward({
      centre: this.ports.centre(),
      place,
      moment,
      trail: trail.places,
      reachOf: (agent) => this.#reachOf(agent),
    });
    const { segment } = call;
    for (const { from, to, rule } of decision.forwards) {
      trail.places.push(from, to);
      call.thread.note({ type: 'forwarded', data: { segment, from, to, rule } });
    }
    if (decision.kind === 'refused') {
      const { reason } = decision;
      const from = trail.places.at(-1) ?? trail.rule;
      call.thread.note({ type: 'forward-refused', data: { segment, from, to: placeName(place), reason } });
    }
    return decision;
  }

  async #agent(call: Call, agent: string, trail: Trail): Promise<ForwardResult> {
    const reach = this.#reachOf(agent);
    if (reach !== 'ready') return this.#missed(call, agent, reach, trail);
    const { ringing, agents, ids, node } = this.ports;
    const entry = ids.uuid();
    const outcome = await this.#whileMusic(call, () => ringing.direct(call, agent, trail.ringMs));
    if (outcome.kind === 'withdrawn') return { outcome: 'failed', reason: 'caller-hung-up' };
    if (outcome.kind === 'failed') {
      const moment = momentOf(outcome.reason);
      return this.#missed(call, agent, moment, trail);
    }
    const { id: interaction } = call.thread;
    const direct = { type: 'connected-outside', interaction, entry, node, why: 'direct-call' } as const;
    const taken = await agents.apply(agent, direct);
    if (!taken.ok) {
      await outcome.leg.hangUp({ by: 'hilo', reason: 'agent-took-another-call' });
      return this.#missed(call, agent, 'busy', trail);
    }
    // By the talk, when it is over for the agent: somebody else's may go on with them.
    const release = (): void => agents.callEnded(agent, entry, 0);
    return this.#talk(call, outcome.leg, { entry, agent, device: outcome.device }, release);
  }

  /** The agent could not be had: the dialled number's rule for that, else the agent's own. */
  async #missed(call: Call, agent: string, moment: ForwardMoment, trail: Trail): Promise<ForwardResult> {
    const { dialled, ...rest } = trail;
    const decision = dialled && this.#decide(call, dialled, moment, trail);
    if (decision && decision.forwards.length > 0) return this.#carryOut(call, decision, moment, rest);
    return this.#follow(call, { kind: 'agent', agent }, moment, rest);
  }

  async #number(call: Call, number: string, trail: Trail): Promise<ForwardResult> {
    const { guard, telephony, centre, ids, node } = this.ports;
    const clearance = await guard.clear(number, 'forward');
    const { segment, thread } = call;
    if (!clearance.allowed) {
      const { reason } = clearance;
      thread.note({ type: 'forward-refused', data: { segment, from: trail.rule, to: number, reason } });
      return { outcome: 'refused', reason };
    }
    const [trunk] = centre().trunks;
    if (trunk === undefined) return { outcome: 'failed', reason: 'no-trunk' };
    const outward = ids.uuid();
    const request: DialRequest = {
      targets: [{ kind: 'number', number: clearance.number, trunk: trunk.name }],
      order: 'together',
      ringMs: trail.ringMs,
      from: { number: call.from === '' ? trunk.callerId : call.from, name: call.fromName },
      interaction: thread.id,
      headers: {},
      signal: call.leg.ended,
      beside: call.leg,
    };
    const outcome = await this.#whileMusic(call, () => {
      const data = { segment: outward, to: clearance.number, purpose: 'forward', node } as const;
      thread.note({ type: 'call-dialled', data });
      return dial(telephony, request, this.ports.log);
    });
    return this.#outward(call, outward, clearance.number, outcome);
  }

  async #outward(call: Call, segment: string, number: string, outcome: DialOutcome): Promise<ForwardResult> {
    const { thread } = call;
    if (outcome.kind !== 'answered') {
      const reason = outcome.kind === 'failed' ? outcome.reason : 'caller-hung-up';
      thread.note({ type: 'call-ended', data: { segment, by: 'hilo', result: 'no-answer', reason, talkedMs: 0 } });
      return { outcome: 'failed', reason };
    }
    thread.note({ type: 'call-answered', data: { segment, callId: outcome.leg.callId } });
    const before = call.talkedMs;
    let [result, reason]: [CallResult, string] = ['failed', 'bridge-failed'];
    try {
      const talked = await this.#talk(call, outcome.leg, { entry: segment, agent: number, device: number });
      if (talked.outcome === 'connected') [result, reason] = ['forwarded', 'hung-up'];
      return talked;
    } finally {
      const by = call.leg.ended.aborted ? 'customer' : 'agent';
      const talkedMs = call.talkedMs - before;
      thread.note({ type: 'call-ended', data: { segment, by, result, reason, talkedMs } });
    }
  }

  async #talk(
    call: Call,
    other: Leg,
    party: { entry: string; agent: string; device: string },
    release: () => void = () => undefined,
  ): Promise<ForwardOutcome> {
    try {
      const { agent, device, entry } = party;
      const from = call.fromAgent === undefined ? {} : { fromAgent: call.fromAgent };
      const words = { interaction: call.thread.id, segment: call.segment, entry, ...from };
      // An outside number is its own device; nobody's presence hangs on it.
      await call.leg.bridge(other, writeTalkWords(agent === device ? words : { ...words, agent }));
    } catch (error) {
      await other.hangUp({ by: 'hilo', reason: 'bridge-failed' });
      release();
      if (isLegEnded(error) && call.leg.ended.aborted) throw error;
      this.ports.log.warn({ err: error, interaction: call.thread.id }, 'forwarded call could not be bridged');
      return { outcome: 'failed', reason: 'bridge-failed' };
    }
    call.thread.note({ type: 'connected', data: { segment: call.segment, ...party, waitedMs: 0 } });
    const { agent: name, device, entry } = party;
    const kind = name === device ? 'number' : 'agent';
    const side = { leg: other, device, entry, release, party: { kind, name } } as const;
    await this.ports.conversing.talk(call, side, { record: false });
    return { outcome: 'connected', reason: 'talked', party: kind };
  }

  /** The caller hears music while somebody else's phone rings. */
  async #whileMusic<T>(call: Call, ring: () => Promise<T>): Promise<T> {
    await call.leg.startMusic(MUSIC);
    try {
      return await ring();
    } finally {
      await call.leg.silence().catch((error: unknown) => {
        if (!isLegEnded(error)) this.ports.log.warn({ err: error, interaction: call.thread.id }, 'music goes on');
      });
    }
  }

  #reachOf(agent: string): 'ready' | 'busy' | 'unregistered' {
    const { state } = this.ports.agents.presence(agent);
    if (!this.ports.ringing.reachable(agent)) return 'unregistered';
    return state === 'busy' || state === 'ringing' || state === 'wrap-up' ? 'busy' : 'ready';
  }
}

/** The caller's phase while somebody else is rung. */
async function inPhase(call: Call, action: () => Promise<ForwardResult>): Promise<ForwardResult> {
  const before = call.phase;
  call.phase = { phase: 'forwarding' };
  const result = await action();
  if (call.phase.phase !== 'forwarding') return result;
  if (call.leg.ended.aborted) throw legEnded(call.leg);
  call.phase = before;
  return result;
}

function momentOf(reason: RefusalReason): ForwardMoment {
  if (reason === 'busy') return 'busy';
  return reason === 'not-registered' ? 'unregistered' : 'no-answer';
}
