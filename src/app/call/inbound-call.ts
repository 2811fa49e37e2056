// An inbound call from its first INVITE to its one end: arrives, is answered, walks its flow, ends with one reason.

import type { CallResult, InteractionEvent } from '../../core/interaction/event.js';
import { firstSpoken } from '../../core/interaction/language.js';
import type { Return } from '../../core/policy/returning-caller.js';
import type { Centre, NumberConfig } from '../../core/routing/centre.js';
import { entryOf } from '../../core/routing/numbers.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { Callbacks } from '../callback/callbacks.js';
import type { EmergencyTelling } from '../emergency/emergency-telling.js';
import { HiloError } from '../errors.js';
import type { OwnCalls } from '../floor/own-calls.js';
import type { Flows } from '../flows.js';
import type { Recovery } from '../message/recovery.js';
import type { IncomingCall, Leg, LegEnd } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import { noteQuality } from '../record/leg-quality.js';
import type { Thread } from '../record/thread.js';
import type { Speech } from '../speech.js';
import { CUT_OFF } from '../talk/talks.js';
import type { Writing } from '../writing/writing.js';
import { type Call, causeOfCut, endOfLeg, isLegEnded, type StoryEnd } from './call.js';
import type { Destinations } from './destinations.js';
import type { FlowWalk } from './flow-walk.js';

/** Longer than this nobody is kept in silence while the record is asked for the caller. */
const ARRIVAL_LIMIT_MS = 3_000;
const RETRY_AFTER_S = 5;

export interface InboundCallPorts {
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly flows: Flows;
  readonly walk: FlowWalk;
  readonly emergency: Pick<EmergencyTelling, 'tell'>;
  readonly destinations: Destinations;
  readonly recovery: Recovery;
  readonly callbacks: Callbacks;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly ownCalls: OwnCalls;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** A call that is being looked up; `given`: time to find its matter, or up. */
interface Arrival {
  readonly call: IncomingCall;
  readonly segment: string;
  thread: Thread | undefined;
  given: 'time' | 'up';
}

interface Arrived {
  readonly thread: Thread;
  readonly back: Return | undefined;
  /** That the customer is known to speak, best first. */
  readonly languages: readonly string[];
}

/** Where a call goes, in the centre as it was when the call came. */
interface Route {
  readonly centre: Centre;
  readonly number: NumberConfig;
  readonly languages: readonly string[];
}

export class InboundCalls {
  readonly #ports: InboundCallPorts;
  readonly #live = new Map<string, IncomingCall>();
  #draining = false;

  constructor(ports: InboundCallPorts) {
    this.#ports = ports;
  }

  get live(): number {
    return this.#live.size;
  }

