// What the fields of the forms are called and what they are for, in both languages, by their place in the schema.
import type { Texts } from '../../texts/language.js';
import { HELP_ES } from './help-es.js';
import { LABELS_EN, LABELS_ES } from './labels.js';

/** `keys`: `queues.*.ring`; the last two names decide, or the last one. */
export const labelText: Texts<(keys: readonly string[]) => string> = {
  es: (keys) => labelOf(LABELS_ES, keys),
  en: (keys) => labelOf(LABELS_EN, keys),
};

/** The description in the schema is English. */
export const helpText: Texts<(description: string) => string> = {
  es: (description) => plain(HELP_ES[description] ?? description),
  en: plain,
};

export function labelOf(labels: Readonly<Record<string, string>>, keys: readonly string[]): string {
  const names = keys.filter((key) => key !== '*');
  const [above = '', last = ''] = names.slice(-2).length === 2 ? names.slice(-2) : ['', names[0] ?? ''];
  return labels[`${above}.${last}`] ?? labels[last] ?? last;
}

/** Without the marks of code, which a form has no need of. */
function plain(description: string): string {
  return description.replaceAll('`', '');
}
