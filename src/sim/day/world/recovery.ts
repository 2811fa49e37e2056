// What follows when a simulated caller was not served: a message, its answer, the call-back, or another call.
import type { Entry } from '../../../core/acd/entry.js';
import { joinQueue } from '../../../core/acd/entry-transition.js';
import { type CallbackCommand, type CallbackRule, decideCallback } from '../../../core/callback/callback.js';
import { parseReply } from '../../../core/callback/reply.js';
import { isPromised } from '../../../core/interaction/callback.js';
import type { RecoveryGiven } from '../../../core/interaction/decision/given.js';
import type { LeaveReason } from '../../../core/interaction/event.js';
import { recover } from '../../../core/policy/abandoned-call.js';
import { answerReply } from '../../../core/policy/customer-reply.js';
import type { RecoveryPolicy } from '../../../core/routing/centre.js';
import { nextCallableMs } from '../../../core/routing/opening/customer-hours.js';
import { type Call, type Conversation, NODE } from './call.js';
import type { Caller } from './callers.js';
import { draw } from './chance.js';
import type { Clockwork } from './clockwork.js';
import type { SimulatedFloor } from './floor.js';
import { type Plan, wrapUpMsOf } from './plan.js';
import type { Records, SimulatedThread } from './records.js';

/** Nobody rings more often than this for one matter. */
export const MAX_ATTEMPTS = 10;
/** The customer's phone rings so long before they answer, or before it is given up. */
const CUSTOMER_ANSWERS_MS = 8_000;
const CUSTOMER_RINGS_MS = 30_000;

export interface RecoveryPorts {
  readonly plan: Plan;
  readonly clock: Clockwork;
  readonly floor: SimulatedFloor;
  readonly records: Records;
  readonly id: (prefix: string) => string;
  readonly callAgain: (caller: Caller, attempt: number) => void;
}

interface Dialling {
  readonly thread: SimulatedThread;
  readonly conversation: Conversation;
  readonly agent: string;
  readonly caller: Caller;
  readonly joinedAtMs: number;
}

export class Recovery {
  readonly #ports: RecoveryPorts;
  readonly #policy: RecoveryPolicy;
  /** Customers who wait for a call-back, by the entry that waits for them. */
  readonly #entries = new Map<string, Caller>();
  readonly #lastMessageAtMs = new Map<string, number>();

  constructor(ports: RecoveryPorts) {
    this.#ports = ports;
    const { centre } = ports.plan;
    // Simulated customers have no channel of their own: their messages stay in the house, and always arrive.
    this.#policy = { ...centre.recovery, channel: 'sandbox' };
  }

  /** Throws when no call-back waits with that entry. */
  callerOf(entry: string): Caller {
    const caller = this.#entries.get(entry);
    if (caller === undefined) throw new Error(`nobody waits with ${entry}`);
    return caller;
  }

