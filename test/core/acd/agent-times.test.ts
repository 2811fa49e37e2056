// Times in states: by hand, and that they add up whatever happens to an agent.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentPresence } from '../../../src/core/acd/agent.js';
import { changeOf, type PresenceChange, timesOf, workTimesOf } from '../../../src/core/acd/agent-times.js';
import { type AgentEvent, agentTransition, newAgent } from '../../../src/core/acd/agent-transition.js';

const change = (atMs: number, state: PresenceChange['state'], reason?: string, version = 1): PresenceChange => ({
  ...{ agent: 'ana', atMs, state, version },
  ...(reason === undefined ? {} : { reason }),
});
const sumOf = (times: readonly { readonly ms: number }[]): number => times.reduce((sum, { ms }) => sum + ms, 0);

describe('times in states', () => {
  const day = [
    change(100, 'available'),
    change(150, 'ringing'),
    change(160, 'busy'),
    change(260, 'wrap-up'),
    change(280, 'break', 'lunch'),
    change(380, 'available'),
    change(390, 'break', 'course'),
    change(400, 'offline'),
  ];

  test('each state and each reason on its own', () => {
    expect(timesOf(day, 100, 400)).toEqual([
      { state: 'available', ms: 60 },
      { state: 'ringing', ms: 10 },
      { state: 'busy', ms: 100 },
      { state: 'wrap-up', ms: 20 },
      { state: 'break', reason: 'lunch', ms: 100 },
      { state: 'break', reason: 'course', ms: 10 },
    ]);
  });

  test('before the first change nothing is known; after the last it stays as it was', () => {
    expect(timesOf(day, 0, 120)).toEqual([
      { state: 'unknown', ms: 100 },
      { state: 'available', ms: 20 },
    ]);
    expect(timesOf(day, 390, 1_000)).toEqual([
      { state: 'break', reason: 'course', ms: 10 },
      { state: 'offline', ms: 600 },
    ]);
    expect(timesOf([], 5, 9)).toEqual([{ state: 'unknown', ms: 4 }]);
    expect(timesOf(day, 200, 200)).toEqual([]);
  });

  test('within one millisecond the version decides', () => {
    const crossing = [change(10, 'available', undefined, 7), change(10, 'busy', undefined, 8)];
    expect(timesOf(crossing.toReversed(), 10, 20)).toEqual([{ state: 'busy', ms: 10 }]);
  });

  test('occupancy is handling over handling, ringing and idle; a break is neither', () => {
    expect(workTimesOf(timesOf(day, 100, 400))).toEqual({ atWorkMs: 190, handlingMs: 120, occupancy: 120 / 190 });
    expect(workTimesOf(timesOf(day, 290, 300))).toEqual({ atWorkMs: 0, handlingMs: 0 });
  });
});

// ── Random days ─────────────────────────────────────────────────────────────────────────────────────────────────────

const DAY_MS = 86_400_000;
const resume = fc.constantFrom(
  { state: 'available' } as const,
  { state: 'offline' } as const,
  { state: 'break', reason: 'lunch' } as const,
);
/** What may happen to an agent; the names of offer and call are filled in from the state, now and then wrongly. */
const happening = fc.oneof(
  resume.map((to) => ({ type: 'set-state', to, reachable: true }) as const),
  resume.map((to) => ({ type: 'forced', to }) as const),
  fc.constant({ type: 'device-registered', first: true, availableOnRegister: true } as const),
  fc.constant({ type: 'device-unregistered', last: true } as const),
  fc
    .constantFrom('offered', 'accepted', 'refused', 'withdrawn', 'expired', 'call-ended', 'wrap-up-over')
    .map((type) => ({ type })),
  fc.constantFrom('wrap-up-finished', 'connected-outside', 'node-lost').map((type) => ({ type })),
  // The live store forgot everything, or the process was down and began anew.
  fc.constant({ type: 'forgotten' } as const),
);
const days = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000 }), happening), { maxLength: 200 });

function eventOf(type: string, presence: AgentPresence, nowMs: number): AgentEvent {
  const offer = presence.state === 'ringing' ? presence.offer : 'o1';
  const entry = presence.state === 'busy' ? presence.entry : 'e1';
  switch (type) {
    case 'offered':
      return { type, offer: 'o1', entry: 'e1', expiresAtMs: nowMs + 20_000 };
    case 'accepted':
      return { type, offer, interaction: 'i1', node: 'n1' };
    case 'refused':
      return { type, offer, reason: 'no-answer' };
    case 'withdrawn':
    case 'expired':
      return { type, offer };
    case 'call-ended':
      return { type, entry, wrapUpMs: 15_000, queue: 'support' };
    case 'connected-outside':
      return { type, interaction: 'i2', entry: 'e2', node: 'n1', why: 'own-call' };
    case 'node-lost':
      return { type, node: 'n1' };
    case 'wrap-up-finished':
      return { type };
    default:
      return { type: 'wrap-up-over' };
  }
}

test('the times of a random day add up to the time that passed, as if a clock had run beside it', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: 0, max: DAY_MS }), (steps, a, b) => {
      const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)];
      let nowMs = 0;
      let version = 1;
      let presence: AgentPresence = newAgent('ana', 0);
      const log: PresenceChange[] = [changeOf(presence, version)];
      /** State of each span as it went by: the reference. */
      const spans: { state: string; from: number; to: number }[] = [];
      for (const [pauseMs, step] of steps) {
        spans.push({ state: presence.state, from: nowMs, to: nowMs + pauseMs });
        nowMs += pauseMs;
        if (step.type === 'forgotten') presence = newAgent('ana', nowMs);
        else {
          const event = 'to' in step || 'first' in step || 'last' in step ? step : eventOf(step.type, presence, nowMs);
          const outcome = agentTransition(presence, event, nowMs);
          if (outcome.ok) presence = outcome.next;
        }
        version += 1;
        log.push(changeOf(presence, version));
      }
      spans.push({ state: presence.state, from: nowMs, to: Number.POSITIVE_INFINITY });
      const times = timesOf(log, fromMs, toMs);
      expect(sumOf(times)).toBe(toMs - fromMs);
      for (const state of ['offline', 'available', 'break', 'ringing', 'busy', 'wrap-up']) {
        const within = spans
          .filter((span) => span.state === state)
          .reduce((ms, { from, to }) => ms + Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs)), 0);
        expect(sumOf(times.filter((time) => time.state === state))).toBe(within);
      }
      // A node that is lost takes rows with it that nobody else wrote: something is missing, the sum is not.
      const lost = log.filter((_, index) => (index * 7 + log.length) % 3 > 0);
      expect(sumOf(timesOf(lost, fromMs, toMs))).toBe(toMs - fromMs);
    }),
    { numRuns: 500 },
  );
});
