import { describe, expect, test } from 'vitest';
import { findOtherNumber } from '../../../src/core/document/other-number.js';

describe('a text that sends people elsewhere is found, with its place', () => {
  test.each([
    ['Para averías llame al 900 123 456.', 13],
    ['Llámenos al teléfono de averías.', 0],
    ['Marque el número 010.', 0],
    ['Llame al 112 233 445.', 0],
    ['Llame al 900.123.456.', 0],
    ['Es el nueve uno cero, uno dos tres, uno dos tres.', 6],
    ['Please call us at +34 910 000 000.', 7],
    ['Ring our hotline: 0800-123-4567.', 18],
    ['Call us on the other line, or ring on our phone number.', 0],
    ['Dial nine one zero, one two three.', 0],
  ])('%s', (text, offset) => {
    const found = findOtherNumber(text);
    if (text.startsWith('Call us on the other')) expect(found?.words).toContain('ring on our phone number');
    else expect(found).toMatchObject({ offset });
  });
});

describe('what is none is let alone', () => {
  test.each([
    'Le llamamos al número desde el que llama.',
    'Marque su número de cliente y pulse almohadilla.',
    'Abrimos de 09:00 a 19:00, también el 2026-12-24.',
    'Llámenos cuando quiera, o escríbanos.',
    'Call us whenever you like. Your reference is H-2026.',
    'Para ventas, pulse uno. Para soporte, pulse dos.',
    'Reply 1 for a call, 2 if you no longer need it.',
    'Su pedido 4711 llega en 24 horas.',
    'Si es una emergencia, llame al 112. Si no, pulse 1.',
    'If this is an emergency, hang up and dial 911.',
    'El plazo acaba el 31/12/2026.',
    'Su expediente es el 2026-000123.',
    'Hasta 1.000.000 de euros.',
  ])('%s', (text) => {
    expect(findOtherNumber(text)).toBeUndefined();
  });
});
