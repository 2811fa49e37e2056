// A call-back: waits in its queue at the place of the first wait, wins an agent, then dials the customer.

import type { Offer } from '../../core/acd/entry.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import type { CallbackRule } from '../../core/callback/callback.js';
import { decideCallback } from '../../core/callback/callback.js';
import type { PromisedCallback } from '../../core/interaction/callback.js';
import type { CallResult } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { type Call, causeOfCut, isLegEnded } from '../call/call.js';
import { dial } from '../call/dial.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import type { AgentRinging } from '../call/ring-agent.js';
import type { Conversing } from '../call/talk.js';
import type { TrunkHealth } from '../call/trunk-health.js';
import type { Eventually } from '../eventually.js';
import type { Agents } from '../floor/agents.js';
import type { Queueing, Waiting } from '../floor/queueing.js';
import type { DialOutcome, DialRequest, Leg, LegEnd, Telephony } from '../ports.js';
import { noteQuality } from '../record/leg-quality.js';
import type { Thread } from '../record/thread.js';
import type { Speech } from '../speech.js';
import { writeTalkWords } from '../survivors/talk-words.js';
import type { Writing } from '../writing/writing.js';

/** So long the customer's phone may ring. */
const CUSTOMER_RING_MS = 30_000;

export interface CallbackCallPorts {
  readonly telephony: Telephony;
  readonly centre: () => Centre;
  readonly queueing: Queueing;
  readonly agents: Agents;
  readonly ringing: AgentRinging;
  readonly conversing: Conversing;
  readonly writing: Writing;
  readonly guard: OutboundGuard;
  readonly speech: Speech;
  readonly trunkHealth: TrunkHealth;
  readonly eventually: Eventually;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** One run: from the alarm to the end of this attempt. */
interface Run {
  readonly thread: Thread;
  readonly callback: PromisedCallback;
  readonly queue: QueueConfig;
  readonly rule: CallbackRule;
  readonly segment: string;
  readonly stop: AbortController;
}

export class CallbackCalls {
  readonly #ports: CallbackCallPorts;
  readonly #running = new Map<string, Run>();
  #failed: (thread: Thread, reason: string) => Promise<void> = async () => undefined;
  #held: (thread: Thread, callback: PromisedCallback, untilMs: number) => void = () => undefined;
  #lost: (call: Call) => void = () => undefined;

  constructor(ports: CallbackCallPorts) {
    this.#ports = ports;
  }

  /** Told once per attempt that did not bring them together. */
  onFailed(listener: (thread: Thread, reason: string) => Promise<void>): void {
    this.#failed = listener;
  }

  /** Told when an attempt did not begin because customers may not be called now, or cannot: it is due again then. */
  onHeld(listener: (thread: Thread, callback: PromisedCallback, untilMs: number) => void): void {
    this.#held = listener;
  }

  /** Told of a talk that was cut off by a fault, when its end is in the record. */
  onLost(listener: (call: Call) => void): void {
    this.#lost = listener;
  }

  isRunning(interaction: string): boolean {
    return this.#running.has(interaction);
  }

  get live(): number {
    return this.#running.size;
  }

  /** Starts a run unless one is on its way already. */
  begin(thread: Thread, callback: PromisedCallback, rule: CallbackRule): void {
    if (this.#running.has(thread.id)) return;
    const queue = this.#ports.centre().queues.get(callback.queue);
    if (queue === undefined) {
      this.#ports.log.error({ interaction: thread.id, queue: callback.queue }, 'call-back to a queue that is gone');
      return;
    }
    const segment = this.#ports.ids.uuid();
    const run: Run = { thread, callback, queue, rule, segment, stop: new AbortController() };
    this.#running.set(thread.id, run);
    this.#attempt(run)
      .catch((error: unknown) => this.#ports.log.error({ err: error, interaction: thread.id }, 'call-back failed'))
      .finally(() => this.#running.delete(thread.id));
  }

  /** The promise is settled otherwise: a waiting run leaves its queue, a ringing one is cancelled. */
  stop(interaction: string): void {
    this.#running.get(interaction)?.stop.abort();
  }

  async #attempt(run: Run): Promise<void> {
    const { thread, segment, callback } = run;
    const { queue, priority, seniorityMs } = callback;
    const waiting = await this.#ports.queueing.join(thread, segment, {
      kind: 'callback',
      queue,
      priority,
      seniorityMs,
    });
    const superseded = (): void => waiting.leave('superseded');
    run.stop.signal.addEventListener('abort', superseded, { once: true });
    try {
      for (;;) {
        const offer = await nextOffer(waiting, run.stop.signal);
        if (offer === undefined) return;
        const untilMs = this.heldUntilMs(run.rule);
        if (untilMs !== undefined) {
          waiting.leave('held');
          this.#held(thread, callback, untilMs);
          return;
        }
        const agentLeg = await this.#ring(run, waiting, offer);
        if (agentLeg === undefined) continue;
        await this.#withAgent(run, waiting, offer, agentLeg);
        return;
      }
    } finally {
      run.stop.signal.removeEventListener('abort', superseded);
      waiting.leave('superseded');
    }
  }

