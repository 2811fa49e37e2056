// Brings somebody else to a talk: a colleague at one of their phones, or an outside number that may be called.
import type { Centre } from '../../core/routing/centre.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import { dial } from '../call/dial.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import type { AgentRinging, Rung } from '../call/ring-agent.js';
import { HiloError } from '../errors.js';
import type { Agents } from '../floor/agents.js';
import type { WrapUps } from '../floor/wrap-ups.js';
import type { Leg, Telephony } from '../ports.js';
import { noteQuality } from '../record/leg-quality.js';
import { type Handover, handoverHeaders, type TalkSide } from './side.js';

/** They were asked for by somebody who waits. */
export const COLLEAGUE_RING_MS = 30_000;

export type Colleague =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'number'; readonly number: string };

export interface ColleaguesPorts {
  readonly telephony: Telephony;
  readonly centre: () => Centre;
  readonly agents: Agents;
  readonly wrapUps: WrapUps;
  readonly ringing: AgentRinging;
  readonly guard: OutboundGuard;
  readonly node: string;
  readonly ids: Ids;
  readonly log: Log;
}

export interface ReachRequest {
  readonly call: Call;
  readonly who: Colleague;
  /** The leg they are going to talk with first. */
  readonly beside: Leg;
  readonly handover: Handover;
  /** Queue of the talk: its wrap-up follows for who takes the customer. */
  readonly queue: string | undefined;
  readonly signal: AbortSignal;
}

export type Reached =
  | { readonly kind: 'there'; readonly side: TalkSide }
  | { readonly kind: 'not-there'; readonly reason: string };

export class Colleagues {
  constructor(private readonly ports: ColleaguesPorts) {}

  /** Throws HiloError `not-found`, `not-allowed` (number), or `wrong-state` (no phone, in a call). */
  check(who: Colleague): void {
    const { centre, agents, ringing, guard } = this.ports;
    if (who.kind === 'number') {
      const { allowed, ...why } = guard.permits(who.number);
      if (!allowed)
        throw new HiloError('not-allowed', `${who.number} may not be called: ${'reason' in why ? why.reason : ''}`);
      return;
    }
    if (!centre().agents.has(who.agent)) throw new HiloError('not-found', `there is no agent ${who.agent}`);
    const { state } = agents.presence(who.agent);
    if (!ringing.reachable(who.agent)) throw new HiloError('wrong-state', `${who.agent} has no phone now`);
    if (state === 'busy' || state === 'ringing') throw new HiloError('wrong-state', `${who.agent} is ${state}`);
  }

  async reach(request: ReachRequest): Promise<Reached> {
    return request.who.kind === 'agent'
      ? this.#agent(request, request.who.agent)
      : this.#number(request, request.who.number);
  }

  /** From the moment they answer they are busy on all their devices. */
  async #agent(request: ReachRequest, agent: string): Promise<Reached> {
    const { ringing, wrapUps, ids, node } = this.ports;
    const { call, beside, signal, handover, queue } = request;
    const headers = handoverHeaders(handover);
    const rung: Rung = await ringing.direct(call, agent, COLLEAGUE_RING_MS, { beside, signal, headers });
    if (rung.kind !== 'answered') return notThere(rung);
    const { leg, device } = rung;
    const entry = ids.uuid();
    const interaction = call.thread.id;
    const direct = { type: 'connected-outside', interaction, entry, node, why: 'direct-call' } as const;
    if (!(await this.#isFree(agent, direct))) {
      await leg.hangUp({ by: 'hilo', reason: 'agent-took-another-call' });
      return { kind: 'not-there', reason: 'busy' };
    }
    noteQuality(call, 'other-side', leg);
    const release = once((servedCustomer) => wrapUps.callEnded(call, { agent, entry, queue, servedCustomer }));
    const side: TalkSide = { leg, device, entry, release, party: { kind: 'agent', name: agent } };
    return { kind: 'there', side: queue === undefined ? side : { ...side, queue } };
  }

  async #isFree(agent: string, direct: Parameters<Agents['apply']>[1]): Promise<boolean> {
    try {
      return (await this.ports.agents.apply(agent, direct)).ok;
    } catch (error) {
      this.ports.log.error({ err: error, agent }, 'a colleague who answered could not be marked as busy');
      return false;
    }
  }

  /** An outside number is a call of its own in the record. */
  async #number(request: ReachRequest, asked: string): Promise<Reached> {
    const { guard, telephony, centre, ids, node, log } = this.ports;
    const { call, beside, signal } = request;
    const clearance = await guard.clear(asked, 'forward');
    const [trunk] = centre().trunks;
    if (!clearance.allowed) return { kind: 'not-there', reason: clearance.reason };
    if (trunk === undefined) return { kind: 'not-there', reason: 'no-trunk' };
    const { thread } = call;
    const { number } = clearance;
    const segment = ids.uuid();
    thread.note({ type: 'call-dialled', data: { segment, to: number, purpose: 'forward', node } });
    const outcome = await dial(
      telephony,
      {
        targets: [{ kind: 'number', number, trunk: trunk.name }],
        order: 'together',
        ringMs: COLLEAGUE_RING_MS,
        from: { number: trunk.callerId, name: '' },
        interaction: thread.id,
        headers: {},
        signal,
        beside,
      },
      log,
    );
    const ended = (result: 'forwarded' | 'no-answer', reason: string): void => {
      thread.note({ type: 'call-ended', data: { segment, by: 'hilo', result, reason, talkedMs: 0 } });
    };
    if (outcome.kind !== 'answered') {
      const why = notThere(outcome);
      ended('no-answer', why.reason);
      return why;
    }
    const { leg } = outcome;
    thread.note({ type: 'call-answered', data: { segment, callId: leg.callId } });
    const release = once(() => ended('forwarded', 'hung-up'));
    return {
      kind: 'there',
      side: { leg, device: number, entry: segment, release, party: { kind: 'number', name: number } },
    };
  }
}

function notThere(rung: { readonly kind: 'failed'; readonly reason: string } | { readonly kind: 'withdrawn' }): {
  readonly kind: 'not-there';
  readonly reason: string;
} {
  return { kind: 'not-there', reason: rung.kind === 'failed' ? rung.reason : 'cancelled' };
}

function once(action: (servedCustomer: boolean) => void): (servedCustomer: boolean) => void {
  let done = false;
  return (servedCustomer) => {
    if (done) return;
    done = true;
    action(servedCustomer);
  };
}
