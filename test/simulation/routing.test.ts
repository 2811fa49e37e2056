// Random days of routing, checked after every step. `HILO_RUNS=2000 npx vitest run --project unit test/simulation/routing`
// looks at thousands; a failing day is its seed, which fast-check prints, and `HILO_SEED` repeats it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callbacksInFlight, callbacksMax } from '../../src/core/acd/callback-share.js';
import { channelOf, DEFAULT_CHANNELS } from '../../src/core/acd/choice/capacity.js';
import { compareEntries } from '../../src/core/acd/choice/line.js';
import { keptFor, ownFilterOf } from '../../src/core/acd/choice/own.js';
import { filterAt } from '../../src/core/acd/choice/pool.js';
import { compareContestants, contestant } from '../../src/core/acd/choice/strategy.js';
import { offersOf } from '../../src/core/acd/entry.js';
import { STRATEGIES } from '../../src/core/acd/queue.js';
import type { Floor } from '../../src/core/acd/select.js';
import { tallyOf } from '../../src/core/acd/tally/tally.js';
import { standOf } from '../../src/core/acd/why.js';
import { workCount, worksOf } from '../../src/core/acd/work/work.js';
import { Clockwork } from './clockwork.js';
import { LEASE_LAG_MS, offersBothWays, RoutingDay, type RoutingPlan } from './routing-day.js';

/** A few dozen days for each property in CI. */
const RUNS = Number(process.env['HILO_RUNS'] ?? 24);
const SEED = process.env['HILO_SEED'];

const plans = fc.record({
  agents: fc.integer({ min: 0, max: 8 }),
  entries: fc.integer({ min: 1, max: 90 }),
  hours: fc.constant(1),
});

function spend(seed: number, plan: RoutingPlan, look: (day: RoutingDay, clock: Clockwork) => void = () => undefined) {
  const clock = new Clockwork(seed);
  const day = new RoutingDay(clock, plan);
  clock.run(() => look(day, clock));
  return day;
}

function onAnyDay(check: (seed: number, plan: RoutingPlan) => void): void {
  const seed = SEED === undefined ? {} : { seed: Number(SEED) };
  fc.assert(fc.property(fc.integer(), plans, check), { numRuns: RUNS, ...seed });
}

/** Whom the rules would give to whom, found by asking everybody about everything: slow, and not how it is done. */
function servable(floor: Floor): string[] {
  const presences = new Map([...floor.agents].map((presence) => [presence.agent, presence]));
  const agentOf = (name: string) => {
    const [presence, config] = [presences.get(name), floor.agentConfigs.get(name)];
    return presence === undefined || config === undefined ? undefined : { presence, config };
  };
  return [...floor.waiting].flatMap((entry) => {
    const queue = floor.queues.get(entry.queue);
    if (entry.state !== 'waiting' || queue === undefined) return [];
    if (entry.kind === 'callback' && callbacksInFlight(queue.name, floor) >= callbacksMax(queue, floor)) return [];
    const kept = keptFor(entry, queue, agentOf, floor.nowMs);
    const stand = standOf(entry, queue, floor);
    return [...presences.values()].flatMap((presence) => {
      const config = floor.agentConfigs.get(presence.agent);
      if (config === undefined || (kept !== undefined && kept !== presence.agent)) return [];
      const stopped = filterAt(presence, config, stand) ?? ownFilterOf(entry, presence.agent, floor.nowMs);
      return stopped === undefined ? [`${entry.entry} ${presence.agent}`] : [];
    });
  });
}

