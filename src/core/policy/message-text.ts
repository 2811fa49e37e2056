// Fills in a canned text of the centre with our values.
import { parseTemplate, type Template } from '../document/template.js';

/** Longest text that leaves us: ten SMS segments of the plain alphabet. */
export const MAX_TEXT_CHARS = 1_530;
const MAX_PARSED = 500;

const parsed = new Map<string, Template>();

/** The text with the variables filled in; a variable that is not given is left out. */
export function renderText(
  template: string,
  variables: Readonly<Record<string, string | number>>,
  language?: string,
): string {
  return templateOf(template, language).render(variables).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TEXT_CHARS);
}

/** The versions of a text, the customer's language first, then the centre's; undefined when there is neither. */
export function textIn(
  versions: Readonly<Record<string, string>> | undefined,
  language: string,
  defaultLanguage: string,
): string | undefined {
  return versions?.[language] ?? versions?.[language.split('-')[0] ?? ''] ?? versions?.[defaultLanguage];
}

function templateOf(source: string, language: string | undefined): Template {
  const key = `${language ?? ''} ${source}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const made = parseTemplate(source, language);
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(key, made);
  return made;
}
