import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import {
  BURST_S,
  MAX_SOURCES,
  SourceRates,
  TRUSTED_FACTOR,
  TRUSTED_FOR_MS,
} from '../../../src/switch/sip/source-rates.js';

const PER_SECOND = 10;
const INVITE = Buffer.from('INVITE sip:b@h SIP/2.0\r\n');
const BYE = Buffer.from('BYE sip:b@h SIP/2.0\r\n');
const RESPONSE = Buffer.from('SIP/2.0 200 OK\r\n');

function taken(rates: SourceRates, source: string, bytes = INVITE): number {
  let count = 0;
  while (count < 100_000 && rates.allows(source, bytes)) count++;
  return count;
}

describe('messages of one address', () => {
  it('come at the rate, with a burst', () => {
    const clock = new FakeClock();
    const rates = new SourceRates(clock, PER_SECOND);
    expect(taken(rates, '192.0.2.1')).toBe(PER_SECOND * BURST_S);
    clock.advance(1_000);
    expect(taken(rates, '192.0.2.1')).toBe(PER_SECOND);
    clock.advance(60_000);
    expect(taken(rates, '192.0.2.1')).toBe(PER_SECOND * BURST_S);
  });

  it('leave other addresses what is theirs', () => {
    const rates = new SourceRates(new FakeClock(), PER_SECOND);
    taken(rates, '192.0.2.1');
    expect(taken(rates, '192.0.2.2')).toBe(PER_SECOND * BURST_S);
  });

  it('still end calls, and answer, when nothing new is let in; not for ever', () => {
    const rates = new SourceRates(new FakeClock(), PER_SECOND);
    taken(rates, '192.0.2.1');
    expect(taken(rates, '192.0.2.1', BYE)).toBe(PER_SECOND * BURST_S);
    expect(taken(rates, '192.0.2.1', RESPONSE)).toBe(0);
  });

  it('come faster once a call or registration was accepted, for an hour', () => {
    const clock = new FakeClock();
    const rates = new SourceRates(clock, PER_SECOND);
    taken(rates, '192.0.2.1');
    rates.trust('192.0.2.1');
    expect(taken(rates, '192.0.2.1')).toBe(PER_SECOND * BURST_S * TRUSTED_FACTOR);
    rates.trust('192.0.2.1'); // no new burst
    expect(rates.allows('192.0.2.1', INVITE)).toBe(false);
    clock.advance(TRUSTED_FOR_MS);
    expect(taken(rates, '192.0.2.1')).toBe(PER_SECOND * BURST_S);
  });

  it('of forged addresses do not push trusted ones out', () => {
    const rates = new SourceRates(new FakeClock(), PER_SECOND);
    rates.trust('192.0.2.1');
    for (let n = 0; n < MAX_SOURCES + 10; n++) rates.allows(`forged ${n}`, INVITE);
    expect(taken(rates, '192.0.2.1')).toBe(PER_SECOND * BURST_S * TRUSTED_FACTOR);
  });
});
