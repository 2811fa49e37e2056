// Profiles of one person as one: who speaks for all, and what may be put together.
import { describe, expect, test } from 'vitest';
import {
  asOne,
  type Member,
  mergeRefusal,
  type Profile,
  TOGETHER_MAX,
} from '../../../src/core/interaction/contact/together.js';

function member(id: string, change: Partial<Profile> = {}, into?: string): Member {
  const addresses = [{ channel: 'voice' as const, value: `+3460000000${id}` }];
  const profile: Profile = { id, addresses, consent: 'unknown', ...change };
  return into === undefined ? { profile } : { profile, into };
}

describe('as one', () => {
  test('the main one speaks first, the others say what it does not know', () => {
    const all = [
      member('2', { name: 'E. Soler', language: 'ca', tags: ['late', 'vip'] }, '1'),
      member('1', { name: 'Eva Soler', tags: ['vip'] }),
    ];
    expect(asOne(all)).toEqual({
      id: '1',
      addresses: [
        { channel: 'voice', value: '+34600000001' },
        { channel: 'voice', value: '+34600000002' },
      ],
      name: 'Eva Soler',
      language: 'ca',
      tags: ['vip', 'late'],
      consent: 'unknown',
    });
  });

  test.each([
    ['given', 'unknown', 'given'],
    ['unknown', 'withdrawn', 'withdrawn'],
    ['given', 'withdrawn', 'withdrawn'],
  ] as const)('consent %s and %s is %s', (one, other, together) => {
    expect(asOne([member('1', { consent: one }), member('2', { consent: other }, '1')])?.consent).toBe(together);
  });

  test('nobody is nobody', () => {
    expect(asOne([])).toBeUndefined();
  });
});

describe('putting together', () => {
  test('two who stand alone', () => {
    expect(mergeRefusal([member('1')], [member('2')])).toBeUndefined();
  });

  test('not twice', () => {
    const both = [member('1'), member('2', {}, '1')];
    expect(mergeRefusal(both, both)).toBe('together-already');
  });

  test('not without end', () => {
    const many = Array.from({ length: TOGETHER_MAX }, (_, index) => member(`a${index}`, {}, index ? 'a0' : undefined));
    expect(mergeRefusal(many.slice(1), [member('2')])).toBeUndefined();
    expect(mergeRefusal(many, [member('2')])).toBe('too-many');
  });
});
