// Markdown without its signs: what is searched, and shown as an excerpt. For people, so nothing has to be read back.

/** In this order: what may hold the others comes first. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\r\n?/g, '\n'],
  [/^ {0,3}(`{3,}|~{3,})[^\n]*$/gm, ''],
  [/<!--[\s\S]*?(?:-->|$)/g, ' '],
  [/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1'],
  [/^ {0,3}\[[^\]\n]+\]:[^\n]*$/gm, ''],
  [/<((?:https?:|mailto:)[^>\s]*)>/g, '$1'],
  [/^ {0,3}#{1,6}[ \t]+/gm, ''],
  [/^[ \t]*(?:>[ \t]?)+/gm, ''],
  [/^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/gm, ''],
  [/^[ \t]*(?:[-*_=][ \t]*){3,}$/gm, ''],
  [/^[ \t|:-]*\|[ \t|:-]*$/gm, ''],
  [/(\*{1,3}|~~|`+)(?=\S)([^\n]*?\S)\1/g, '$2'],
  [/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}_])/gu, '$2'],
  [/\\([!-/:-@[-`{-~])/g, '$1'],
  [/[ \t]*\|[ \t]*/g, ' '],
  [/[ \t]+/g, ' '],
  [/\s*\n\s*/g, '\n'],
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
