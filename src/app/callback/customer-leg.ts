// The customer's side of a call-back: dialled behind the gate of outbound calls, and the talk with the agent.
import type { CallResult } from '../../core/interaction/event.js';
import { type Call, causeOfCut, isLegEnded } from '../call/call.js';
import { dial } from '../call/dial.js';
import type { DialOutcome, Leg, LegEnd } from '../ports.js';
import { noteQuality } from '../record/leg-quality.js';
import { writeTalkWords } from '../survivors/talk-words.js';
import type { TalkSide } from '../talk/side.js';
import {
  type CallbackCallPorts,
  type CustomerCall,
  freeAgent,
  type RunEnd,
  type RungLeg,
  type Standing,
} from './run.js';

/** So long the customer's phone may ring. */
export const CUSTOMER_RING_MS = 30_000;

/** While the customer is on hold, where no queue has its own. */
const MUSIC = 'moh';

/** Of the reasons why they did not meet, those for which the customer had answered. */
const OUR_FAULT: ReadonlySet<string> = new Set(['bridge-failed', 'media-failed']);

export interface DialCustomer {
  /** With whom the record says that the attempt is. */
  readonly agent: string;
  readonly signal: AbortSignal;
  readonly beside?: Leg;
}

export class CustomerLegs {
  readonly #ports: CallbackCallPorts;
  readonly #end: RunEnd;

  constructor(ports: CallbackCallPorts, end: RunEnd) {
    this.#ports = ports;
    this.#end = end;
  }

  /** The customer's leg; undefined: not reached, which is told. `withdrawn`: why nobody waits any more for the ringing. */
  async dial(run: CustomerCall, request: DialCustomer, withdrawn: () => string): Promise<Leg | undefined> {
    const { guard, node } = this.#ports;
    const { thread, segment, number, callback } = run;
    const clearance = await guard.clear(number, 'callback');
    if (!clearance.allowed) {
      // A cap or an outage is over one day: tried again, like a customer who is busy.
      await this.#end.failed(thread, guard.permits(number).allowed ? clearance.reason : 'not-allowed');
      return undefined;
    }
    const { number: to } = clearance;
    const { agent } = request;
    const promised = callback === undefined ? {} : { callback: callback.id };
    thread.note({ type: 'call-dialled', data: { segment, to, purpose: 'callback', node, ...promised, agent } });
    const outcome = await this.#dial(run, to, request);
    if (outcome.kind !== 'answered') {
      const reason = outcome.kind === 'failed' ? outcome.reason : withdrawn();
      await this.notReached(run, reason, { by: 'hilo', reason });
      return undefined;
    }
    const { leg } = outcome;
    thread.note({ type: 'call-answered', data: { segment, callId: leg.callId } });
    noteQuality(run, 'customer', leg);
    return leg;
  }

  /** The attempt is over without a talk; `end`: of the customer's call. */
  async notReached(run: CustomerCall, reason: string, end: LegEnd): Promise<void> {
    this.ended(run, end, OUR_FAULT.has(reason) ? 'failed' : 'no-answer', 0);
    await this.#end.failed(run.thread, reason);
  }

  ended(run: CustomerCall, { by, reason }: LegEnd, result: CallResult, talkedMs: number): void {
    run.thread.note({ type: 'call-ended', data: { segment: run.segment, by, result, reason, talkedMs } });
  }

