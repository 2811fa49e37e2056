// Markdown without its signs: what is searched, and shown as an excerpt. For people, so nothing has to be read back.

/** In this order: what may hold the others comes first. Every repetition is bounded or cannot be read in two ways: no text takes long. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\r\n?/g, '\n'],
  [/[ \t]+/g, ' '],
  [/^ ?(?:`{3,9}|~{3,9})[^\n]*$/gm, ''],
  [/<!--[\s\S]*?(?:-->|$)/g, ' '],
  [/!?\[([^[\]\n]{0,500})\]\([^()\n]{0,2000}\)/g, '$1'],
  [/^ ?\[[^[\]\n]{1,500}\]:[^\n]*$/gm, ''],
  [/<((?:https?:|mailto:)[^<>\s]{1,2000})>/g, '$1'],
  [/^ ?#{1,6} /gm, ''],
  [/^ ?(?:> ?)+/gm, ''],
  [/^ ?(?:[-*+]|\d{1,9}[.)]) (?:\[[ xX]\] )?/gm, ''],
  [/^ ?(?:[-*_=] ?){3,}$/gm, ''],
  [/^(?=[^\n]*\|)[ |:-]+$/gm, ''],
  [/(\*{1,3}|~~|`{1,3})(?=\S)([^\n]{0,500}?\S)\1/g, '$2'],
  [/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^\n]{0,500}?\S)\1(?![\p{L}\p{N}_])/gu, '$2'],
  [/\\([!-/:-@[-`{-~])/g, '$1'],
  [/ ?\| ?/g, ' '],
  [/ ?\n\s*/g, '\n'],
];

export function plainText(markdown: string): string {
  return SIGNS.reduce((text, [sign, put]) => text.replace(sign, put), markdown.normalize('NFC')).trim();
}

/** The same text without accents, every place where it was: `Devolución` → `Devolucion`. */
export function folded(text: string): string {
  return text.replace(/[^\p{ASCII}]/gu, (letter) => {
    const bare = letter.normalize('NFD').replace(/\p{Mn}/gu, '');
    return bare.length === letter.length ? bare : letter;
  });
}
