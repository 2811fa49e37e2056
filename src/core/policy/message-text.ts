// Fills in a canned text (Liquid) with our values.

import { Liquid, type Template } from 'liquidjs';

/** Longest text that leaves us: ten SMS segments of the plain alphabet. */
export const MAX_TEXT_CHARS = 1_530;
const MAX_PARSED = 500;

const liquid = onlyValues();
const parsed = new Map<string, Template[]>();

/**
 * The text with the variables filled in; a variable that is not given is left out. Templates are checked when the centre
 * is compiled, so one that cannot be parsed here throws liquidjs' ParseError: a bug.
 */
export function renderText(template: string, variables: Readonly<Record<string, string | number>>): string {
  const text: string = liquid.renderSync(templatesOf(template), { ...variables });
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TEXT_CHARS);
}

/** The versions of a text, the customer's language first, then the centre's; undefined when there is neither. */
export function textIn(
  versions: Readonly<Record<string, string>> | undefined,
  language: string,
  defaultLanguage: string,
): string | undefined {
  return versions?.[language] ?? versions?.[language.split('-')[0] ?? ''] ?? versions?.[defaultLanguage];
}

function templatesOf(template: string): Template[] {
  const known = parsed.get(template);
  if (known !== undefined) return known;
  const made = liquid.parse(template);
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(template, made);
  return made;
}

/** Values and conditions only: no loops, no files, nothing inherited. */
function onlyValues(): Liquid {
  const engine = new Liquid({ ownPropertyOnly: true, strictFilters: true });
  for (const tag of Object.keys(engine.tags)) {
    if (!['if', 'unless', 'case', 'comment'].includes(tag)) delete engine.tags[tag];
  }
  return engine;
}
