// Where a caller can be taken: queue, overflow, agent, number, voicemail, message, call-back. One function each.

import type { Destination } from '../../core/acd/queue.js';
import type { JoinGiven } from '../../core/interaction/decision/given.js';
import type { Ask, ForwardTarget } from '../../core/ivr/ask.js';
import { momentOf, nowIn } from '../../core/ivr/facts.js';
import { overflow } from '../../core/policy/overflow.js';
import type { Centre, NumberConfig } from '../../core/routing/centre.js';
import { destinationName } from '../../core/routing/forwarding.js';
import { assert } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Promises } from '../callback/promises.js';
import type { Recovery } from '../message/recovery.js';
import type { LegEnd } from '../ports.js';
import type { Speech } from '../speech.js';
import type { NotServed, QueueOutcome, QueueWait, WayOut } from '../waiting/queue-wait.js';
import type { Writing } from '../writing/writing.js';
import { type Call, endOfLeg, isLegEnded, type StoryEnd } from './call.js';
import type { Forwarding, ForwardOutcome } from './forwarding.js';
import type { Voicemail, VoicemailOutcome, VoicemailRequest } from './voicemail.js';

/** Queues, agents and numbers one call may be sent through before it is told that nobody can take it. */
const MAX_HOPS = 5;
const QUEUE = 'queue ';
const VOICEMAIL_MAX_MS = 120_000;
const VOICEMAIL_SILENCE_MS = 5_000;

export interface DestinationsPorts {
  readonly centre: () => Centre;
  readonly queueWait: QueueWait;
  readonly forwarding: Forwarding;
  readonly voicemail: Voicemail;
  readonly recovery: Recovery;
  readonly promises: Pick<Promises, 'promiseCallback'>;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly clock: Clock;
  readonly log: Log;
}

export class Destinations {
  constructor(private readonly ports: DestinationsPorts) {}

  /** Waits in that queue until served or until it is over there. */
  async queue(call: Call, name: string, priority?: number): Promise<QueueOutcome> {
    const queue = this.ports.centre().queues.get(name);
    if (queue === undefined) return { outcome: 'not-served', cause: 'no-such-queue' };
    call.visited.push(`queue ${name}`);
    const outcome = await this.ports.queueWait.wait(call, queue, priority ?? queue.priority);
    if (outcome.outcome !== 'served' || call.sentOn === undefined) return outcome;
    return { outcome: 'served', end: await this.sendOn(call) };
  }

  /**
   * To where an agent sent the customer. Nobody there: back to the queue they came from, at the place they had. Settles
   * also when the customer hangs up on the way.
   */
  async sendOn(call: Call): Promise<StoryEnd> {
    const { sentOn } = call;
    assert(sentOn !== undefined, 'somebody sent the customer on');
    const { to, handover } = sentOn;
    call.sentOn = undefined;
    call.handover = handover;
    // A person decided: that is no circle of ours.
    call.visited.length = 0;
    try {
      if (to.kind !== 'agent' && to.kind !== 'number') return await this.goTo(call, to, 'transferred');
      const forwarded = await this.forward(call, to, { rule: 'transferred' });
      if (forwarded.end !== undefined) return forwarded.end;
      if (forwarded.outcome === 'connected') return endOfTalk(forwarded);
      return await this.#sentInVain(call, to, forwarded.reason);
    } catch (error) {
      if (!isLegEnded(error) || !call.leg.ended.aborted) throw error;
      const { recovery } = this.ports.centre();
      return endOfLeg(call.phase, call.leg.ended.reason as LegEnd, this.ports.clock.nowMs(), recovery);
    }
  }

