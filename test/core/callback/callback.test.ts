import { describe, expect, it } from 'vitest';
import {
  type CallbackCommand,
  type CallbackRule,
  decideCallback,
  nextAttemptMs,
} from '../../../src/core/callback/callback.js';
import type { Callback } from '../../../src/core/interaction/callback.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { abandonedWithOffer, at, record, requested, type Told } from '../../support/record.js';

const MINUTE = 60_000;
const rule: CallbackRule = {
  attemptDelaysMs: [0, 15 * MINUTE, 60 * MINUTE],
  offerValidMs: 3_600_000,
  nextOpenMs: (atMs) => atMs,
};
const place = {
  id: 'cb1',
  queue: 'support',
  number: '+34600123456',
  seniorityMs: at(10),
  priority: 5,
  attempts: 0,
  dueAtMs: at(100),
  source: 'message',
} as const;

const states = {
  none: undefined,
  offered: { state: 'offered', id: 'cb1', queue: 'support', message: 'msg1', offeredAtMs: at(0) },
  requested: { ...place, state: 'requested' },
  waiting: { ...place, state: 'waiting', entry: 'e2' },
  dialling: { ...place, attempts: 1, state: 'dialling', agent: 'ana' },
  ended: { state: 'ended', id: 'cb1', result: 'failed', reason: 'attempts-exhausted', endedAtMs: at(50), attempts: 3 },
} as const satisfies Record<string, Callback | undefined>;

const request: CallbackCommand = {
  type: 'request',
  id: 'cb2',
  number: '+34600999999',
  queue: 'sales',
  dueAtMs: at(300),
  seniorityMs: at(99),
  priority: 3,
  source: 'api',
};

// Columns: none, offered, requested, waiting, dialling, ended. What it comes to, or `!` why not.
const table: readonly (readonly [string, CallbackCommand, readonly string[]])[] = [
  ['request', request, ['requested', 'requested', 'requested', 'requested', '!already-dialling', 'requested']],
  [
    'attempt',
    { type: 'attempt', agent: 'ana' },
    ['!no-callback', '!not-promised', 'dialling', 'dialling', '!already-dialling', '!ended'],
  ],
  [
    'attempt-failed',
    { type: 'attempt-failed', reason: 'busy' },
    ['!no-callback', '!not-dialling', '!not-dialling', '!not-dialling', 'requested', '!ended'],
  ],
  [
    'connected',
    { type: 'connected' },
    ['!no-callback', '!not-dialling', '!not-dialling', '!not-dialling', 'connected', '!ended'],
  ],
  [
    'cancel',
    { type: 'cancel', reason: 'x' },
    ['!no-callback', 'cancelled', 'cancelled', 'cancelled', 'cancelled', '!ended'],
  ],
  ['decline', { type: 'decline', reason: 'x' }, ['!no-callback', 'refused', 'refused', 'refused', 'refused', '!ended']],
  [
    'supersede',
    { type: 'supersede', reason: 'x' },
    ['!no-callback', 'superseded', 'superseded', 'superseded', 'superseded', '!ended'],
  ],
  [
    'lapse in time',
    { type: 'lapse' },
    ['!no-callback', '!not-lapsed', '!not-lapsed', '!not-lapsed', '!not-lapsed', '!ended'],
  ],
];

describe('what may happen to a call-back in each state', () => {
  for (const [name, command, expected] of table) {
    it(name, () => {
      const found = Object.values(states).map((state) => {
        const decision = decideCallback(state, command, rule, at(100));
        if (!decision.ok) return `!${decision.refused}`;
        const last = decision.events.at(-1);
        if (last?.type === 'callback-ended') return last.data.result;
        return last?.type === 'callback-attempted' ? 'dialling' : 'requested';
      });
      expect(found).toEqual(expected);
    });
  }

  it('an offer lapses when its time is over, not a moment earlier', () => {
    const lapse = (seconds: number) => decideCallback(states.offered, { type: 'lapse' }, rule, at(seconds)).ok;
    expect([lapse(3_599.999), lapse(3_600)]).toEqual([false, true]);
  });

  it('nobody is dialled before it is due', () => {
    const attempt: CallbackCommand = { type: 'attempt', agent: 'ana' };
    expect(decideCallback(states.requested, attempt, rule, at(99))).toEqual({ ok: false, refused: 'not-due' });
  });

  it.each(['cancel', 'supersede', 'decline'] as const)('%s gives up the place in the queue', (type) => {
    expect(decideCallback(states.waiting, { type, reason: 'x' }, rule, at(100))).toMatchObject({ leaves: 'e2' });
    expect(decideCallback(states.requested, { type, reason: 'x' }, rule, at(100))).not.toHaveProperty('leaves');
  });
});

