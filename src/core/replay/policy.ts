// Decides again what customers were owed: offers of a call-back, overflow, and each step of a promised call-back.
import { type CallbackCommand, type CallbackRule, decideCallback } from '../callback/callback.js';
import type { RecoveryGiven } from '../interaction/decision/given.js';
import type { InteractionEvent, RecordedEvent } from '../interaction/event.js';
import { evolve, type Interaction, initial } from '../interaction/interaction.js';
import { recover } from '../policy/abandoned-call.js';
import { returningCaller } from '../policy/returning-caller.js';
import type { Centre } from '../routing/centre.js';
import { destinationName } from '../routing/forwarding.js';
import { nextCallableMs } from '../routing/opening/customer-hours.js';
import { canonical, type Findings } from './findings.js';

/** The clock is read for a decision and once more when it is written down: so far apart at most, on a busy machine. */
export const CLOCK_SLACK_MS = 1_000;

const RECOVERY = 'src/core/policy/abandoned-call.ts';
const CALLBACK = 'src/core/callback/callback.ts';
const RETURNING = 'src/core/policy/returning-caller.ts';

type CallbackFact = Extract<
  InteractionEvent,
  { type: 'callback-requested' | 'callback-attempted' | 'callback-attempt-failed' | 'callback-ended' }
>;

/** `centreOf`: the centre of that revision, as it was; undefined when its text is gone. */
export function replayPolicies(
  events: readonly RecordedEvent[],
  centreOf: (revision: string) => Centre | undefined,
  findings: Findings,
): void {
  let state: Interaction = initial;
  /** Before the message that goes out with the offer, when the offer is told after it. */
  let before: Interaction | undefined;
  let centre: Centre | undefined;
  for (const [index, recorded] of events.entries()) {
    const { event, version } = recorded;
    const revision = revisionIn(event);
    if (revision !== undefined) centre = centreOf(revision);
    if (event.type === 'message-declined' || event.type === 'callback-offered') {
      replayOffer(before ?? state, recorded, event, centreOf, findings);
    }
    if (event.type === 'overflowed') replayOverflow(recorded, event, centre, findings);
    if (isCallbackFact(event)) {
      replayCallback({ state, recorded, event, next: events[index + 1]?.event }, centre, findings);
    }
    if (event.type === 'callback-ended' && event.data.reason === 'customer-called') {
      const now = returningCaller([beforeArrival(events, index)], recorded.atMs)?.events.map(({ data }) => data);
      findings.compare('policy', version, { recorded: [event.data], now, place: RETURNING });
    }
    before = event.type === 'message-queued' ? state : undefined;
    state = evolve(state, recorded);
  }
}

function revisionIn(event: InteractionEvent): string | undefined {
  if (event.type === 'call-arrived') return event.data.centre;
  if (event.type === 'flow-entered') return event.data.start?.texts['centre'];
  if (event.type === 'message-declined' || event.type === 'callback-offered') return event.data.given?.centre;
  return undefined;
}

function isCallbackFact(event: InteractionEvent): event is CallbackFact {
  return (
    event.type === 'callback-requested' ||
    event.type === 'callback-attempted' ||
    event.type === 'callback-attempt-failed' ||
    event.type === 'callback-ended'
  );
}

function replayOffer(
  state: Interaction,
  { version, atMs }: RecordedEvent,
  event: Extract<InteractionEvent, { type: 'message-declined' | 'callback-offered' }>,
  centreOf: (revision: string) => Centre | undefined,
  findings: Findings,
): void {
  const { given } = event.data;
  if (event.type === 'message-declined' && event.data.purpose !== 'callback-offer') return;
  if (given === undefined) {
    findings.leave('policy', version, 'recorded before it was kept what the offer of a call-back was decided from');
    return;
  }
  const centre = centreOf(given.centre);
  if (centre === undefined) {
    findings.leave('policy', version, `the centre's text ${given.centre} is gone`);
    return;
  }
  const recorded = event.type === 'callback-offered' ? { queue: event.data.queue } : { declined: event.data.reason };
  // Another node had just written to the customer: that is no decision from this record.
  const now = given.elsewhere === true ? { declined: 'cool-down' } : offerAgain(state, given, centre, atMs);
  findings.compare('policy', version, { recorded, now, place: RECOVERY });
}

function offerAgain(interaction: Interaction, given: RecoveryGiven, centre: Centre, atMs: number): object {
  const { number, consent, lastMessageAtMs, segment, cause, place, queue } = given;
  const recipient = { number, consent, language: centre.defaultLanguage };
  const command = recover(
    {
      interaction,
      segment,
      cause,
      ...(place === undefined ? {} : { place }),
      ...(queue === undefined ? {} : { queue }),
      recipient: lastMessageAtMs === undefined ? recipient : { ...recipient, lastMessageAtMs },
      policy: centre.recovery,
      country: centre.country,
      queueTitle: (queue) => queue,
    },
    atMs,
  );
  return command.type === 'decline' ? { declined: command.reason } : { queue: command.place.queue };
}