  /** A message with the offer of a call-back, or none; then perhaps an answer to it, or another call. True: a message went out. */
  notServed(call: Call, cause: 'abandoned' | 'overflow'): boolean {
    const { plan, clock, id } = this.#ports;
    const { caller, thread, segment } = call;
    const lastMessageAtMs = this.#lastMessageAtMs.get(caller.number);
    const recipient = { number: caller.number, consent: 'unknown', language: plan.centre.defaultLanguage } as const;
    const command = recover(
      {
        interaction: thread.state,
        segment,
        cause,
        recipient: lastMessageAtMs === undefined ? recipient : { ...recipient, lastMessageAtMs },
        policy: this.#policy,
        country: plan.centre.country,
        queueTitle: (queue) => queue,
      },
      clock.nowMs,
    );
    const given: RecoveryGiven = {
      ...{ segment, cause, consent: recipient.consent, number: caller.number, centre: plan.centre.revision ?? '' },
      ...(lastMessageAtMs === undefined ? {} : { lastMessageAtMs }),
    };
    if (command.type === 'decline') {
      thread.tell({ type: 'message-declined', data: { purpose: 'callback-offer', reason: command.reason, given } });
      this.callsAgain(call);
      return false;
    }
    this.#lastMessageAtMs.set(caller.number, clock.nowMs);
    const { channel, to, language, text, place } = command;
    const message = id('m');
    const callback = id('cb');
    const data = { segment: message, message, channel, to, purpose: 'callback-offer', text, language } as const;
    thread.tell({ type: 'message-queued', data });
    thread.tell({ type: 'callback-offered', data: { callback, message, queue: place.queue, given } });
    clock.after(this.#policy.offerValidMs, () => this.#decide(thread, callback, { type: 'lapse' }));
    if (caller.random.next() < plan.replies) {
      clock.after(Math.round(draw(plan.replyAfter, caller.random)), () => this.#accepts(thread, caller));
    } else {
      this.callsAgain(call);
    }
    return true;
  }

  /** Promised to the caller on the line. */
  promise({ thread, caller, seniorityMs }: Call, queue: string): boolean {
    const { clock, id, plan } = this.#ports;
    const { nowMs } = clock;
    const priority = plan.centre.queues.get(queue)?.priority ?? 5;
    const place = { number: caller.number, queue, seniorityMs: seniorityMs ?? nowMs, priority, dueAtMs: nowMs };
    const command = { type: 'request', id: id('cb'), ...place, source: 'overflow' } as const;
    const decision = decideCallback(thread.state.callback, command, this.#rule(caller.number), nowMs);
    if (!decision.ok) return false;
    thread.tell(...decision.events);
    this.#waitUntilDue(thread, caller);
    return true;
  }

  /** Some of those who were not served ring again after a while. */
  callsAgain({ caller, attempt }: Call): void {
    const { plan, clock, callAgain } = this.#ports;
    if (attempt >= MAX_ATTEMPTS || caller.random.next() >= plan.redial) return;
    clock.after(Math.round(draw(plan.redialAfter, caller.random)), () => callAgain(caller, attempt + 1));
  }

  giveUp(entry: string, reason: LeaveReason): void {
    const { floor, records, clock } = this.#ports;
    const waiting = floor.entries.get(entry);
    if (waiting === undefined) return;
    floor.leave(entry, reason);
    this.#entries.delete(entry);
    const { queue, interaction, joinedAtMs } = waiting;
    const waitedMs = clock.nowMs - joinedAtMs;
    records.thread(interaction).tell({ type: 'left-queue', data: { entry, queue, reason, waitedMs } });
  }

  /** An agent is there for the call-back: the customer is dialled. */
  dial({ entry, queue, interaction, joinedAtMs }: Entry, agent: string): void {
    const { clock, id, plan, records } = this.#ports;
    const caller = this.callerOf(entry);
    const thread = records.thread(interaction);
    this.giveUp(entry, 'connected');
    const { callback } = thread.state;
    if (!isPromised(callback) || !this.#decide(thread, callback.id, { type: 'attempt', agent })) {
      throw new Error('an agent for a call-back that nobody wants');
    }
    const segment = id('s');
    const to = callback.number;
    const dialled = { segment, to, purpose: 'callback', node: NODE, callback: callback.id, agent } as const;
    thread.tell({ type: 'call-dialled', data: dialled });
    const dialling = { thread, agent, caller, joinedAtMs, conversation: { interaction, segment, entry, queue } };
    if (caller.random.next() < plan.reached) clock.after(CUSTOMER_ANSWERS_MS, () => this.#talks(dialling));
    else clock.after(CUSTOMER_RINGS_MS, () => this.#fails(dialling));
  }

  /** The conversation is over: the agent writes it up. */
  agentFree(agent: string, conversation: Conversation, { wrapUpMs }: Caller): void {
    const { floor, plan } = this.#ports;
    const queue = plan.centre.queues.get(conversation.queue);
    floor.over(agent, conversation, queue === undefined ? 0 : wrapUpMsOf(queue, wrapUpMs));
  }

  #talks({ thread, agent, caller, joinedAtMs, conversation }: Dialling): void {
    const { clock } = this.#ports;
    const { segment, entry } = conversation;
    const waitedMs = clock.nowMs - joinedAtMs;
    thread.tell({ type: 'call-answered', data: { segment } });
    thread.tell({ type: 'connected', data: { segment, entry, agent, device: agent, waitedMs } });
    const { callback } = thread.state;
    // The customer may have rung in meanwhile; then it is over already.
    if (isPromised(callback)) this.#decide(thread, callback.id, { type: 'connected' });
    clock.after(caller.talkMs, () => {
      const data = { segment, by: 'agent', result: 'served', reason: 'hung-up', talkedMs: caller.talkMs } as const;
      thread.tell({ type: 'call-ended', data });
      this.agentFree(agent, conversation, caller);
    });
  }

  #fails({ thread, agent, caller, conversation }: Dialling): void {
    const { segment } = conversation;
    const data = { segment, by: 'network', result: 'no-answer', reason: 'no-answer', talkedMs: 0 } as const;
    thread.tell({ type: 'call-ended', data });
    this.#ports.floor.over(agent, conversation, 0);
    const { callback } = thread.state;
    if (!isPromised(callback)) return;
    this.#decide(thread, callback.id, { type: 'attempt-failed', reason: 'no-answer' });
    this.#waitUntilDue(thread, caller);
  }

  #accepts(thread: SimulatedThread, caller: Caller): void {
    const { clock, id, plan } = this.#ports;
    const { nowMs } = clock;
    const { number } = caller;
    const message = id('m');
    const received = { segment: message, message, channel: 'sandbox', from: number, text: '1' } as const;
    thread.tell({ type: 'message-received', data: received });
    const rule = this.#rule(number);
    const reply = parseReply('1', { ...rule, nowMs, timeZone: plan.centre.timeZone });
    const commands = answerReply({ interaction: thread.state, reply, number, rule }, nowMs);
    thread.tell(...commands.events);
    if (commands.leaves !== undefined) this.giveUp(commands.leaves, 'superseded');
    if (commands.events.length > 0) this.#waitUntilDue(thread, caller);
  }

  /** The alarm clock of a promise. */
  #waitUntilDue(thread: SimulatedThread, caller: Caller): void {
    const { clock, id, floor } = this.#ports;
    const { callback } = thread.state;
    if (callback?.state !== 'requested') return;
    clock.at(callback.dueAtMs, () => {
      const due = thread.state.callback;
      if (due?.state !== 'requested' || due.id !== callback.id || due.dueAtMs > clock.nowMs) return;
      const { queue, seniorityMs, priority } = due;
      const entry = id('e');
      const place = { entry, queue, priority, seniorityMs, kind: 'callback' } as const;
      thread.tell({ type: 'queued', data: { ...place, segment: entry } });
      this.#entries.set(entry, caller);
      floor.join(joinQueue({ ...place, interaction: thread.id, joinedAtMs: clock.nowMs, node: NODE }));
    });
  }

  #rule(number: string): CallbackRule {
    const { centre } = this.#ports.plan;
    return { ...this.#policy, nextOpenMs: (atMs) => nextCallableMs(centre, number, atMs) };
  }

  #decide(thread: SimulatedThread, id: string, command: CallbackCommand): boolean {
    const { callback } = thread.state;
    if (callback?.id !== id) return false;
    const decision = decideCallback(callback, command, this.#rule(thread.state.contact), this.#ports.clock.nowMs);
    if (decision.ok) thread.tell(...decision.events);
    return decision.ok;
  }
}
