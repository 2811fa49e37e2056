// Random days, checked after every step and once more in the evening. A failing day is its seed: fast-check prints it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../src/core/acd/agent.js';
import { compareEntries } from '../../src/core/acd/choice/line.js';
import { EXPLAINED_MAX } from '../../src/core/acd/select.js';
import { fold } from '../../src/core/interaction/interaction.js';
import { kpiOf } from '../../src/core/interaction/kpi.js';
import { outcomesOf, unaccounted } from '../../src/core/interaction/outcome.js';
import { timeline } from '../../src/core/interaction/timeline/timeline.js';
import { START } from '../support/record.js';
import { Clockwork } from './clockwork.js';
import { Day, type DayPlan } from './day.js';
import { SWEEP_LAG_MS } from './floor.js';

const plans = fc.record({
  agents: fc.integer({ min: 0, max: 6 }),
  callers: fc.integer({ min: 1, max: 120 }),
  customers: fc.integer({ min: 1, max: 60 }),
  nodeDeaths: fc.integer({ min: 0, max: 4 }),
});

function spend(seed: number, plan: DayPlan, afterEach: (day: Day, clock: Clockwork) => void = () => undefined) {
  const clock = new Clockwork(seed);
  const day = new Day(clock, plan);
  clock.run(() => afterEach(day, clock));
  day.floor.close();
  return { day, clock };
}

/** A few dozen days in CI; `HILO_DAYS=100` looks at a hundred times as many. */
const TIMES = Number(process.env['HILO_DAYS'] ?? 1);

function onAnyDay(check: (seed: number, plan: DayPlan) => void, numRuns = 20): void {
  fc.assert(fc.property(fc.integer(), plans, check), { numRuns: numRuns * TIMES });
}

