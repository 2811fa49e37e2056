// What is said to the caller: texts per language, recordings with a text in reserve, and parts in one fixed language.
import { z } from 'zod';
import { custom } from '../document/shape.js';
import type { Template } from '../document/template.js';
import type { Prompt } from './ask.js';
import { textValues } from './facts.js';
import type { StepContext } from './flow.js';
import { MAX_PROMPT_PARTS } from './limits.js';

/**
 * One part as written, one of
 * `{es: Hola, en: Hello}` · `{recorded: welcome, es: Hola, en: Hello}` · `{in: en, text: For English press 2.}` ·
 * a text alone, in a flow of one language.
 */
export type RawPart = string | Readonly<Record<string, string>>;

/** A part or a list of parts; the flow's languages are checked later, by the scope. */
export const promptSchema = z.unknown().transform((raw, context): RawPart[] => {
  if (raw === undefined) return custom(context, 'this is missing', 'a text for each language');
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
        if (typeof text === 'string') texts[key] = text;
        else custom(context, 'this has to be a text', 'put it in quotes', [index, key]);
      }
      parts.push(texts);
    } else {
      custom(context, 'this has to be a text', 'a text for each language, or one in quotes', [index]);
    }
  }
  return parts;
});

export interface PromptPart {
  readonly recorded?: string;
  /** Always this language, whatever the caller's. */
  readonly fixedLanguage?: string;
  readonly texts: ReadonlyMap<string, Template>;
}

export function renderPrompts(parts: readonly PromptPart[], at: StepContext): Prompt[] {
  return parts.flatMap((part): Prompt[] => {
    const language = part.fixedLanguage ?? at.language;
    const text = part.texts.get(language)?.render(textValues(at.facts)).trim() ?? '';
    if (part.recorded !== undefined) {
      const recorded = { kind: 'recorded', name: part.recorded, language } as const;
      return [text === '' ? recorded : { ...recorded, fallbackText: text }];
    }
    return text === '' ? [] : [{ kind: 'text', text, language }];
  });
}