  tends(callId: string): boolean {
    return this.#live.has(callId);
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** From now on new callers get 503: another node, or the next start, takes them. */
  drain(): void {
    this.#draining = true;
  }

  /** Takes charge of the call; whatever happens is dealt with here. */
  handle(call: IncomingCall): void {
    const { flows, log } = this.#ports;
    const centre = flows.centre();
    const number = entryOf(centre, call.to);
    if (number === undefined) {
      log.info({ callId: call.callId, to: call.to }, 'nobody has that number');
      call.reject(404);
      return;
    }
    if (this.#draining) {
      call.reject(503, { retryAfterS: RETRY_AFTER_S });
      return;
    }
    this.#live.set(call.callId, call);
    this.#story(call, centre, number)
      .catch((error: unknown) => log.error({ err: error, callId: call.callId }, 'call story failed'))
      .finally(() => this.#live.delete(call.callId));
  }

  async #story(call: IncomingCall, centre: Centre, number: NumberConfig): Promise<void> {
    const arrival: Arrival = { call, segment: this.#ports.ids.uuid(), thread: undefined, given: 'time' };
    const { segment } = arrival;
    // Both at once: the caller is answered while the record is asked who this is.
    const [answered, arrived] = await Promise.allSettled([call.answer(), this.#arrive(arrival)]);
    if (arrived.status === 'rejected') {
      await this.#regret(arrival, answered.status === 'fulfilled' ? answered.value : undefined, arrived.reason);
      return;
    }
    const { thread, back, languages } = arrived.value;
    this.#occupy(call, segment, thread);
    if (answered.status === 'rejected') {
      this.#notAnswered(thread, segment, call, answered.reason);
      return;
    }
    thread.note({ type: 'call-answered', data: { segment } });
    try {
      await this.#supersede(thread, back);
    } catch (error) {
      await this.#regret(arrival, answered.value, error);
      return;
    }
    const language = firstSpoken(languages, centre.languages) ?? centre.defaultLanguage;
    const begun = this.#begin(call, thread, segment, answered.value, language);
    noteQuality(begun, 'customer', answered.value);
    this.#ports.writing.began(begun);
    const { place } = back ?? {};
    const known = { ...begun, seniorityMs: place?.seniorityMs, lastQueue: place?.queue };
    await this.#serve(known, { centre, number, languages });
  }

  /** Who calls, and which matter it belongs to; stored when it resolves. */
  #arrive(arrival: Arrival): Promise<Arrived> {
    const { clock, contacts, interactions, recovery, node, flows } = this.#ports;
    const { call, segment } = arrival;
    const find = async (): Promise<Arrived> => {
      const { address, contact, isNew } = await contacts.ofCaller(call.from, flows.centre().country);
      const returning = isNew ? undefined : await recovery.returning(contact);
      if (arrival.given === 'up') throw new HiloError('store-unavailable', 'the caller was told already');
      const thread = returning?.thread ?? interactions.open(contact, address);
      arrival.thread = thread;
      // What somebody told of them counts more than what they heard last.
      const languages = [contact.language, thread.state.language].filter((one) => one !== undefined);
      thread.note(arrivalOf(call, segment, node, flows.centre().revision));
      await thread.durable();
      return { thread, back: returning?.back, languages };
    };
    return withTimeOut(clock, 'the arrival of a call', ARRIVAL_LIMIT_MS, find());
  }

  /** An agent who calls from a device of their own is busy with that, until it ends. */
  #occupy({ origin, ended }: IncomingCall, segment: string, thread: Thread): void {
    if (origin.kind !== 'device' || ended.aborted) return;
    const over = this.#ports.ownCalls.began(origin.agent, { segment, interaction: thread.id });
    ended.addEventListener('abort', over, { once: true });
  }

  /** Now that the customer is on the line: what the call makes needless. Rejects when that cannot be stored. */
  async #supersede(thread: Thread, back: Return | undefined): Promise<void> {
    const pending = thread.state.callback;
    if (back === undefined || back.events.length === 0 || pending === undefined) return;
    await thread.record(...back.events);
    this.#ports.callbacks.ended(thread, pending.id);
  }

  #begin(call: IncomingCall, thread: Thread, segment: string, leg: Leg, language: string): Call {
    return {
      thread,
      segment,
      leg,
      from: call.from,
      fromName: call.fromName,
      to: call.to,
      ...(call.origin.kind === 'device' ? { fromAgent: call.origin.agent } : {}),
      language,
      phase: { phase: 'flow' },
      seniorityMs: undefined,
      lastQueue: undefined,
      talkedMs: 0,
      visited: [],
    };
  }

  async #serve(call: Call, route: Route): Promise<void> {
    const told = await this.#tell(call, route);
    const { leg, thread, segment, talkedMs } = call;
    const end = endOfStory(call, told);
    thread.note({ type: 'call-ended', data: { ...end, segment, talkedMs } });
    if (!leg.ended.aborted) await leg.hangUp({ by: end.by, reason: end.reason });
    this.#ports.recovery.afterCall(call, end);
  }

