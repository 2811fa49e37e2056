// What is looked for in the guide, as it stands in the address of the page.

export interface GuideSearch {
  readonly text?: string;
  readonly tag?: string;
}

export function guideSearchOf(typed: Readonly<Record<string, unknown>>): GuideSearch {
  const word = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  const [text, tag] = [word(typed['text']), word(typed['tag'])];
  return { ...(text === '' ? {} : { text }), ...(tag === '' ? {} : { tag }) };
}
