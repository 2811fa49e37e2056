import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference, REFERENCE_BYTES, referenceFrom } from '../../../src/core/interaction/reference.js';

const bytes = fc.uint8Array({ minLength: REFERENCE_BYTES, maxLength: REFERENCE_BYTES });

describe('a reference', () => {
  it('is short and has no symbols that look or sound alike', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        expect(referenceFrom(random)).toMatch(/^H-[2-9A-HJKMNP-TW-Z]{4}-[2-9A-HJKMNP-TW-Z]{4}$/);
      }),
    );
  });

  it('is understood however it is typed', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const reference = referenceFrom(random);
        for (const typed of [
          reference,
          reference.toLowerCase(),
          reference.slice(2),
          ` ${reference.replaceAll('-', ' ')} `,
        ]) {
          expect(parseReference(typed)).toBe(reference);
        }
      }),
    );
  });

  it('with one symbol wrong, or two neighbours swapped, is not taken for another one', () => {
    fc.assert(
      fc.property(bytes, fc.nat(7), fc.constantFrom(...'23456789ABCDEFGHJKMNPQRSTWXYZ'), (random, place, symbol) => {
        const text = referenceFrom(random).replaceAll('-', '').slice(1);
        const wrong = text.slice(0, place) + symbol + text.slice(place + 1);
        if (wrong !== text) expect(parseReference(wrong)).toBeUndefined();
        const swapped = text.slice(0, place) + (text[place + 1] ?? '') + (text[place] ?? '') + text.slice(place + 2);
        if (swapped !== text) expect(parseReference(swapped)).toBeUndefined();
      }),
    );
  });

  it.each(['', 'H', 'hello', 'H-0000-0000', 'H-2222-222', 'H-2222-22222222'])('%j is none', (typed) => {
    expect(parseReference(typed)).toBeUndefined();
  });

  it('wants all its random bytes', () => {
    expect(() => referenceFrom(new Uint8Array(3))).toThrow('8 bytes');
  });
});
