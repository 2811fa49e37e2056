// The number by which people name an interaction on the phone: `H-7K3Q-X2PD`.
//
// Eight symbols, the last one a check: 29^7 = 17 thousand million references. The alphabet has no letters that look or
// sound alike in Spanish or English (no I, L, O, U, V, 0, 1). One wrong symbol and two neighbours swapped are always
// noticed, because the check is a sum modulo the prime 29 in which neighbours weigh differently.

import { assert } from '../../lib/assert.js';

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const PAYLOAD = 7;
/** Random bytes that {@link referenceFrom} wants: far more than it keeps, so that all references are equally likely. */
export const REFERENCE_BYTES = 8;

/** A reference from {@link REFERENCE_BYTES} random bytes. */
export function referenceFrom(bytes: Uint8Array): string {
  assert(bytes.length === REFERENCE_BYTES, `a reference takes ${REFERENCE_BYTES} bytes, got ${bytes.length}`);
  let rest = bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  const values: number[] = [];
  for (let at = 0; at < PAYLOAD; at += 1) {
    values.push(Number(rest % BigInt(ALPHABET.length)));
    rest /= BigInt(ALPHABET.length);
  }
  values.push((ALPHABET.length - (weighted(values) % ALPHABET.length)) % ALPHABET.length);
  const text = values.map((value) => ALPHABET[value]).join('');
  return `H-${text.slice(0, 4)}-${text.slice(4)}`;
}

/** The reference as somebody typed or dictated it (any case, spaces, with or without `H` and hyphens), or undefined. */
export function parseReference(typed: string): string | undefined {
  const symbols = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const text = symbols.length === PAYLOAD + 2 && symbols.startsWith('H') ? symbols.slice(1) : symbols;
  const values = [...text].map((symbol) => ALPHABET.indexOf(symbol));
  if (values.length !== PAYLOAD + 1 || values.includes(-1)) return undefined;
  const [check = 0] = values.slice(PAYLOAD);
  if ((weighted(values.slice(0, PAYLOAD)) + check) % ALPHABET.length !== 0) return undefined;
  return `H-${text.slice(0, 4)}-${text.slice(4)}`;
}

/** Weights 8 … 2 from the left; the check symbol itself weighs 1. */
function weighted(values: readonly number[]): number {
  return values.reduce((sum, value, at) => sum + value * (PAYLOAD + 1 - at), 0);
}
