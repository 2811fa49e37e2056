// What flows see of a caller, from what the record tells.
import { expect, test } from 'vitest';
import type { InteractionEvent, RecordedEvent } from '../../../../src/core/interaction/event.js';
import { callerFacts } from '../../../../src/core/ivr/outside/caller-facts.js';
import { STRANGER } from '../../../../src/core/ivr/outside/customer.js';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

const OPENED: InteractionEvent = {
  type: 'interaction-opened',
  data: { reference: 'H-1', contact: 'c', address: { channel: 'voice', value: '1' } },
};
const arrived = (segment: string): InteractionEvent => ({
  type: 'call-arrived',
  data: { segment, callId: 'x', from: '1', to: '1000', trunk: 'lab', node: 'n1' },
});
const OFFERED: InteractionEvent = {
  type: 'callback-offered',
  data: { callback: 'cb', message: 'm', queue: 'support' },
};
const ended = (result: 'superseded' | 'connected'): InteractionEvent => ({
  type: 'callback-ended',
  data: { callback: 'cb', result, reason: 'r' },
});

function matter(...events: InteractionEvent[]): RecordedEvent[] {
  return events.map((event, index) => ({ interaction: 'i', version: index + 1, atMs: NOW_MS, event }));
}

function facts(events: RecordedEvent[], change: Partial<Parameters<typeof callerFacts>[0]> = {}) {
  return callerFacts({ contact: {}, history: {}, matter: events, segment: 's', open: [], nowMs: NOW_MS, ...change });
}

test('of a first call nothing is known', () => {
  expect(facts(matter(OPENED, arrived('s')))).toEqual(STRANGER);
});

test('what was told of the customer, and the history', () => {
  const contact = { name: 'Eva', language: 'en', segment: 'premium', tags: ['vip'] };
  const history = { lastQueue: 'sales', lastAgent: 'carla', lastContactMs: NOW_MS - 3 * DAY_MS + 1 };
  expect(facts(matter(OPENED, arrived('s')), { contact, history })).toEqual({
    ...{ ...contact, known: true, interaction_open: false, callback_pending: false },
    ...{ last_queue: 'sales', last_agent: 'carla', days_since: 2 },
  });
});

test('a clock that was set back makes no negative days', () => {
  expect(facts(matter(OPENED), { history: { lastContactMs: NOW_MS + DAY_MS } }).days_since).toBe(0);
});

test.each<[string, RecordedEvent[], boolean]>([
  ['a new matter', matter(OPENED, arrived('s')), false],
  ['one from an earlier call', matter(OPENED, arrived('r'), arrived('s')), true],
])('an open interaction: %s', (_, events, open) => {
  expect(facts(events).interaction_open).toBe(open);
});

test('an open interaction: another matter', () => {
  expect(facts(matter(OPENED, arrived('s')), { open: [{}] })).toMatchObject({
    interaction_open: true,
    callback_pending: false,
  });
});

test.each<[string, RecordedEvent[], boolean]>([
  ['offered, and still is', matter(OPENED, arrived('r'), OFFERED, arrived('s')), true],
  ['ended by this call', matter(OPENED, arrived('r'), OFFERED, arrived('s'), ended('superseded')), true],
  ['ended by an earlier call', matter(OPENED, OFFERED, arrived('r'), ended('superseded'), arrived('s')), false],
  ['kept', matter(OPENED, OFFERED, ended('connected'), arrived('s')), false],
])('a call-back that was %s', (_, events, pending) => {
  expect(facts(events).callback_pending).toBe(pending);
});

test('a call-back of another matter', () => {
  expect(facts(matter(OPENED, arrived('s')), { open: [{ callback: {} }] }).callback_pending).toBe(true);
});
