import { describe, expect, it } from 'vitest';
import { type Entry, offersOf } from '../../../src/core/acd/entry.js';
import {
  type EntryEvent,
  entryTransition,
  joinQueue,
  REFUSAL_REMEMBERED_MS,
} from '../../../src/core/acd/entry-transition.js';
import { NOON, offerTo, waiting } from '../../support/floor.js';

const offer = offerTo('ana');
const states = {
  waiting: waiting('e1', 'support', 60_000),
  offered: { ...waiting('e1', 'support', 60_000), state: 'offered', offer },
  accepted: { ...waiting('e1', 'support', 60_000), state: 'accepted', offer },
} as const satisfies Record<Entry['state'], Entry>;

const DURING = NOON + 5_000;
const AFTER = offer.expiresAtMs;

// Columns: waiting, offered, accepted. `!`: refused.
const table: readonly (readonly [string, EntryEvent, number, string, string, string])[] = [
  ['offered', { type: 'offered', offer }, DURING, 'offered', '!not-waiting', '!not-waiting'],
  [
    'offered with a lease that is over',
    { type: 'offered', offer },
    AFTER,
    '!offer-expired',
    '!not-waiting',
    '!not-waiting',
  ],
  ['accepted', { type: 'accepted', offer: 'offer-1' }, DURING, '!no-such-offer', 'accepted', '!no-such-offer'],
  [
    'accepted too late',
    { type: 'accepted', offer: 'offer-1' },
    AFTER,
    '!no-such-offer',
    '!offer-expired',
    '!no-such-offer',
  ],
  [
    'another offer accepted',
    { type: 'accepted', offer: 'offer-0' },
    DURING,
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
  ],
  [
    'refused',
    { type: 'refused', offer: 'offer-1', reason: 'busy' },
    DURING,
    '!no-such-offer',
    'waiting',
    '!no-such-offer',
  ],
  ['expired early', { type: 'expired', offer: 'offer-1' }, DURING, '!no-such-offer', '!not-expired', '!no-such-offer'],
  ['expired', { type: 'expired', offer: 'offer-1' }, AFTER, '!no-such-offer', 'waiting', '!no-such-offer'],
  ['withdrawn', { type: 'withdrawn', offer: 'offer-1' }, DURING, '!no-such-offer', 'waiting', '!no-such-offer'],
  [
    'returned',
    { type: 'returned', offer: 'offer-1', reason: 'unreachable' },
    DURING,
    '!not-accepted',
    '!not-accepted',
    'waiting',
  ],
  ['left', { type: 'left', reason: 'max-wait' }, DURING, 'gone', 'gone', 'gone'],
];

describe('what happens to an entry in each state', () => {
  for (const [name, event, nowMs, ...expected] of table) {
    it(name, () => {
      const found = (['waiting', 'offered', 'accepted'] as const).map((state) => {
        const result = entryTransition(states[state], event, nowMs);
        if (!result.ok) return `!${result.refused}`;
        return result.next === null ? 'gone' : result.next.state;
      });
      expect(found).toEqual(expected);
    });
  }
});

describe('the place of an entry', () => {
  const place = { priority: 5, seniorityMs: NOON - 60_000, joinedAtMs: NOON - 60_000, queue: 'support' };

  it.each([
    ['refused', { type: 'refused', offer: 'offer-1', reason: 'rejected' }, 'rejected'],
    ['expired', { type: 'expired', offer: 'offer-1' }, 'no-answer'],
  ] as const)('is kept when it is %s, and the agent is remembered', (_name, event, reason) => {
    const result = entryTransition(states.offered, event, AFTER);
    expect(result).toMatchObject({
      next: { ...place, state: 'waiting', refusedBy: { ana: { reason, untilMs: AFTER + REFUSAL_REMEMBERED_MS } } },
    });
    expect(result.ok && result.next).not.toHaveProperty('offer');
  });

  it('is kept without blame when the offer is taken back', () => {
    expect(entryTransition(states.offered, { type: 'withdrawn', offer: 'offer-1' }, DURING)).toEqual({
      ok: true,
      withdrawn: [],
      next: states.waiting,
    });
  });

  it('remembers only what still counts, so that it cannot grow for ever', () => {
    const refusedBy = {
      old: { reason: 'busy', untilMs: NOON },
      recent: { reason: 'busy', untilMs: AFTER + 1 },
    } as const;
    const result = entryTransition({ ...states.offered, refusedBy }, { type: 'expired', offer: 'offer-1' }, AFTER);
    expect(result.ok && Object.keys(result.next?.refusedBy ?? {})).toEqual(['recent', 'ana']);
  });
});

