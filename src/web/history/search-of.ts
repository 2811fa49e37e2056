// What is looked for among the interactions, as it stands in the address of the page.

const KEYS = ['text', 'channel', 'state', 'from', 'to'] as const;

export type Search = { readonly [K in (typeof KEYS)[number]]?: string };

/** What is empty or no text is left away. Numbers in an address are read as numbers. */
export function searchOf(typed: Readonly<Record<string, unknown>>): Search {
  const pairs = KEYS.flatMap((key) => {
    const value = typed[key];
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
    return text === '' ? [] : [[key, text] as const];
  });
  return Object.fromEntries(pairs);
}
