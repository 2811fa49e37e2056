import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import {
  BAN_MS,
  FailureLimit,
  MAX_PER_ADDRESS,
  MAX_PER_NAME,
  MAX_SOURCES,
  WINDOW_MS,
} from '../../../src/voice/registrar/failure-limit.js';

function fail(limit: FailureLimit, times: number, name = 'ana-desk'): void {
  for (let n = 0; n < times; n++) limit.failed('192.0.2.1', name);
}

describe('limit on wrong passwords', () => {
  it('shuts a name of one address out after some failures, and lets it in again after the ban', () => {
    const clock = new FakeClock();
    const limit = new FailureLimit(clock);
    fail(limit, MAX_PER_NAME - 1);
    expect(limit.banned('192.0.2.1', 'ana-desk')).toBe(false);
    expect(limit.failed('192.0.2.1', 'ana-desk')).toBe(true);
    expect(limit.banned('192.0.2.1', 'ana-desk')).toBe(true);
    expect(limit.banned('192.0.2.1', 'bruno-desk')).toBe(false);
    expect(limit.banned('192.0.2.2', 'ana-desk')).toBe(false);
    clock.advance(BAN_MS);
    expect(limit.banned('192.0.2.1', 'ana-desk')).toBe(false);
  });

  it('shuts an address out that tries many names', () => {
    const limit = new FailureLimit(new FakeClock());
    for (let n = 0; n < MAX_PER_ADDRESS; n++) limit.failed('192.0.2.1', `agent${n}`);
    expect(limit.banned('192.0.2.1', 'never tried')).toBe(true);
  });

  it('forgives failures that are far apart, and those before a right password', () => {
    const clock = new FakeClock();
    const limit = new FailureLimit(clock);
    fail(limit, MAX_PER_NAME - 1);
    clock.advance(WINDOW_MS);
    fail(limit, MAX_PER_NAME - 1);
    limit.succeeded('192.0.2.1', 'ana-desk');
    fail(limit, MAX_PER_NAME - 1);
    expect(limit.banned('192.0.2.1', 'ana-desk')).toBe(false);
  });

  it('remembers a bounded number of sources', () => {
    const limit = new FailureLimit(new FakeClock());
    fail(limit, MAX_PER_NAME);
    for (let n = 0; n < MAX_SOURCES; n++) limit.failed(`10.0.${n >> 8}.${n & 255}`, 'x');
    expect(limit.banned('192.0.2.1', 'ana-desk')).toBe(false);
  });
});