function timeIn(day: Day, agent: string, state: AgentState): number {
  return day.floor.spells
    .filter((spell) => spell.agent === agent && spell.state === state)
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

/** What the record says each agent talked, in ms. */
function talkedBy(day: Day): Map<string, number> {
  const talked = new Map<string, number>();
  const agentOf = new Map<string, string>();
  for (const { event } of day.records.events()) {
    if (event.type === 'connected') agentOf.set(event.data.segment, event.data.agent);
    if (event.type !== 'call-ended') continue;
    const agent = agentOf.get(event.data.segment);
    if (agent !== undefined) talked.set(agent, (talked.get(agent) ?? 0) + event.data.talkedMs);
  }
  return talked;
}

function wrappedUpBy(day: Day): Map<string, number> {
  const wrappedUp = new Map<string, number>();
  for (const { event } of day.records.events()) {
    if (event.type !== 'wrapped-up') continue;
    const { agent, wrapUpMs } = event.data;
    wrappedUp.set(agent, (wrappedUp.get(agent) ?? 0) + wrapUpMs);
  }
  return wrappedUp;
}

/** The names are all of these; of more than a list has room for, some. */
function expectNamed(names: readonly string[], these: readonly string[]): void {
  if (these.length <= EXPLAINED_MAX) expect(names.toSorted()).toEqual(these.toSorted());
  else expect(these).toEqual(expect.arrayContaining([...names]));
}

describe('on any day', () => {
  it('no agent has two calls, and each one who talks is busy with exactly that', () => {
    onAnyDay((seed, plan) => {
      spend(seed, plan, (day) => {
        const talking = day.talking();
        expect(new Set(talking).size).toBe(talking.length);
        const busy = [...day.floor.agents.values()].filter(({ state }) => state === 'busy').map(({ agent }) => agent);
        expect(busy.toSorted()).toEqual(talking.toSorted());
      });
    });
  });

  it('each offer is known to one agent and one entry, and none outlives its lease', () => {
    onAnyDay((seed, plan) => {
      spend(seed, plan, ({ floor }, clock) => {
        const ringing = [...floor.agents.values()].flatMap((agent) => (agent.state === 'ringing' ? [agent] : []));
        const offered = [...floor.entries.values()].flatMap((entry) => (entry.state === 'offered' ? [entry] : []));
        expect(ringing.map(({ agent, offer, entry }) => `${entry} ${offer} ${agent}`).toSorted()).toEqual(
          offered.map(({ entry, offer }) => `${entry} ${offer.id} ${offer.agent}`).toSorted(),
        );
        // It may be found late that a lease ran out, but nobody can accept meanwhile: the floor throws then.
        for (const { offer } of offered) expect(clock.nowMs).toBeLessThanOrEqual(offer.expiresAtMs + SWEEP_LAG_MS);
      });
    });
  });

  it('nobody overtakes without a reason that stands in the explanation', () => {
    onAnyDay((seed, plan) => {
      const { floor } = spend(seed, plan).day;
      for (const { waiting, decisions, nowMs } of floor.rounds) {
        const served = new Map(decisions.map((decision) => [decision.entry.entry, decision]));
        for (const { entry, agent, why } of decisions) {
          const skills = floor.agentConfigs.get(agent)?.skills ?? {};
          // Whoever stood before this entry, by the values that were recorded, has an agent too or was passed over.
          const before = waiting.filter((other) => compareEntries(other, { ...entry, ...why.order }, nowMs) < 0);
          const servable = before.filter(({ queue }) => (floor.queues.get(queue)?.skill ?? '') in skills);
          const overtaken = new Map(servable.filter((o) => !served.has(o.entry)).map((o) => [o.entry, o]));
          const { passedOver, heldBack = [] } = why;
          expectNamed([...passedOver, ...heldBack], [...overtaken.keys()]);
          for (const id of passedOver) expect(overtaken.get(id)?.refusedBy[agent]).toBeDefined();
          for (const id of heldBack) expect(overtaken.get(id)?.kind).toBe('callback');
          const idle = why.candidates.map(({ values }) => values['idleMs'] ?? 0);
          expect(idle).toEqual(idle.toSorted((a, b) => b - a));
          expect(why.candidates[0]?.agent).toBe(agent);
        }
      }
    });
  });

  it('every caller ends in exactly one outcome, at every moment and in the evening', () => {
    onAnyDay((seed, plan) => {
      const { day } = spend(seed, plan);
      const events = day.records.events();
      expect(unaccounted(events, () => false)).toEqual([]);
      expect(outcomesOf(events)).toHaveLength(plan.callers);
      expect(day.floor.entries.size).toBe(0);
      const left = day.records.states().filter(({ state }) => state !== 'idle');
      expect(left.map(({ id, state, callback }) => ({ id, state, callback }))).toEqual([]);
    });
    onAnyDay((seed, plan) => {
      let steps = 0;
      spend(seed, plan, (day) => {
        steps += 1;
        if (steps % 50 !== 0) return;
        expect(unaccounted(day.records.events(), (segment) => day.isLive(segment))).toEqual([]);
      });
    }, 8);
  });

  it('nobody is asked twice at once, and every promise is kept or its end told', () => {
    onAnyDay((seed, plan) => {
      const { day } = spend(seed, plan);
      for (const { events } of day.records.threads.values()) {
        const told = events.map(({ event }) => event);
        const offers = told.filter(({ type }) => type === 'callback-offered').length;
        const ends = told.filter(({ type }) => type === 'callback-ended');
        const promised = new Set(told.flatMap((e) => (e.type === 'callback-requested' ? [e.data.callback] : [])));
        const ended = ends.flatMap((e) => (e.type === 'callback-ended' ? [e.data.callback] : []));
        expect(new Set(ended).size).toBe(ended.length);
        for (const callback of promised) expect(ended).toContain(callback);
        expect(ended.length).toBeGreaterThanOrEqual(offers);
      }
    });
  });

  it('the time of every agent adds up', () => {
    onAnyDay((seed, plan) => {
      const { day, clock } = spend(seed, plan);
      const dayMs = clock.nowMs - START;
      for (const agent of day.floor.agents.keys()) {
        const spells = day.floor.spells.filter((spell) => spell.agent === agent);
        let endMs = START;
        for (const { fromMs, toMs } of spells) {
          expect(fromMs).toBe(endMs);
          endMs = toMs;
        }
        expect(spells.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)).toBe(dayMs);
      }
      for (const [agent, talkedMs] of talkedBy(day)) expect(talkedMs).toBeLessThanOrEqual(timeIn(day, agent, 'busy'));
      for (const [agent, wrapUpMs] of wrappedUpBy(day)) {
        expect(wrapUpMs).toBeLessThanOrEqual(timeIn(day, agent, 'wrap-up'));
      }
    });
  });

  it('the record says the same again, and can be told and counted', () => {
    onAnyDay((seed, plan) => {
      const { day } = spend(seed, plan);
      for (const { events, state } of day.records.threads.values()) {
        expect(fold(JSON.parse(JSON.stringify(events)))).toEqual(state);
        for (const { text } of timeline(events, 'es')) expect(text).not.toMatch(/undefined|NaN/);
      }
      const { offered, answered, abandoned, shortAbandoned, flowedOut, waiting } = kpiOf(day.records.events(), {
        serviceLevelMs: 20_000,
        shortAbandonMs: 5_000,
      });
      expect(waiting).toBe(0);
      expect(offered).toBe(answered + abandoned + shortAbandoned + flowedOut);
    });
  });
});

it('a day is its seed', () => {
  const plan = { agents: 4, callers: 60, customers: 20, nodeDeaths: 2 };
  const first = spend(7, plan).day.records.events();
  expect(spend(7, plan).day.records.events()).toEqual(first);
  expect(spend(8, plan).day.records.events()).not.toEqual(first);
});

it('such days are eventful: everything that can happen happens', () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= 12; seed += 1) {
    const { day } = spend(seed, { agents: 4, callers: 120, customers: 40, nodeDeaths: 3 });
    for (const { event } of day.records.events()) {
      const detail = 'result' in event.data ? `: ${event.data.result}` : '';
      seen.set(event.type + detail, (seen.get(event.type + detail) ?? 0) + 1);
    }
  }
  for (const expected of [
    'offer-refused',
    'offer-withdrawn',
    'overflowed',
    'node-lost',
    'message-declined',
    'wrapped-up',
    'callback-attempt-failed',
    'callback-ended: connected',
    'callback-ended: cancelled',
    'callback-ended: superseded',
    'callback-ended: refused',
    'callback-ended: failed',
    'call-ended: served',
    'call-ended: abandoned',
    'call-ended: short-abandoned',
    'call-ended: callback-promised',
    'call-ended: message-sent',
    'call-ended: refused',
    'call-ended: no-answer',
    'call-ended: failed',
  ]) {
    expect(seen.get(expected) ?? 0, expected).toBeGreaterThan(0);
  }
});