it('hands back the offer that still rings when the caller leaves', () => {
  const event: EntryEvent = { type: 'left', reason: 'caller-hung-up' };
  expect(entryTransition(states.offered, event, DURING)).toEqual({ ok: true, next: null, withdrawn: [offer] });
  expect(entryTransition(states.accepted, event, DURING)).toEqual({ ok: true, next: null, withdrawn: [] });
});

it('joins waiting and refused by nobody', () => {
  const { state: _state, refusedBy: _refusedBy, ...place } = states.waiting;
  expect(joinQueue(place)).toEqual(states.waiting);
});

describe('offered to several agents at once', () => {
  const [first, second, third] = [offerTo('ana', 'o1'), offerTo('bruno', 'o2'), offerTo('carla', 'o3')];
  const ringing = entryTransition(states.waiting, { type: 'offered', offer: first, beside: [second, third] }, NOON);
  if (!ringing.ok || ringing.next === null) throw new Error('not offered');
  const entry = ringing.next;

  it('the first who accepts has it, the others are taken back', () => {
    const taken = entryTransition(entry, { type: 'accepted', offer: 'o2' }, DURING);
    expect(taken).toMatchObject({ ok: true, next: { state: 'accepted', offer: second }, withdrawn: [first, third] });
    if (!taken.ok || taken.next === null) return;
    expect(entryTransition(taken.next, { type: 'accepted', offer: 'o1' }, DURING)).toEqual({
      ok: false,
      refused: 'no-such-offer',
    });
  });

  it('goes on ringing at the others until the last one has refused', () => {
    let now = entry;
    for (const [offer, left] of [
      ['o1', 2],
      ['o3', 1],
      ['o2', 0],
    ] as const) {
      const refused = entryTransition(now, { type: 'refused', offer, reason: 'rejected' }, DURING);
      if (!refused.ok || refused.next === null) throw new Error('still there');
      now = refused.next;
      expect(offersOf(now)).toHaveLength(left);
    }
    expect(now.state).toBe('waiting');
    expect(Object.keys(now.refusedBy)).toEqual(['ana', 'carla', 'bruno']);
  });

  it('all of them are taken back when the caller leaves', () => {
    const left = entryTransition(entry, { type: 'left', reason: 'caller-hung-up' }, DURING);
    expect(left).toEqual({ ok: true, next: null, withdrawn: [first, second, third] });
  });
});

it('the place is never touched: neither by an offer nor by what becomes of it', () => {
  const place = { priority: 7, seniorityMs: NOON - 600_000, joinedAtMs: NOON - 60_000, ageingMs: 30_000 };
  const preferred = { agent: 'ana', untilMs: NOON + 1 };
  const first: Entry = waiting('e1', 'support', 0, { ...place, preferred, fromAgent: 'carla', title: 'a task' });
  let entry: Entry = first;
  const events: EntryEvent[] = [
    { type: 'offered', offer, beside: [offerTo('bruno', 'offer-2')] },
    { type: 'refused', offer: 'offer-2', reason: 'busy' },
    { type: 'withdrawn', offer: 'offer-1' },
    { type: 'offered', offer },
    { type: 'accepted', offer: 'offer-1' },
    { type: 'returned', offer: 'offer-1', reason: 'unreachable' },
  ];
  for (const event of events) {
    const moved = entryTransition(entry, event, DURING);
    if (!moved.ok || moved.next === null) throw new Error(`${event.type} is not possible`);
    entry = moved.next;
    const { refusedBy: _refusedBy, ...rest } = entry;
    const { refusedBy: _none, state: _state, ...kept } = first;
    expect(rest).toMatchObject(kept);
  }
});
