// The formulas against published values, and Erlang A against its birth-and-death chain solved state by state.
import { describe, expect, it } from 'vitest';
import { erlangA, erlangB, erlangC, type ImpatientQuestion } from '../../../src/core/staffing/erlang.js';

const SECOND = 1_000;
const MINUTE = 60_000;

describe('Erlang B', () => {
  // R. B. Cooper, Introduction to Queueing Theory, and every printed table of Erlang's loss formula.
  it.each([
    [1, 1, 0.5],
    [2, 3, 0.2105],
    [10, 10, 0.2146],
    [10, 15, 0.0365],
    [100, 100, 0.0757],
    [100, 117, 0.0098],
  ])('%d erlangs on %d lines lose %d', (erlangs, lines, lost) => {
    expect(erlangB(erlangs, lines)).toBeCloseTo(lost, 4);
  });
});

describe('Erlang C', () => {
  it('the worked example of callcentrehelper.com: 100 calls in half an hour of 180 s, 14 agents', () => {
    const figures = erlangC({
      callsPerHour: 200,
      handleMs: 180 * SECOND,
      agents: 14,
      serviceLevelMs: 20 * SECOND,
      shortAbandonMs: 0,
    });
    expect(figures?.waits).toBeCloseTo(0.1741, 4);
    expect(figures?.serviceLevel).toBeCloseTo(0.8883, 3);
    expect(figures?.asaMs).toBeCloseTo(7_835, -1);
    expect(figures?.occupancy).toBeCloseTo(0.7143, 4);
  });

  it('has no answer when more comes than can be done', () => {
    const overload = { callsPerHour: 200, handleMs: 180 * SECOND, agents: 10, serviceLevelMs: 0, shortAbandonMs: 0 };
    expect(erlangC(overload)).toBeUndefined();
  });
});

