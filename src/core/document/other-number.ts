// Finds the place in a text where people are told to call somewhere else, in Spanish or English.

const DIGIT_WORDS_ES = 'cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve';
const DIGIT_WORDS_EN = 'zero|oh|one|two|three|four|five|six|seven|eight|nine';
/** Fewer digits than in any subscriber number are amounts, years, keys. */
const LEAST_DIGITS = 7;

/** Of police, doctors and firemen in Europe, Spain, the United Kingdom and the Americas: who needs them is to call them. */
const EMERGENCY = '(?:112|911|999|016|024|06[12]|080|085|091|092)(?!\\d|[\\s./-]\\d)';

const CALL_ES = '(?:ll[aá]m(?:e|en|enos|anos|ar)|telefone(?:e|ar)|marque|marcar)';
const CALL_EN = '(?:call|ring|phone|dial)(?:ing)?';

const PATTERNS: readonly RegExp[] = [
  /\b(?:ll[aá]m(?:e|en|enos|anos|ar)|telefone(?:e|ar))\s+(?:al|a nuestro|a este|a otro)\s+(?:tel[eé]fono|n[uú]mero)\b/i,
  new RegExp(
    `\\b${CALL_ES}\\s+(?:(?:al|el)\\s+)?(?:(?:tel[eé]fono|n[uú]mero)\\s+)?(?!${EMERGENCY})(?=\\+\\d{2}|\\(?\\d{3}|(?:(?:${DIGIT_WORDS_ES})[\\s,]+){3})`,
    'i',
  ),
  new RegExp(
    `\\b${CALL_EN}\\s+(?:us\\s+|back\\s+)?(?:at|on)\\s+(?:our|this|the|another)\\s+(?:tele)?(?:phone )?(?:number|line)\\b`,
    'i',
  ),
  new RegExp(
    `\\b${CALL_EN}\\s+(?:us\\s+)?(?:(?:at|on)\\s+)?(?!${EMERGENCY})(?=\\+\\d{2}|\\(?\\d{3}|(?:(?:${DIGIT_WORDS_EN})[\\s,]+){3})`,
    'i',
  ),
  new RegExp(`\\b(?:(?:${DIGIT_WORDS_ES})[\\s,]+){${LEAST_DIGITS - 1},}(?:${DIGIT_WORDS_ES})\\b`, 'i'),
  new RegExp(`\\b(?:(?:${DIGIT_WORDS_EN})[\\s,]+){${LEAST_DIGITS - 1},}(?:${DIGIT_WORDS_EN})\\b`, 'i'),
];

/** Groups of digits that belong together: `+34 910 000 000`, `900-12-34-56`. */
const NUMBER = /\+?\d(?:[\s.()/-]{0,2}\d){6,17}/g;
/** Days (`2026-12-25`, `31/12/2026`), amounts (`1.000.000`) and references (`2026-000123`) are no numbers to call. */
const NO_NUMBERS: readonly RegExp[] = [
  /^\d{4}-\d{2}-\d{2}/,
  /^\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}\b/,
  /^\d{1,2}(?:[.,]\d{3}){2,}$/,
  /^(?:19|20)\d{2}[/-]\d+$/,
];

const MAX_WORDS_SHOWN = 40;

export function findOtherNumber(text: string): { readonly offset: number; readonly words: string } | undefined {
  const places = PATTERNS.flatMap((pattern) => pattern.exec(text)?.index ?? []);
  for (const match of text.matchAll(NUMBER)) {
    if (!NO_NUMBERS.some((pattern) => pattern.test(match[0]))) places.push(match.index);
  }
  if (places.length === 0) return undefined;
  const offset = Math.min(...places);
  return { offset, words: text.slice(offset, offset + MAX_WORDS_SHOWN).trim() };
}
