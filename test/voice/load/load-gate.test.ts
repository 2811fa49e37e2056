import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { LoadGate } from '../../../src/voice/load/load-gate.js';
import {
  LATE_TICKS_MAX,
  LOOP_DELAY_MAX_MS,
  type Load,
  pressuresOf,
  SET_UP_MAX_MS,
} from '../../../src/voice/load/pressure.js';
import { HOT_SAMPLES, LEAST_PER_S, SAMPLE_EVERY_MS } from '../../../src/voice/load/throttle.js';

const CALM: Load = { application: { utilisation: 0.3, delayMs: 1 }, media: [] };
const HOT: Load = { application: { utilisation: 0.99, delayMs: 3 * LOOP_DELAY_MAX_MS }, media: [] };
const server = { answerMs: 1, setUps: 1, setUpsMax: 60, setUpMs: 30 };

function gateOf(lines: string[] = []): { gate: LoadGate; clock: FakeClock; load: { now: Load } } {
  const clock = new FakeClock();
  const load = { now: CALM };
  const log = { ...silentLog, warn: (_fields: object, text = '') => void lines.push(text) };
  const gate = new LoadGate({ clock, log, measure: () => load.now });
  gate.start();
  return { gate, clock, load };
}

/** Calls at an even rate for so long; how many were let in. */
function callsFor(ms: number, perS: number, gate: LoadGate, clock: FakeClock): number {
  let admitted = 0;
  for (let gone = 0; gone < ms; gone += 1000 / perS) {
    clock.advance(1000 / perS);
    if (gate.admit(false)) admitted += 1;
  }
  return admitted;
}

describe('the gate', () => {
  it('takes everybody while the load is bearable', () => {
    const { gate, clock } = gateOf();
    expect(callsFor(2000, 100, gate, clock)).toBe(200);
    expect(gate.figures()).toMatchObject({ state: 'open', refused: 0 });
  });

  it('refuses under load, never those who may not be refused, and says when it begins and ends', () => {
    const lines: string[] = [];
    const { gate, clock, load } = gateOf(lines);
    callsFor(2000, 100, gate, clock);
    load.now = HOT;
    const admitted = callsFor(10_000, 100, gate, clock);
    expect(admitted).toBeLessThan(300);
    expect(gate.figures()).toMatchObject({ state: 'limited', refused: 1000 - admitted });
    for (let call = 0; call < 50; call += 1) expect(gate.admit(true)).toBe(true);
    load.now = CALM;
    for (let second = 0; second < 60; second += 1) callsFor(1000, 2, gate, clock);
    expect(gate.figures().state).toBe('open');
    expect(lines).toHaveLength(2);
    gate.close();
    load.now = HOT;
    clock.advance(10 * SAMPLE_EVERY_MS);
    expect(gate.figures().state).toBe('open');
  });

  it('spreads what it lets in: no crowd after a pause', () => {
    const { gate, clock, load } = gateOf();
    callsFor(2000, 100, gate, clock);
    load.now = HOT;
    clock.advance(2 * SAMPLE_EVERY_MS);
    const { ratePerS = 0 } = gate.figures();
    load.now = CALM;
    clock.advance(4_000);
    let breath = 0;
    while (breath < 1000 && gate.admit(false)) breath += 1;
    expect(breath).toBeLessThanOrEqual(Math.max(LEAST_PER_S, ratePerS));
  });

  it('where few call, a few at once are taken soon after a burst of load', () => {
    const { gate, clock, load } = gateOf();
    callsFor(2000, 1, gate, clock);
    load.now = HOT;
    clock.advance(HOT_SAMPLES * SAMPLE_EVERY_MS);
    load.now = CALM;
    clock.advance(1_000);
    const taken = Array.from({ length: LEAST_PER_S + 2 }, () => gate.admit(false));
    expect(gate.figures()).toMatchObject({ state: 'limited', refused: 2 });
    expect(taken.slice(0, LEAST_PER_S)).not.toContain(false);
  });
});

describe('pressures', () => {
  it('of several media servers the least burdened counts', () => {
    const burdened = { ...server, setUps: 120 };
    expect(pressuresOf({ ...CALM, media: [burdened, server] })['set-ups']).toBeCloseTo(1 / 60);
    expect(pressuresOf({ ...CALM, media: [burdened] })['set-ups']).toBe(2);
  });

  it.each([
    ['a late loop', { ...server, loop: { utilisation: 0.1, delayMs: 2 * LOOP_DELAY_MAX_MS } }, 'switch-delay', 2],
    ['a late media clock', { ...server, lateTicks: 2 * LATE_TICKS_MAX }, 'media-clock', 2],
    ['a slow answer', { ...server, answerMs: 600 }, 'media-answer', 2],
    ['slow set-ups', { ...server, setUpMs: 2 * SET_UP_MAX_MS }, 'set-up-time', 2],
    ['no room for set-ups at all', { ...server, setUpsMax: 0 }, 'set-ups', Number.POSITIVE_INFINITY],
  ])('%s', (_name, media, measure, pressure) => {
    expect(pressuresOf({ ...CALM, media: [media] })[measure]).toBe(pressure);
  });
});
