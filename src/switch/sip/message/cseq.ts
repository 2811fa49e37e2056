// The CSeq header: a number and a method (RFC 3261 §20.16).
import { isToken, parseDecimal } from './grammar.js';

/** Sequence numbers stay below 2^31 (RFC 3261 §8.1.1.5). */
export const MAX_CSEQ = 2 ** 31 - 1;

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

export function parseCSeq(text: string): CSeq | undefined {
  const [digits = '', method = '', ...more] = text.trim().split(/[ \t]+/);
  const number = parseDecimal(digits, MAX_CSEQ);
  if (number === undefined || more.length > 0 || !isToken(method)) return undefined;
  return { number, method };
}