  /** Both on the line, until the talk is over. True when they talked. */
  async talk(
    run: CustomerCall,
    standing: Standing,
    agent: RungLeg & { readonly agent: string },
    customer: Leg,
  ): Promise<boolean> {
    const { thread, segment, queue } = run;
    const call = this.callOf(run, customer);
    const { entry, waitedMs } = standing;
    const inQueue = queue === undefined ? {} : { queue: queue.name };
    try {
      await agent.leg.silence();
      const words = { interaction: thread.id, segment, entry, agent: agent.agent, ...inQueue };
      await customer.bridge(agent.leg, writeTalkWords(words));
    } catch (error) {
      if (!isLegEnded(error)) this.#ports.log.error({ err: error, interaction: thread.id }, 'call-back not bridged');
      await customer.hangUp({ by: 'hilo', reason: 'bridge-failed' });
      await this.notReached(run, 'bridge-failed', { by: 'hilo', reason: 'bridge-failed' });
      return false;
    }
    thread.note({
      type: 'connected',
      data: { segment, entry, agent: agent.agent, device: agent.device, waitedMs },
    });
    standing.leave('connected');
    const reached = this.#reachedLater(run);
    const side: TalkSide = {
      ...{ entry, leg: agent.leg, device: agent.device, ...inQueue },
      party: { kind: 'agent', name: agent.agent },
      release: (served) => freeAgent(this.#ports, run, entry, agent.agent, served),
    };
    const { record = false, music = MUSIC } = queue ?? {};
    const end = await this.#ports.conversing.talk(call, side, { record, music });
    if (call.sentOn !== undefined) {
      reached.now();
      await this.#sentOn(run, call);
      return true;
    }
    if (end.by === 'network') {
      reached.now();
      await this.#cutOff(run, call, end);
      return true;
    }
    // When the customer's leg is still up, it was the agent who hung up; we ourselves do it for a supervisor.
    const by = end.by === 'hilo' ? end.by : customer.ended.aborted ? 'customer' : 'agent';
    if (!customer.ended.aborted) await customer.hangUp({ by, reason: 'other-side-hung-up' });
    if (by === 'agent' && !reached.yet()) {
      // The agent met a machine and hung up at once.
      await this.notReached(run, 'machine', { by, reason: 'machine' });
      return true;
    }
    reached.now();
    this.ended(run, { ...end, by }, 'served', call.talkedMs);
    if (thread.state.state === 'idle') thread.note({ type: 'interaction-closed', data: { reason: 'served' } });
    return true;
  }

  callOf(run: CustomerCall, leg: Leg): Call {
    const { thread, segment, number, callback, queue } = run;
    const language = thread.state.language ?? this.#ports.centre().defaultLanguage;
    return {
      ...{ thread, segment, leg, language },
      from: number,
      fromName: '',
      to: '',
      phase: { phase: 'flow' },
      seniorityMs: callback?.seniorityMs,
      lastQueue: callback?.queue ?? queue?.name,
      talkedMs: 0,
      visited: [],
    };
  }

  /**
   * The promise is kept when they talk; agent first, a queue may want a talk of some length, because a machine answers
   * too: its greeting cannot be told from a person's by the sound alone with any certainty.
   */
  #reachedLater(run: CustomerCall): { yet(): boolean; now(): void } {
    const { thread, callback } = run;
    if (callback === undefined) return { yet: () => true, now: () => undefined };
    const { first = 'agent', reachedAfterMs = 0 } = run.queue?.callbacks ?? {};
    let told = false;
    const now = (): void => {
      timer?.cancel();
      if (told) return;
      told = true;
      const data = { callback: callback.id, result: 'connected', reason: 'talked' } as const;
      thread.note({ type: 'callback-ended', data });
    };
    const waits = first === 'agent' && reachedAfterMs > 0;
    const timer = waits ? this.#ports.clock.after(reachedAfterMs, now) : undefined;
    if (!waits) now();
    return {
      yet: () => told,
      now: () => now(),
    };
  }

  /** With somebody else, or waiting for them: one call to its end. */
  async #sentOn(run: CustomerCall, call: Call): Promise<void> {
    const { result, ...end } = await this.#end.onward(call);
    if (!call.leg.ended.aborted) await call.leg.hangUp({ by: end.by, reason: end.reason });
    this.ended(run, end, result, call.talkedMs);
    if (result === 'abandoned' || result === 'failed') this.#end.lost(call);
  }

  /** The talk ended by a fault: the customer is owed what every other is whose talk was cut off. */
  async #cutOff(run: CustomerCall, call: Call, end: LegEnd): Promise<void> {
    const reason = call.leg.ended.aborted ? end.reason : causeOfCut(end);
    if (!call.leg.ended.aborted) await call.leg.hangUp({ by: 'network', reason });
    this.ended(run, { by: 'network', reason }, 'failed', call.talkedMs);
    this.#end.lost(call);
  }

  async #dial(run: CustomerCall, number: string, { signal, beside }: DialCustomer): Promise<DialOutcome> {
    const { telephony, centre, trunkHealth, log } = this.#ports;
    const [trunk] = centre().trunks;
    if (trunk === undefined) return { kind: 'failed', reason: 'unreachable' };
    const outcome = await dial(
      telephony,
      {
        targets: [{ kind: 'number', number, trunk: trunk.name }],
        order: 'together',
        ringMs: CUSTOMER_RING_MS,
        from: { number: trunk.callerId, name: centre().name },
        interaction: run.thread.id,
        headers: {},
        signal,
        ...(beside === undefined ? {} : { beside }),
      },
      log,
    );
    trunkHealth.note(trunk.name, outcome);
    return outcome;
  }
}