  /** Unix ms; undefined: now. Not past closing time, and not while the trunk is dead: no agent is rung for that. */
  heldUntilMs(rule: CallbackRule): number | undefined {
    const { clock, centre, trunkHealth } = this.#ports;
    const nowMs = clock.nowMs();
    const [trunk] = centre().trunks;
    const pauseMs = trunk === undefined ? 0 : trunkHealth.pauseMs(trunk.name);
    const untilMs = rule.nextOpenMs(nowMs + pauseMs);
    return untilMs > nowMs ? untilMs : undefined;
  }

  async #ring(run: Run, waiting: Waiting, offer: Offer): Promise<{ leg: Leg; device: string } | undefined> {
    const { thread, queue, callback } = run;
    const rung = await this.#ports.ringing.ring({
      entry: waiting.entry,
      offer,
      queue,
      from: { number: callback.number, name: `Hilo ${thread.state.reference}` },
      reference: thread.state.reference,
      interaction: thread.id,
      customer: run.stop.signal,
    });
    if (rung.kind === 'withdrawn') return undefined;
    if (rung.kind === 'failed') {
      waiting.refuse(offer, rung.reason, rung.sipStatus);
      return undefined;
    }
    try {
      if (await waiting.accept(offer)) return rung;
    } catch (error) {
      this.#ports.log.error({ err: error, offer: offer.id }, 'acceptance could not be committed');
      waiting.giveBack(offer, 'unreachable');
    }
    await rung.leg.hangUp({ by: 'hilo', reason: 'offer-gone' });
    return undefined;
  }

  /** The agent is there: now the customer is dialled; the agent is freed however it ends. */
  async #withAgent(run: Run, waiting: Waiting, offer: Offer, agent: { leg: Leg; device: string }): Promise<void> {
    const { thread, queue } = run;
    let talked = false;
    try {
      const begun = decideCallback(
        thread.state.callback,
        { type: 'attempt', agent: offer.agent },
        run.rule,
        this.#ports.clock.nowMs(),
      );
      if (!begun.ok) return;
      await thread.record(...begun.events);
      // Not before: until now the entry is what tells other nodes that this call-back is under way.
      waiting.leave('connected');
      talked = await this.#dialCustomer(run, waiting, offer, agent);
    } finally {
      const { segment } = run;
      const { entry } = waiting;
      await agent.leg.hangUp({ by: 'hilo', reason: talked ? 'other-side-hung-up' : 'customer-not-reached' });
      this.#ports.agents.callEnded(offer.agent, entry, talked ? queue.wrapUpMs : 0, (wrapUpMs) => {
        thread.note({ type: 'wrapped-up', data: { segment, entry, agent: offer.agent, wrapUpMs } });
      });
    }
  }

  async #dialCustomer(run: Run, waiting: Waiting, offer: Offer, agent: { leg: Leg; device: string }): Promise<boolean> {
    const { thread, segment, callback } = run;
    const { guard, node } = this.#ports;
    const clearance = await guard.clear(callback.number, 'callback');
    if (!clearance.allowed) {
      // A cap or an outage is over one day: tried again, like a customer who is busy.
      await this.#failed(thread, guard.permits(callback.number).allowed ? clearance.reason : 'not-allowed');
      return false;
    }
    const to = clearance.number;
    thread.note({
      type: 'call-dialled',
      data: { segment, to, purpose: 'callback', node, callback: callback.id, agent: offer.agent },
    });
    const outcome = await this.#dial(run, to, agent.leg);
    if (outcome.kind !== 'answered') {
      const reason =
        outcome.kind === 'failed' ? outcome.reason : agent.leg.ended.aborted ? 'agent-hung-up' : 'withdrawn';
      this.#ended(run, { by: 'hilo', reason }, 'no-answer', 0);
      await this.#failed(thread, reason);
      return false;
    }
    const { leg } = outcome;
    thread.note({ type: 'call-answered', data: { segment, callId: leg.callId } });
    noteQuality(run, 'customer', leg);
    return this.#talk(run, waiting, offer, leg, agent);
  }

  async #talk(
    run: Run,
    waiting: Waiting,
    offer: Offer,
    customer: Leg,
    agent: { leg: Leg; device: string },
  ): Promise<boolean> {
    const { thread, segment, queue, callback } = run;
    const call = this.#callOf(run, customer);
    this.#ports.writing.began(call);
    try {
      await agent.leg.silence();
      const { entry } = waiting;
      const words = { interaction: thread.id, segment, entry, agent: offer.agent, queue: queue.name };
      await customer.bridge(agent.leg, writeTalkWords(words));
    } catch (error) {
      if (!isLegEnded(error)) this.#ports.log.error({ err: error, interaction: thread.id }, 'call-back not bridged');
      await customer.hangUp({ by: 'hilo', reason: 'bridge-failed' });
      this.#ended(run, { by: 'hilo', reason: 'bridge-failed' }, 'failed', 0);
      await this.#failed(thread, 'bridge-failed');
      return false;
    }
    const { waitedMs } = waiting;
    thread.note(
      {
        type: 'connected',
        data: { segment, entry: waiting.entry, agent: offer.agent, device: agent.device, waitedMs },
      },
      { type: 'callback-ended', data: { callback: callback.id, result: 'connected', reason: 'talked' } },
    );
    const end = await this.#ports.conversing.talk(call, agent.leg, { record: queue.record });
    if (end.by === 'network') {
      await this.#cutOff(run, call, end);
      return true;
    }
    // When the customer's leg is still up, it was the agent who hung up.
    const by = customer.ended.aborted ? 'customer' : 'agent';
    if (!customer.ended.aborted) await customer.hangUp({ by, reason: 'other-side-hung-up' });
    this.#ended(run, { ...end, by }, 'served', call.talkedMs);
    if (thread.state.state === 'idle') thread.note({ type: 'interaction-closed', data: { reason: 'served' } });
    return true;
  }

  /** The talk ended by a fault: the customer is owed what every other is whose talk was cut off. */
  async #cutOff(run: Run, call: Call, end: LegEnd): Promise<void> {
    const reason = call.leg.ended.aborted ? end.reason : causeOfCut(end);
    if (!call.leg.ended.aborted) await call.leg.hangUp({ by: 'network', reason });
    this.#ended(run, { by: 'network', reason }, 'failed', call.talkedMs);
    this.#lost(call);
  }

  async #dial(run: Run, number: string, agentLeg: Leg): Promise<DialOutcome> {
    const { telephony, centre, speech } = this.#ports;
    const [trunk] = centre().trunks;
    if (trunk === undefined) return { kind: 'failed', reason: 'unreachable' };
    const { reference } = run.thread.state;
    const intro = speech
      .paths([speech.canned('callback-agent', centre().defaultLanguage, { reference })])
      .then(async (paths) => {
        if (paths.length > 0) await agentLeg.play(paths);
        await agentLeg.startMusic(run.queue.music);
      })
      .catch((error: unknown) => {
        if (!isLegEnded(error)) this.#ports.log.warn({ err: error }, 'agent waits for the customer in silence');
      });
    const request: DialRequest = {
      targets: [{ kind: 'number', number, trunk: trunk.name }],
      order: 'together',
      ringMs: CUSTOMER_RING_MS,
      from: { number: trunk.callerId, name: centre().name },
      interaction: run.thread.id,
      headers: {},
      signal: AbortSignal.any([agentLeg.ended, run.stop.signal]),
      beside: agentLeg,
    };
    const outcome = await dial(telephony, request, this.#ports.log);
    this.#ports.trunkHealth.note(trunk.name, outcome);
    if (outcome.kind === 'answered') await agentLeg.silence().catch(() => undefined);
    await intro;
    return outcome;
  }

  #ended(run: Run, end: LegEnd, result: CallResult, talkedMs: number): void {
    const { by, reason } = end;
    run.thread.note({ type: 'call-ended', data: { segment: run.segment, by, result, reason, talkedMs } });
  }

  #callOf(run: Run, leg: Leg): Call {
    return {
      thread: run.thread,
      segment: run.segment,
      leg,
      from: run.callback.number,
      fromName: '',
      to: '',
      language: this.#ports.centre().defaultLanguage,
      phase: { phase: 'flow' },
      seniorityMs: run.callback.seniorityMs,
      lastQueue: run.callback.queue,
      talkedMs: 0,
      visited: [],
    };
  }
}

/** Undefined when the run is stopped first. */
function nextOffer(waiting: Waiting, stop: AbortSignal): Promise<Offer | undefined> {
  return new Promise((resolve) => {
    const stopped = (): void => {
      waiting.onOffer(undefined);
      resolve(undefined);
    };
    if (stop.aborted) {
      stopped();
      return;
    }
    stop.addEventListener('abort', stopped, { once: true });
    waiting.onOffer((offer) => {
      stop.removeEventListener('abort', stopped);
      resolve(offer);
    });
  });
}