  async #sentInVain(call: Call, to: Destination, reason: string): Promise<StoryEnd> {
    const { segment, lastQueue } = call;
    const next: Destination = lastQueue === undefined ? { kind: 'hangup' } : { kind: 'queue', queue: lastQueue };
    const data = { segment, reason, to: destinationName(to), next: destinationName(next) };
    call.thread.note({ type: 'transfer-failed', data });
    return this.goTo(call, next, reason);
  }

  /** The caller was not served in `queueName`: on to where the key pressed leads, or the queue sends such callers. */
  async overflow(call: Call, queueName: string, { cause, wayOut, given }: NotServed): Promise<StoryEnd> {
    const { queues } = this.ports.centre();
    const queue = queues.get(queueName);
    if (queue === undefined) return this.#regret(call, cause);
    const known = given === undefined ? {} : { given };
    if (wayOut !== undefined) {
      const data = { queue: queueName, cause, ...known };
      return this.#out(call, data, wayOut);
    }
    const command = overflow({ queue, queues, visited: queuesOf(call), number: call.from });
    const entry = call.thread.state.waits.at(-1)?.entry ?? '';
    const to = destinationName(queue.overflow);
    call.thread.note({ type: 'overflowed', data: { entry, queue: queueName, to, cause, ...known } });
    switch (command.type) {
      case 'hang-up':
        return this.#regret(call, command.instead ?? cause);
      case 'take-voicemail':
        return this.#voicemail(call);
      case 'send-message':
        return this.#message(call, cause);
      case 'promise-callback':
        return this.#callback(call, cause);
      default:
        return this.goTo(call, queue.overflow, cause);
    }
  }

  async #out(
    call: Call,
    why: { readonly queue: string; readonly cause: string; readonly given?: JoinGiven },
    { to, stored }: WayOut,
  ): Promise<StoryEnd> {
    const { cause } = why;
    const entry = call.thread.state.waits.at(-1)?.entry ?? '';
    call.thread.note({ type: 'overflowed', data: { entry, to: destinationName(to), ...why } });
    // A person decided: that is no circle of ours.
    if (cause === 'moved') call.visited.length = 0;
    if (stored && to.kind === 'callback') return this.#callbackPromised(call, cause);
    if (stored && to.kind === 'message') return this.#messageSent(call, cause);
    return this.goTo(call, to, cause);
  }

  /** Takes the call to its end there. `cause`: why it came. Rejects with HiloError `leg-ended` on hang-up. */
  async goTo(call: Call, destination: Destination, cause: string): Promise<StoryEnd> {
    if (call.visited.length >= MAX_HOPS || call.visited.includes(destinationName(destination))) {
      this.ports.log.warn({ interaction: call.thread.id, visited: call.visited }, 'call sent round in circles');
      return this.#regret(call, 'too-many-hops');
    }
    switch (destination.kind) {
      case 'queue': {
        const served = await this.queue(call, destination.queue);
        if (served.outcome === 'served') return served.end ?? { by: 'agent', result: 'served', reason: 'hung-up' };
        return this.overflow(call, destination.queue, served);
      }
      case 'agent':
      case 'number': {
        const forwarded = await this.forward(call, destination, { rule: cause });
        if (forwarded.end !== undefined) return forwarded.end;
        if (forwarded.outcome !== 'connected') return this.#regret(call, forwarded.reason);
        return endOfTalk(forwarded);
      }
      case 'voicemail':
        return this.#voicemail(call);
      case 'message':
        return this.#message(call, cause);
      case 'callback':
        return this.#callback(call, cause);
      case 'hangup':
        return this.#regret(call, cause);
    }
  }

  /** `end`: a rule took the call to its end somewhere else than at a person's. */
  async forward(
    call: Call,
    to: ForwardTarget,
    options: { readonly rule: string; readonly ringMs?: number },
  ): Promise<ForwardOutcome & { readonly end?: StoryEnd }> {
    if (to.kind === 'queue') {
      const served = await this.queue(call, to.queue);
      if (served.outcome === 'served') return { outcome: 'connected', reason: 'served', ...endOf(served) };
      if (served.wayOut === undefined) return { outcome: 'failed', reason: served.cause };
      const end = await this.overflow(call, to.queue, served);
      return { outcome: end.result === 'refused' ? 'failed' : 'connected', reason: end.reason, end };
    }
    call.visited.push(destinationName(to));
    const outcome = await this.ports.forwarding.forward(call, to, options);
    if (call.sentOn !== undefined) {
      const end = await this.sendOn(call);
      return { outcome: 'connected', reason: end.reason, end };
    }
    if (!('onTo' in outcome)) return outcome;
    const end = await this.goTo(call, outcome.onTo, outcome.rule);
    return { outcome: end.result === 'refused' ? 'failed' : 'connected', reason: end.reason, end };
  }

  /** What the number's forwarding, or the agent whose it is, makes of the call; undefined: go on to where it leads. */
  async ofNumber(call: Call, number: NumberConfig): Promise<StoryEnd | undefined> {
    const result = await this.ports.forwarding.ofNumber(call, number);
    if (call.sentOn !== undefined) return this.sendOn(call);
    if (result === undefined) return undefined;
    if ('onTo' in result) return this.goTo(call, result.onTo, result.rule);
    if (result.outcome === 'connected') return endOfTalk(result);
    return this.#regret(call, result.reason);
  }

  voicemail(call: Call, request: VoicemailRequest): Promise<VoicemailOutcome> {
    return this.ports.voicemail.take(call, request);
  }

  /** A message to the caller, asked for by the flow. */
  async message(
    call: Call,
    ask: Ask & { kind: 'message' },
  ): Promise<{ outcome: 'queued' | 'declined'; reason: string }> {
    const { recovery } = this.ports;
    const { text, language, queue } = ask;
    if (ask.purpose === 'information') return recovery.inform(call, text, language);
    assert(queue !== undefined, 'a checked offer has a queue');
    const offered = await recovery.offerInWords(call, { text, language, queue });
    if (offered.outcome === 'queued') call.phase = { phase: 'done', result: 'message-sent' };
    return offered;
  }

  /** A call-back that the flow promises: stored when it resolves. `date` and `time` of the centre's clock. */
  async callback(
    call: Call,
    { queue, number, when }: Ask & { kind: 'callback' },
  ): Promise<{ outcome: 'promised'; date: string; time: string } | { outcome: 'refused'; reason: string }> {
    const { centre, promises } = this.ports;
    const { timeZone } = centre();
    const promised = await promises.promiseCallback({
      thread: call.thread,
      when: when.kind === 'soon' ? 'asap' : { atMs: momentOf(when.date, when.time, timeZone) },
      number,
      queue,
      ...(call.seniorityMs === undefined ? {} : { seniorityMs: call.seniorityMs }),
      source: 'flow',
    });
    if (!promised.ok) return { outcome: 'refused', reason: promised.reason };
    call.phase = { phase: 'done', result: 'callback-promised' };
    const { date, time } = nowIn(timeZone, promised.dueAtMs);
    return { outcome: 'promised', date, time };
  }

  async #voicemail(call: Call): Promise<StoryEnd> {
    const { speech } = this.ports;
    const left = await this.voicemail(call, {
      prompts: [speech.canned('voicemail-greeting', call.language)],
      ...(call.lastQueue === undefined ? {} : { queue: call.lastQueue }),
      maxMs: VOICEMAIL_MAX_MS,
      silenceMs: VOICEMAIL_SILENCE_MS,
      terminators: '#',
    });
    if (left !== 'left') return this.#regret(call, `voicemail-${left}`);
    await this.#say(call, 'voicemail-thanks');
    return { by: 'hilo', result: 'voicemail', reason: 'message-left' };
  }

  /** Promised only when it is stored: the offer is in the record before the caller hears of it. */
  async #message(call: Call, cause: string): Promise<StoryEnd> {
    const offered = await this.ports.recovery.offer(call);
    return offered.outcome === 'declined' ? this.#regret(call, cause) : this.#messageSent(call, cause);
  }

  async #messageSent(call: Call, cause: string): Promise<StoryEnd> {
    call.phase = { phase: 'done', result: 'message-sent' };
    await this.#say(call, 'message-promised');
    return { by: 'hilo', result: 'message-sent', reason: cause };
  }

  async #callback(call: Call, cause: string): Promise<StoryEnd> {
    const promised = await this.ports.recovery.promise(call);
    return promised ? this.#callbackPromised(call, cause) : this.#regret(call, cause);
  }

  async #callbackPromised(call: Call, cause: string): Promise<StoryEnd> {
    call.phase = { phase: 'done', result: 'callback-promised' };
    await this.#say(call, 'callback-promised');
    return { by: 'hilo', result: 'callback-promised', reason: cause };
  }

  async #regret(call: Call, reason: string): Promise<StoryEnd> {
    await this.#say(call, 'nobody-free');
    return { by: 'hilo', result: 'refused', reason };
  }

  /** What was said to be so is so, heard or not: a hang-up during the sentence changes nothing. */
  async #say(call: Call, key: string): Promise<void> {
    const { speech, writing } = this.ports;
    const { reference } = call.thread.state;
    const prompts = [speech.canned(key, call.language, { reference })];
    writing.say(call, prompts);
    try {
      await call.leg.play(await speech.paths(prompts));
    } catch (error) {
      if (!isLegEnded(error)) this.ports.log.warn({ err: error, key }, 'caller could not be told');
      else if (call.phase.phase !== 'done') throw error;
    }
  }
}

function queuesOf(call: Call): string[] {
  return call.visited.filter((place) => place.startsWith(QUEUE)).map((place) => place.slice(QUEUE.length));
}

function endOf({ end }: { readonly end?: StoryEnd }): { readonly end?: StoryEnd } {
  return end === undefined ? {} : { end };
}

/** The other side hung up: an agent has served the caller, an outside number was only put through. */
function endOfTalk({ party }: ForwardOutcome): StoryEnd {
  return { by: 'agent', result: party === 'number' ? 'forwarded' : 'served', reason: 'hung-up' };
}
