import { describe, expect, it } from 'vitest';
import { FAILURES_MAX, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, TrunkHealth } from '../../src/app/call/trunk-health.js';
import type { DialOutcome } from '../../src/app/ports.js';
import { FakeClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';

const dead: DialOutcome = { kind: 'failed', reason: 'unreachable', sipStatus: 503 };
const silent: DialOutcome = { kind: 'failed', reason: 'unreachable' };

describe('a trunk that takes no calls', () => {
  it('is left alone after some failures in a row, longer each time, up to a limit', () => {
    const clock = new FakeClock();
    const health = new TrunkHealth(clock, silentLog);
    for (let failure = 1; failure < FAILURES_MAX; failure += 1) health.note('lab', failure % 2 ? dead : silent);
    expect(health.pauseMs('lab')).toBe(0);
    health.note('lab', silent);
    expect(health.pauseMs('lab')).toBe(FIRST_PAUSE_MS);
    expect(health.pauseMs('other')).toBe(0);
    clock.advance(FIRST_PAUSE_MS);
    expect(health.pauseMs('lab')).toBe(0);
    health.note('lab', dead);
    expect(health.pauseMs('lab')).toBe(2 * FIRST_PAUSE_MS);
    for (let failure = 0; failure < 40; failure += 1) health.note('lab', dead);
    expect(health.pauseMs('lab')).toBe(LONGEST_PAUSE_MS);
  });

  it.each<[string, DialOutcome]>([
    ['busy', { kind: 'failed', reason: 'busy', sipStatus: 486 }],
    ['no answer', { kind: 'failed', reason: 'no-answer', sipStatus: 480 }],
    ['a number that does not exist', { kind: 'failed', reason: 'unreachable', sipStatus: 404 }],
  ])('%s says that the trunk works', (_name, outcome) => {
    const health = new TrunkHealth(new FakeClock(), silentLog);
    for (let failure = 0; failure < FAILURES_MAX; failure += 1) health.note('lab', dead);
    health.note('lab', outcome);
    expect(health.pauseMs('lab')).toBe(0);
    health.note('lab', dead);
    expect(health.pauseMs('lab')).toBe(0);
  });

  it('a withdrawn call says nothing', () => {
    const health = new TrunkHealth(new FakeClock(), silentLog);
    for (let failure = 0; failure < FAILURES_MAX; failure += 1) health.note('lab', dead);
    health.note('lab', { kind: 'withdrawn' });
    expect(health.pauseMs('lab')).toBe(FIRST_PAUSE_MS);
  });
});
