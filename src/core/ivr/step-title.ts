// What people call a step, where it has more to say than its name: for all, or per language of who reads it.
export type StepTitle = string | Readonly<Record<string, string>>;

/** In another language where it is not there in that one; undefined: there is none at all. */
export function titleIn(title: StepTitle | undefined, language: string): string | undefined {
  const [base = language] = language.split('-');
  if (typeof title === 'string') return title;
  return title?.[language] ?? title?.[base] ?? Object.values(title ?? {})[0];
}

interface Titled {
  readonly steps: ReadonlyMap<string, { readonly title?: StepTitle }>;
}

/** Of a step as the record names it, `main/ask-pin`; undefined: the flow does not call it anything, or is gone. */
export function titleOfStep(
  flow: (name: string) => Titled | undefined,
  place: string,
  language: string,
): string | undefined {
  const [name = '', step = ''] = place.split('/');
  return titleIn(flow(name)?.steps.get(step)?.title, language);
}
