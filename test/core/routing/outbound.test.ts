import { describe, expect, test } from 'vitest';
import { entryOf } from '../../../src/core/routing/numbers.js';
import { checkNumber, normaliseNumber } from '../../../src/core/routing/outbound.js';
import { sampleCentre } from '../../support/sample-centre.js';

const policy = {
  allowedPrefixes: ['+34', '+4420', '20', '+34902'],
  deniedPrefixes: ['+3462', '2099'],
  premium: false,
  maxPerHour: 1,
  maxPerDestinationPerHour: 1,
};

describe('numbers are written one way', () => {
  test.each([
    ['600 123 123', '+34600123123'],
    ['(+34) 600-123-123', ''],
    ['+34 600-123-123', '+34600123123'],
    ['0034600123123', '+34600123123'],
    ['2001', '2001'],
    ['anonymous', ''],
    ['', ''],
    ['600123123;ext=1', ''],
    ['600123123\r\nX: 1', ''],
    ['1'.repeat(41), ''],
  ])('%j → %j', (raw, number) => {
    expect(normaliseNumber(raw, 'ES')).toBe(number);
  });
});

describe('what may be dialled', () => {
  test.each([
    ['600123123', '+34600123123'],
    ['0034911234567', '+34911234567'],
    ['+442071838750', '+442071838750'],
    ['2001', '2001'],
  ])('%s, as %s', (raw, number) => {
    expect(checkNumber(raw, policy, 'ES')).toEqual({ ok: true, number });
  });

  test.each([
    ['+33142685300', 'prefix-not-allowed', 'a country that is not on the list'],
    ['+441632960000', 'not-a-number', 'a number that cannot exist'],
    ['+441904000000', 'prefix-not-allowed', 'another city than the one allowed'],
    ['+34620123123', 'prefix-denied', 'the longer prefix decides'],
    ['2099', 'prefix-denied', 'an internal number that is an exception'],
    ['3001', 'prefix-not-allowed', 'an internal number that is not on the list'],
    ['806123123', 'premium-number', 'premium rate'],
    ['0034806123123', 'premium-number', 'premium rate, written otherwise'],
    ['902123456', 'premium-number', 'shared cost, even with a prefix of its own'],
    ['+34905123456', 'not-a-number', 'tele-voting'],
    ['112', 'prefix-not-allowed', 'emergency'],
    ['+88212345678', 'not-a-number', 'satellite'],
    ['anonymous', 'not-a-number', 'no number'],
    ['*21*600123123#', 'not-a-number', 'a code of the exchange'],
  ])('not %s: %s (%s)', (raw, reason) => {
    expect(checkNumber(raw, policy, 'ES')).toMatchObject({ ok: false, reason });
  });

  test('premium numbers where the centre says so', () => {
    expect(checkNumber('902123456', { ...policy, premium: true }, 'ES')).toEqual({ ok: true, number: '+34902123456' });
  });

  test('an exception as long as its rule wins', () => {
    const both = { ...policy, allowedPrefixes: ['+34'], deniedPrefixes: ['+34'] };
    expect(checkNumber('600123123', both, 'ES')).toMatchObject({ reason: 'prefix-denied' });
  });
});

test('a dialled number finds its entry however it is written', () => {
  const centre = sampleCentre((text) => text.replace('  1000:', '  +34910000001: { to: voicemail }\n  1000:'));
  const found = ['910000001', '0034910000001', '+34910000001', '1000', '9999', ''].map(
    (dialled) => entryOf(centre, dialled)?.number,
  );
  expect(found).toEqual(['+34910000001', '+34910000001', '+34910000001', '1000', undefined, undefined]);
});
