// What is said to the caller: texts per language, recordings with a text in reserve, and parts in one fixed language.
import { z } from 'zod';
import { custom, THIS_IS_MISSING } from '../document/shape.js';
import type { Template } from '../document/template.js';
import type { Prompt } from './ask.js';
import type { Expression } from './expression.js';
import { textValues } from './facts.js';
import type { StepContext } from './flow.js';
import { MAX_PROMPT_PARTS } from './limits.js';

/**
 * One part as written, one of
 * `{es: Hola, en: Hello}` · `{recorded: welcome, es: Hola, en: Hello}` · `{in: en, text: For English press 2.}` ·
 * a text alone, in a flow of one language. With `when` it is said to those of whom that is true.
 */
export type RawPart = string | Readonly<Record<string, string>>;

/** One part as editors check it; that every language is there is checked when the flow is compiled. */
const PART = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^(?:when|recorded|in|text|[a-z]{2,3}(?:-[A-Z]{2})?)$' },
      properties: { when: { type: ['string', 'boolean'], description: 'Said to those of whom this is true.' } },
      additionalProperties: { type: 'string' },
    },
  ],
};

const readParts = z.unknown().transform((raw, context): RawPart[] => {
  if (raw === undefined) return custom(context, THIS_IS_MISSING, 'a text for each language');
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  if (list.length === 0) custom(context, 'there is nothing to say', 'a text for each language');
  if (list.length > MAX_PROMPT_PARTS) custom(context, 'too many parts', `at most ${MAX_PROMPT_PARTS}`);
  const parts: RawPart[] = [];
  for (const [index, part] of list.entries()) {
    if (typeof part === 'string') {
      parts.push(part);
    } else if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
      const texts: Record<string, string> = {};
      for (const [key, text] of Object.entries(part)) {
        if (typeof text === 'string' || (key === 'when' && typeof text === 'boolean')) texts[key] = String(text);
        else custom(context, 'this has to be a text', 'put it in quotes', [index, key]);
      }
      parts.push(texts);
    } else {
      custom(context, 'this has to be a text', 'a text for each language, or one in quotes', [index]);
    }
  }
  return parts;
});

/** A part or a list of parts; the flow's languages are checked later, by the scope. */
export const promptSchema = readParts.meta({
  title: 'texts',
  anyOf: [...PART.anyOf, { type: 'array', minItems: 1, maxItems: MAX_PROMPT_PARTS, items: PART }],
});

export interface PromptPart {
  /** Said only when this is true. */
  readonly when?: Expression;
  readonly recorded?: string;
  /** Always this language, whatever the caller's. */
  readonly fixedLanguage?: string;
  /** By the language of the caller; a text may be in another one, which stands in for it. */
  readonly texts: ReadonlyMap<string, Template>;
}

/** `more`: values that only these texts know. */
export function renderPrompts(
  parts: readonly PromptPart[],
  at: StepContext,
  more: Readonly<Record<string, unknown>> = {},
): Prompt[] {
  const values = { ...textValues(at.facts), ...more };
  return parts.flatMap((part): Prompt[] => {
    // A condition that cannot be computed is not true.
    if (part.when !== undefined && part.when.evaluate(at.facts) !== true) return [];
    const language = part.fixedLanguage ?? at.language;
    const template = part.texts.get(language);
    const text = template?.render(values).trim() ?? '';
    const spoken = template?.language ?? language;
    if (part.recorded !== undefined) {
      const recorded = { kind: 'recorded', name: part.recorded, language } as const;
      if (text === '') return [recorded];
      return [{ ...recorded, fallbackText: text, ...(spoken === language ? {} : { fallbackLanguage: spoken }) }];
    }
    return text === '' ? [] : [{ kind: 'text', text, language: spoken }];
  });
}