describe('asking again for another time', () => {
  it('moves the time and keeps everything else, above all the seniority', () => {
    const decision = decideCallback(states.waiting, request, rule, at(100));
    const { id: callback, attempts: _attempts, ...kept } = place;
    expect(decision).toEqual({
      ok: true,
      leaves: 'e2',
      events: [{ type: 'callback-requested', data: { callback, ...kept, dueAtMs: at(300) } }],
    });
  });

  it('after the end it is a new one', () => {
    const decision = decideCallback(states.ended, request, rule, at(100));
    expect(decision).toMatchObject({ events: [{ data: { callback: 'cb2', queue: 'sales', seniorityMs: at(99) } }] });
  });

  it('is never earlier than now and never outside the hours', () => {
    const opensAt = { ...rule, nextOpenMs: (atMs: number) => Math.max(atMs, at(1_000)) };
    const past = { ...request, dueAtMs: at(0) };
    expect(decideCallback(states.offered, past, rule, at(100))).toMatchObject({
      events: [{ data: { dueAtMs: at(100) } }],
    });
    expect(decideCallback(states.offered, past, opensAt, at(100))).toMatchObject({
      events: [{ data: { dueAtMs: at(1_000) } }],
    });
  });
});

describe('attempts', () => {
  it('follow the delays of the policy and then end', () => {
    expect([0, 1, 2, 3].map((made) => nextAttemptMs(made, rule, at(0)))).toEqual([
      at(0),
      at(0) + 15 * MINUTE,
      at(0) + 60 * MINUTE,
      undefined,
    ]);
  });

  it('of a whole story: three times busy, then the promise ends as failed, seniority kept throughout', () => {
    let story: readonly Told[] = [...abandonedWithOffer, [60, requested(60, 10)]];
    let seconds = 60;
    const seen: string[] = [];
    for (;;) {
      const { callback } = fold(record(story));
      if (callback?.state !== 'requested') {
        seen.push(callback?.state === 'ended' ? `${callback.result}: ${callback.reason}` : 'lost');
        break;
      }
      expect(callback.seniorityMs).toBe(at(10));
      seen.push(`due ${(callback.dueAtMs - at(0)) / 1000}`);
      seconds = (callback.dueAtMs - at(0)) / 1000;
      for (const command of [
        { type: 'attempt', agent: 'ana' },
        { type: 'attempt-failed', reason: 'busy' },
      ] as const) {
        const decision = decideCallback(fold(record(story)).callback, command, rule, at(seconds));
        if (!decision.ok) throw new Error(decision.refused);
        story = [...story, ...decision.events.map((event) => [seconds, event] as const)];
      }
    }
    expect(seen).toEqual(['due 60', 'due 960', 'due 4560', 'failed: attempts-exhausted']);
  });

  it('end at once when the number may never be called', () => {
    const decision = decideCallback(states.dialling, { type: 'attempt-failed', reason: 'not-allowed' }, rule, at(100));
    expect(decision).toMatchObject({
      events: [
        { type: 'callback-attempt-failed' },
        { type: 'callback-ended', data: { result: 'failed', reason: 'not-allowed' } },
      ],
    });
  });

  it('wait for the opening when the delay ends at night', () => {
    const night = { ...rule, nextOpenMs: () => at(50_000) };
    expect(decideCallback(states.dialling, { type: 'attempt-failed', reason: 'busy' }, night, at(100))).toMatchObject({
      events: [{ data: { nextAtMs: at(50_000) } }],
    });
  });
});

describe('rules of their own', () => {
  const own: CallbackRule = { ...rule, retryAfterMs: { busy: [2 * MINUTE, 5 * MINUTE], machine: [] } };

  it.each([
    ['busy', 1, 2],
    ['busy', 2, 5],
    ['busy', 3, undefined],
    ['machine', 1, undefined],
    ['no-answer', 1, 15],
    ['no-answer', 2, 60],
    ['constructor', 1, 15],
  ])('%s, %i attempts made: the next one after %s minutes', (reason, made, minutes) => {
    const expected = minutes === undefined ? undefined : at(0) + minutes * MINUTE;
    expect(nextAttemptMs(made, own, at(0), reason)).toBe(expected);
  });
});

describe('a call-back that belongs to an agent', () => {
  const asked = { ...request, owner: { agent: 'ana', waitMs: 10 * MINUTE } } as CallbackCommand;

  it('is kept for that agent from when it is due', () => {
    const decision = decideCallback(undefined, asked, rule, at(100));
    const [event] = decision.ok ? decision.events : [];
    expect(event?.type).toBe('callback-requested');
    if (event?.type !== 'callback-requested') return;
    expect(event.data.owner).toEqual({ agent: 'ana', untilMs: event.data.dueAtMs + 10 * MINUTE });
  });

  it('stays that agent’s when the customer moves it, for as long as before', () => {
    const owned = { ...states.requested, owner: { agent: 'ana', untilMs: place.dueAtMs + 4 * MINUTE } };
    const later = { ...request, dueAtMs: at(5_000) } as CallbackCommand;
    expect(decideCallback(owned, later, rule, at(101))).toMatchObject({
      events: [{ data: { dueAtMs: at(5_000), owner: { agent: 'ana', untilMs: at(5_000) + 4 * MINUTE } } }],
    });
  });
});
