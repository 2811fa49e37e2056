// The address of somebody who writes on a web page: a name of ours that leads nowhere else, and what people read in its place.
import type { Language } from '../language.js';

const PREFIX = 'web-';
const LETTERS = 24;
const FIRST_LETTER = 'a'.charCodeAt(0);

/**
 * `digest`: of the visitor's secret, in hexadecimal; at least 24 digits of it. In the address they are letters, a to p: nothing
 * that reads numbers out of texts finds one in it, so no visitor is ever taken for whoever has that number.
 */
export function visitorAddress(digest: string): string {
  const letters = [...digest.slice(0, LETTERS)].map((digit) =>
    String.fromCharCode(FIRST_LETTER + Number.parseInt(digit, 16)),
  );
  return PREFIX + letters.join('');
}

const ADDRESS = new RegExp(`^${PREFIX}[a-p]{${LETTERS}}$`);

export function isVisitorAddress(value: string): boolean {
  return ADDRESS.test(value);
}

const VISITOR: Readonly<Record<Language, string>> = { es: 'Visitante', en: 'Visitor' };
/** Enough to tell apart those who write at the same time. */
const MARK_LETTERS = 4;

/** An address as people read it: `Visitor KDPA`; what is no visitor's stays as it is. */
export function addressText(value: string, language: Language): string {
  if (!isVisitorAddress(value)) return value;
  return `${VISITOR[language]} ${value.slice(PREFIX.length, PREFIX.length + MARK_LETTERS).toUpperCase()}`;
}