describe('on any day of routing', () => {
  it('nobody is free and may serve while somebody waits', () => {
    onAnyDay((seed, plan) => {
      spend(seed, plan, (day) => {
        if (!day.pending) expect(servable(day.floor())).toEqual([]);
      });
    });
  });

  it('no agent has two calls, nor more messages and tasks than may be', () => {
    onAnyDay((seed, plan) => {
      spend(seed, plan, (day) => {
        const wrong = [...day.agents.values()].filter((presence) => {
          const talksWith = presence.state === 'busy' ? presence.entry : undefined;
          const own = day.configs.get(presence.agent)?.capacity;
          const tooMany = (['message', 'task'] as const).some(
            (kind) => workCount(presence, kind) > (own?.[kind] ?? DEFAULT_CHANNELS[kind].perAgent),
          );
          return tooMany || day.calls.get(presence.agent) !== talksWith;
        });
        expect(wrong).toEqual([]);
      });
    });
  });

  it('entries and agents know the same offers, and none outlives its lease', () => {
    onAnyDay((seed, plan) => {
      spend(seed, plan, (day, clock) => {
        const known = offersBothWays(day);
        expect(known.agents).toEqual(known.entries);
        for (const entry of day.entries.values()) {
          for (const { expiresAtMs } of offersOf(entry)) {
            expect(clock.nowMs).toBeLessThanOrEqual(expiresAtMs + LEASE_LAG_MS);
          }
        }
      });
    });
  });

  it('the order is total, and the explanation alone gives it again', () => {
    onAnyDay((seed, plan) => {
      const { rounds } = spend(seed, plan);
      for (const { floor, decisions } of rounds) {
        const waiting = [...floor.waiting].filter(({ state }) => state === 'waiting');
        const inOrder = waiting.toSorted((a, b) => compareEntries(a, b, floor.nowMs));
        expect(waiting.toReversed().toSorted((a, b) => compareEntries(a, b, floor.nowMs))).toEqual(inOrder);
        const places = decisions.map(({ entry }) => inOrder.findIndex((other) => other.entry === entry.entry));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (const { entry, agent, beside, why } of decisions) {
          const told = why.candidates.map(({ agent: name, values }) => contestant(name, values));
          expect(told.toSorted(compareContestants)).toEqual(told);
          expect(told.slice(0, 1 + beside.length).map((one) => one.agent)).toEqual(
            [agent, ...beside.map((other) => other.agent)].slice(0, told.length),
          );
          expect(why.order.seniorityMs).toBe(entry.seniorityMs);
        }
      }
    });
  });

  it('nobody’s place changes while they wait, however often they are offered', () => {
    onAnyDay((seed, plan) => {
      spend(seed, plan, (day) => {
        for (const entry of day.entries.values()) {
          const { priority, seniorityMs, joinedAtMs, ageingMs, preferred } = entry;
          const before = day.joined.get(entry.entry);
          expect([before?.priority, before?.seniorityMs, before?.joinedAtMs]).toEqual([
            priority,
            seniorityMs,
            joinedAtMs,
          ]);
          expect([before?.ageingMs, before?.preferred]).toEqual([ageingMs, preferred]);
        }
      });
    });
  });

  it('everybody who joined ends in one way: accepted or left, once', () => {
    onAnyDay((seed, plan) => {
      const day = spend(seed, plan);
      expect(day.entries.size).toBe(0);
      const ends = new Map<string, number>();
      for (const { what, entry } of day.log) {
        if (what === 'joined') ends.set(entry, 0);
        if (what === 'accepted' || what === 'left') ends.set(entry, (ends.get(entry) ?? 0) + 1);
      }
      expect([...ends.values()]).toEqual(Array.from({ length: plan.entries }, () => 1));
    });
  });

  it('what presences count is what the log says', () => {
    onAnyDay((seed, plan) => {
      const day = spend(seed, plan);
      for (const presence of day.agents.values()) {
        const own = day.log.filter(({ agent }) => agent === presence.agent);
        const calls = own.filter(({ what }) => what === 'call-over');
        const { calls: counted, talkMs } = tallyOf(presence);
        expect(counted).toBe(calls.length);
        expect(talkMs).toBe(calls.reduce((sum, one) => sum + (one.talkMs ?? 0), 0));
        expect(worksOf(presence)).toEqual([]);
        const offers = own.filter(({ what }) => what === 'offered').length;
        const ends = own.filter(({ what }) => ['accepted', 'refused', 'withdrawn', 'expired'].includes(what)).length;
        expect(ends).toBe(offers);
      }
    });
  });
});

it('such days have everything in them', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1) {
    const { rounds, log } = spend(seed, { agents: 6, entries: 80, hours: 1 });
    for (const { what } of log) seen.add(what);
    for (const { decisions } of rounds) {
      for (const { entry, why, beside } of decisions) {
        seen.add(why.strategy).add(channelOf(entry.kind)).add(entry.kind);
        if (beside.length > 0) seen.add('several at once');
        if ((why.ring?.number ?? 1) > 1) seen.add('a wider ring');
        if (why.preferred !== undefined) seen.add('kept for the agent');
        if (why.order.priority < entry.priority) seen.add('aged');
        for (const filter of Object.keys(why.counts.removed)) seen.add(filter);
      }
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...STRATEGIES,
      ...['call', 'callback', 'message', 'task', 'several at once', 'a wider ring', 'kept for the agent', 'aged'],
      ...['accepted', 'refused', 'withdrawn', 'expired', 'left'],
      ...['full', 'on-message', 'outside-ring', 'team-later', 'not-preferred', 'refused-this', 'backing-off'],
    ]),
  );
});