describe('Erlang A', () => {
  // O. Garnett, A. Mandelbaum, M. Reiman, Designing a Call Center with Impatient Customers (2002), the example of section 1:
  // 48 calls a minute, 1 minute each, 50 agents, 2 minutes of patience.
  const published = {
    callsPerHour: 48 * 60,
    handleMs: MINUTE,
    agents: 50,
    patienceMs: 2 * MINUTE,
    serviceLevelMs: 20 * SECOND,
    shortAbandonMs: 0,
  };

  it('the published example: 3.1 % abandon, 3.7 s of wait, 93 % occupied', () => {
    const figures = erlangA(published);
    expect(figures.abandonRate).toBeCloseTo(0.031, 3);
    // The paper's wait is that of all callers, and by Palm it is abandonRate × patience.
    expect(figures.abandonRate * 120).toBeCloseTo(3.7, 1);
    expect(figures.occupancy).toBeCloseTo(0.93, 2);
  });

  it('the same example without impatience, as published: 20.8 s of wait, 96 % occupied', () => {
    const figures = erlangC(published);
    expect(figures?.asaMs).toBeCloseTo(20_800, -2);
    expect(figures?.occupancy).toBeCloseTo(0.96, 2);
  });

  it.each([
    { agents: 1, callsPerHour: 10 },
    { agents: 5, callsPerHour: 60 },
    { agents: 12, callsPerHour: 200 },
    { agents: 40, callsPerHour: 900 },
    { agents: 200, callsPerHour: 3_900 },
  ])('$agents agents and $callsPerHour calls an hour: the same as the chain of states', ({ agents, callsPerHour }) => {
    const question = { ...published, agents, callsPerHour, handleMs: 3 * MINUTE };
    const { abandonRate, occupancy, waits, asaMs } = erlangA(question);
    const chain = chainOf(question);
    expect(abandonRate).toBeCloseTo(chain.abandonRate, 6);
    expect(occupancy).toBeCloseTo(chain.occupancy, 6);
    expect(waits).toBeCloseTo(chain.waits, 6);
    expect(asaMs / chain.asaMs).toBeCloseTo(1, 5);
  });

  // Solved elsewhere: the balance of the states, and for a caller with so many before them the differential equations of the
  // chance to be served by then (Runge and Kutta, steps of 5 ms).
  it.each([
    [2_880, MINUTE, 50, 120, 20, 0.94302],
    [60, 3 * MINUTE, 5, 120, 20, 0.87217],
    [200, 3 * MINUTE, 12, 60, 20, 0.8603],
    [900, 3 * MINUTE, 40, 300, 30, 0.39972],
    [100, 4.5 * MINUTE, 8, 120, 20, 0.68269],
  ])(
    '%d calls of %d ms, %d agents, patience of %d s: within %d s %d',
    (callsPerHour, handleMs, agents, patience, goal, level) => {
      const times = { handleMs, patienceMs: patience * SECOND, serviceLevelMs: goal * SECOND, shortAbandonMs: 0 };
      expect(erlangA({ callsPerHour, agents, ...times }).serviceLevel).toBeCloseTo(level, 4);
    },
  );

  it('with endless patience it is Erlang C', () => {
    const patient = erlangA({ ...published, patienceMs: 1e12 });
    const endless = erlangC(published);
    expect(patient.serviceLevel).toBeCloseTo(endless?.serviceLevel ?? 0, 5);
    expect(patient.asaMs / (endless?.asaMs ?? 0)).toBeCloseTo(1, 4);
  });

  it('holds at the borders: nobody calls, nobody works, far too many call', () => {
    expect(erlangA({ ...published, callsPerHour: 0 }).serviceLevel).toBe(1);
    expect(erlangA({ ...published, agents: 0 })).toMatchObject({ abandonRate: 1, serviceLevel: 0 });
    const flood = erlangA({ ...published, callsPerHour: 1e6, patienceMs: 1e7 });
    expect(flood.abandonRate).toBeCloseTo(1 - 3_000 / 1e6, 4);
    expect(flood.occupancy).toBeCloseTo(1, 6);
    expect(erlangA({ ...published, callsPerHour: 1, agents: 1_000 })).toMatchObject({ abandonRate: 0 });
  });

  it('short abandonments count neither as answered nor as abandoned', () => {
    const all = erlangA({ ...published, agents: 45 });
    const long = erlangA({ ...published, agents: 45, shortAbandonMs: 5 * SECOND });
    expect(long.abandonRate).toBeLessThan(all.abandonRate);
    expect(long.serviceLevel).toBeGreaterThan(all.serviceLevel);
    expect(erlangA({ ...published, agents: 45, shortAbandonMs: 1e9 }).abandonRate).toBe(0);
  });
});

/** The share of time with 0, 1, 2 … callers in the system, from the balance of coming and going. */
function chainOf({ callsPerHour, handleMs, agents, patienceMs }: ImpatientQuestion) {
  const rate = callsPerHour / 3_600_000;
  const weights = [1];
  for (let inside = 1; inside < 5_000; inside += 1) {
    const leaving = Math.min(inside, agents) / handleMs + Math.max(0, inside - agents) / patienceMs;
    weights.push(((weights.at(-1) ?? 0) * rate) / leaving);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (value: (inside: number) => number): number =>
    weights.reduce((sum, weight, inside) => sum + (weight / total) * value(inside), 0);
  // Of somebody with so many before them: the chance to be served, and the wait of those who are, by the next change.
  let [reaches, waitsMs] = [1, 0];
  const byPlace = weights.slice(agents).map((_, ahead) => {
    const onwards = agents / handleMs + ahead / patienceMs;
    const change = onwards + 1 / patienceMs;
    waitsMs = (onwards / change) * (waitsMs + reaches / change);
    reaches *= onwards / change;
    return { reaches, waitsMs };
  });
  const served = mean((inside) => (inside < agents ? 1 : (byPlace[inside - agents]?.reaches ?? 0)));
  return {
    asaMs: mean((inside) => byPlace[inside - agents]?.waitsMs ?? 0) / served,
    abandonRate: mean((inside) => Math.max(0, inside - agents) / patienceMs) / rate,
    occupancy: mean((inside) => Math.min(inside, agents)) / agents,
    waits: mean((inside) => (inside >= agents ? 1 : 0)),
  };
}
