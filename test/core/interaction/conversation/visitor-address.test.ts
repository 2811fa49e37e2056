// Whoever writes on a web page and gives no name: an address that leads nowhere, and what people read in its place.
import { expect, test } from 'vitest';
import {
  addressText,
  isVisitorAddress,
  visitorAddress,
} from '../../../../src/core/interaction/conversation/visitor-address.js';

const ADDRESS = visitorAddress('a3f0'.repeat(16));

test('is a visitor to people, with a mark that tells them apart', () => {
  expect(ADDRESS).toBe(`web-${'kdpa'.repeat(6)}`);
  expect([addressText(ADDRESS, 'en'), addressText(ADDRESS, 'es')]).toEqual(['Visitor KDPA', 'Visitante KDPA']);
  expect(addressText(visitorAddress('00ff'.repeat(16)), 'en')).toBe('Visitor AAPP');
});

test.each(['', '+34600111222', 'anonymous', 'web-form', `${ADDRESS}a`, `x${ADDRESS}`, ADDRESS.toUpperCase()])(
  '%j is none, and is shown as it is',
  (address) => {
    expect(isVisitorAddress(address)).toBe(false);
    expect(addressText(address, 'es')).toBe(address);
  },
);