  async #tell(call: Call, route: Route): Promise<StoryEnd> {
    const { clock, log } = this.#ports;
    try {
      return await this.#route(call, route);
    } catch (error) {
      const { ended } = call.leg;
      if (ended.aborted) return endOfLeg(call.phase, ended.reason as LegEnd, clock.nowMs(), route.centre.recovery);
      log.error({ err: error, interaction: call.thread.id }, 'call could not be served');
      await this.#sayRegret(call.leg, call.language);
      const result: CallResult = call.phase.phase === 'done' ? call.phase.result : 'failed';
      return { by: 'hilo', result, reason: error instanceof HiloError ? error.code : 'internal-error' };
    }
  }

  async #route(call: Call, { centre, number, languages }: Route): Promise<StoryEnd> {
    const { destinations, emergency, walk, flows } = this.#ports;
    const told = await emergency.tell(call, number.number);
    if (told !== undefined) return told;
    const forwarded = await destinations.ofNumber(call, number);
    if (forwarded !== undefined) return forwarded;
    if (number.entry.kind !== 'flow') return destinations.goTo(call, number.entry, 'dialled');
    const { give } = number.entry;
    return walk.walk(call, {
      flow: number.entry.flow,
      ...(give === undefined ? {} : { give }),
      catalogue: flows.catalogueFor(call.from === '' ? call.segment : call.from),
      centre,
      languages,
    });
  }

  #notAnswered(thread: Thread, segment: string, call: IncomingCall, error: unknown): void {
    const end = call.ended.aborted ? (call.ended.reason as LegEnd) : undefined;
    if (!isLegEnded(error)) this.#ports.log.error({ err: error, callId: call.callId }, 'call could not be answered');
    const { by, reason, sipStatus = 503 } = end ?? { by: 'hilo' as const, reason: 'not-answered' };
    const result: CallResult = by === 'customer' ? 'short-abandoned' : 'failed';
    const data = { segment, by, result, reason, talkedMs: 0 };
    thread.note({ type: 'call-ended', data: by === 'customer' ? data : { ...data, sipStatus } });
  }

  /** The record is out of reach: nothing can be promised. The call is kept in the spool and told so to the caller. */
  async #regret(arrival: Arrival, leg: Leg | undefined, error: unknown): Promise<void> {
    const { log, flows } = this.#ports;
    const { call, segment } = arrival;
    arrival.given = 'up';
    log.error({ err: error, callId: call.callId }, 'a caller cannot be entered in the record');
    const thread = arrival.thread ?? this.#stranger(arrival);
    if (leg !== undefined) {
      await this.#sayRegret(leg, flows.centre().defaultLanguage);
      if (!leg.ended.aborted) await leg.hangUp({ by: 'hilo', reason: 'store-unavailable' });
    }
    thread.note({
      type: 'call-ended',
      data: { segment, by: 'hilo', result: 'failed', reason: 'store-unavailable', talkedMs: 0 },
    });
  }

  /** Nobody could say who calls: a matter of its own, which keeps the number. */
  #stranger({ call, segment }: Arrival): Thread {
    const { interactions, contacts, flows, node } = this.#ports;
    const { contact, address } = contacts.provisional(call.from, flows.centre().country);
    const thread = interactions.open(contact, address);
    thread.note(arrivalOf(call, segment, node, flows.centre().revision));
    return thread;
  }

  async #sayRegret(leg: Leg, language: string): Promise<void> {
    const { speech, writing } = this.#ports;
    const prompts = [speech.canned('regret', language)];
    writing.say({ leg }, prompts);
    try {
      await leg.silence();
      await leg.play(await speech.paths(prompts));
    } catch (error) {
      if (!isLegEnded(error)) this.#ports.log.warn({ err: error }, 'regret could not be said');
    }
  }
}

/** The story may be over because the caller is gone, or a fault cut the talk off: then neither Hilo nor the agent ended it. */
function endOfStory({ phase, leg }: Call, told: StoryEnd): StoryEnd {
  const legEnd = leg.ended.aborted ? (leg.ended.reason as LegEnd) : undefined;
  if (phase.phase === 'done' && phase.talkEnd?.by === 'network') {
    const reason = legEnd?.by === 'network' ? legEnd.reason : causeOfCut(phase.talkEnd);
    return { ...told, by: 'network', result: phase.result, reason };
  }
  if (legEnd === undefined) return told;
  return { ...told, by: legEnd.by, ...(legEnd.reason === CUT_OFF ? { reason: CUT_OFF } : {}) };
}

function arrivalOf(call: IncomingCall, segment: string, node: string, centre: string | undefined): InteractionEvent {
  const { callId, from, to, origin } = call;
  const trunk = origin.kind === 'trunk' ? origin.trunk : origin.device;
  const data = { segment, callId, from, to, trunk, node };
  return { type: 'call-arrived', data: centre === undefined ? data : { ...data, centre } };
}
