import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/core/acd/entry.js';
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
  expect(entryTransition(states.offered, event, DURING)).toEqual({ ok: true, next: null, withdrawn: offer });
  expect(entryTransition(states.accepted, event, DURING)).toEqual({ ok: true, next: null });
});

it('joins waiting and refused by nobody', () => {
  const { state: _state, refusedBy: _refusedBy, ...place } = states.waiting;
  expect(joinQueue(place)).toEqual(states.waiting);
});
