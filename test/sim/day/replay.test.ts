// Whole simulated days, replayed: the explanation of every offer reproduces it, whatever the strategy.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../../src/core/acd/queue.js';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { replay } from '../../../src/core/replay/replay.js';
import { simulate } from '../../../src/sim/day/world/day.js';
import { planOfDay, steady, withQueues } from './scene.js';

const CENTRE = readFileSync('ivr-flows/centre.yaml', 'utf8');

/** Nine to ten: more calls than the agents can do at once. */
const morning = planOfDay({
  arrivals: {
    kind: 'profile',
    perHour: new Map([
      ['support', steady(80, 9, 10)],
      ['sales', steady(40, 9, 10)],
    ]),
  },
});

it.each(['random', 'weighted'] as const)(
  '%s: what was drawn is drawn again, and from another seed it differs',
  (strategy) => {
    const { threads } = simulate(withQueues(morning, { strategy }), 21, 0);
    const offers = threads.flatMap(({ events }) => stored(events).filter(({ event }) => event.type === 'offered'));
    const seeded = (events: RecordedEvent[], add: number): RecordedEvent[] =>
      events.map((recorded) => {
        const { event } = recorded;
        if (event.type !== 'offered') throw new Error('offers alone');
        const why = { ...event.data.why, seed: (event.data.why.seed ?? 0) + add };
        return { ...recorded, event: { ...event, data: { ...event.data, why } } };
      });
    const router = (events: RecordedEvent[]) =>
      replay(events, () => undefined).findings.differences.filter(({ part }) => part === 'router').length;
    expect(router(seeded(offers, 0))).toBe(0);
    expect(router(seeded(offers, 1))).toBeGreaterThan(0.9 * offers.length);
  },
);

describe.each(STRATEGIES)('%s', (strategy) => {
  it('every offer, promise and call-back of a busy morning is decided the same again', () => {
    const { threads } = simulate(withQueues(morning, { strategy }), 21, 0);
    const same = { router: 0, policy: 0, 'call-back': 0 };
    for (const { events } of threads) {
      const { findings } = replay(stored(events), (name) => (name === 'centre' ? CENTRE : undefined));
      expect(findings.differences).toEqual([]);
      expect(findings.unchecked.filter(({ part }) => part !== 'flow')).toEqual([]);
      for (const part of ['router', 'policy', 'call-back'] as const) same[part] += findings.same[part];
    }
    expect(same.router).toBeGreaterThan(100);
    expect(same.policy).toBeGreaterThan(1);
    expect(same['call-back']).toBeGreaterThan(1);
  });
});

/** As it comes back from PostgreSQL, where the keys of an object stand in an order of their own: by length, then by letter. */
function stored(events: readonly RecordedEvent[]): RecordedEvent[] {
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)));
  return JSON.parse(JSON.stringify(events, sorted));
}