/** Callers leave a queue for its overflow, for where one of its keys leads, or for where it diverts to. */
function replayOverflow(
  { version }: RecordedEvent,
  { data }: Extract<InteractionEvent, { type: 'overflowed' }>,
  centre: Centre | undefined,
  findings: Findings,
): void {
  if (centre === undefined) {
    findings.leave('policy', version, 'the text of the centre, which says where callers go, is not known');
    return;
  }
  const queue = centre.queues.get(data.queue);
  const ways = [...Object.values(queue?.exits ?? {}), ...(queue?.divert === undefined ? [] : [queue.divert.to])];
  const others = ways.map(destinationName);
  const ordinary = queue === undefined ? 'no such queue' : destinationName(queue.overflow);
  const now = others.includes(data.to) ? data.to : ordinary;
  findings.compare('policy', version, { recorded: data.to, now, place: `centre.yaml: queues.${data.queue}` });
}

/** The state in which the customer rang in again: the last one without that call. */
function beforeArrival(events: readonly RecordedEvent[], index: number): Interaction {
  const arrival = events.slice(0, index).findLastIndex(({ event }) => event.type === 'call-arrived');
  return events.slice(0, arrival < 0 ? index : arrival).reduce(evolve, initial);
}

interface CallbackStep {
  readonly state: Interaction;
  readonly recorded: RecordedEvent;
  readonly event: CallbackFact;
  readonly next: InteractionEvent | undefined;
}

function replayCallback(
  { state, recorded, event, next }: CallbackStep,
  centre: Centre | undefined,
  findings: Findings,
) {
  const { version, atMs } = recorded;
  const command = commandOf(event);
  if (command === undefined) return;
  const rule = centre === undefined ? undefined : ruleOf(centre, state);
  if (rule === undefined && (command.type === 'attempt-failed' || command.type === 'lapse')) {
    findings.leave('call-back', version, 'it follows a rule of the centre, whose text the record does not name');
    return;
  }
  const decision = decideCallback(state.callback, command, rule ?? freely(event), atMs);
  const now = decision.ok ? decision.events[0] : `refused: ${decision.refused}`;
  const place = CALLBACK;
  findings.compare('call-back', version, { recorded: event, now: nearby(now, event), place });
  const second = decision.ok ? decision.events[1] : undefined;
  if (second === undefined) return;
  findings.compare('call-back', version + 1, { recorded: next ?? 'nothing more', now: second, place });
}

/** Undefined: the fact follows from the one before it, and was compared with that. */
function commandOf(event: CallbackFact): CallbackCommand | undefined {
  switch (event.type) {
    case 'callback-requested': {
      const { callback: id, owner, ...place } = event.data;
      if (owner === undefined) return { type: 'request', id, ...place };
      const { agent, untilMs } = owner;
      return { type: 'request', id, ...place, owner: { agent, waitMs: untilMs - place.dueAtMs } };
    }
    case 'callback-attempted':
      return { type: 'attempt', agent: event.data.agent };
    case 'callback-attempt-failed':
      return { type: 'attempt-failed', reason: event.data.reason };
    case 'callback-ended':
      return endingOf(event.data);
  }
}

function endingOf({ result, reason }: Extract<CallbackFact, { type: 'callback-ended' }>['data']) {
  switch (result) {
    case 'connected':
      return { type: 'connected' } as const;
    case 'superseded':
      return { type: 'supersede', reason } as const;
    case 'refused':
      return { type: 'decline', reason } as const;
    case 'cancelled':
      return reason === 'offer-lapsed' ? ({ type: 'lapse' } as const) : ({ type: 'cancel', reason } as const);
    case 'failed':
      return undefined;
  }
}

function ruleOf(centre: Centre, { callback, address }: Interaction): CallbackRule {
  const number = callback !== undefined && 'number' in callback ? callback.number : address.value;
  return { ...centre.recovery, nextOpenMs: (atMs) => nextCallableMs(centre, number, atMs) };
}

/** For what no rule of the centre decides: a time that was given is open. */
function freely(event: CallbackFact): CallbackRule {
  const given = event.type === 'callback-requested' ? event.data.dueAtMs : undefined;
  return { attemptDelaysMs: [0], offerValidMs: 0, nextOpenMs: (atMs) => given ?? atMs };
}

/** Times that differ by no more than the clock may have moved on are the same. */
function nearby(now: InteractionEvent | string | undefined, recorded: CallbackFact): unknown {
  if (typeof now !== 'object' || canonical(now) === canonical(recorded)) return now;
  const known = new Map(Object.entries(recorded.data));
  const near = Object.entries(now.data).map(([key, value]) => {
    const other: unknown = known.get(key);
    const same = typeof value === 'number' && typeof other === 'number' && Math.abs(value - other) <= CLOCK_SLACK_MS;
    return [key, same && key.endsWith('AtMs') ? other : value];
  });
  return { ...now, data: Object.fromEntries(near) };
}
