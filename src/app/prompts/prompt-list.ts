// All prompts that are kept or named somewhere, and what callers of each language hear of them.
import type { PromptRevision } from './prompt-store.js';
import type { PromptUse } from './prompt-uses.js';

/**
 * `sound`: recorded here. `file`: recorded, laid into the folder by hand. `text`: its text is spoken. `said-there`: every step
 * that names it has a text of its own. `missing`: callers hear nothing. `unused`: nobody is asked for it in that language.
 */
export type Heard = 'sound' | 'file' | 'text' | 'said-there' | 'missing' | 'unused';

export interface PromptEntry {
  readonly name: string;
  readonly uses: readonly PromptUse[];
  readonly heard: Readonly<Record<string, Heard>>;
}

export interface Known {
  readonly kept: readonly PromptRevision[];
  readonly uses: readonly PromptUse[];
  /** Of the centre. */
  readonly languages: readonly string[];
  readonly isInFolder: (name: string, language: string) => boolean;
}

/** By name. */
export function promptEntries(known: Known): readonly PromptEntry[] {
  const names = new Set([...known.kept.map(({ name }) => name), ...known.uses.map(({ prompt }) => prompt)]);
  return [...names].sort().map((name) => entryOf(name, known));
}

export function entryOf(name: string, known: Known): PromptEntry {
  const uses = known.uses.filter(({ prompt }) => prompt === name);
  const kept = known.kept.filter((one) => one.name === name);
  const languages = [
    ...known.languages,
    ...uses.flatMap((use) => use.languages),
    ...kept.map(({ language }) => language),
  ];
  const heard = [...new Set(languages)].map((language) => [language, heardOf(language, { name, uses, kept, known })]);
  return { name, uses, heard: Object.fromEntries(heard) };
}

interface Around {
  readonly name: string;
  readonly uses: readonly PromptUse[];
  readonly kept: readonly PromptRevision[];
  readonly known: Known;
}

function heardOf(language: string, { name, uses, kept, known }: Around): Heard {
  const { text, sound } = kept.find((one) => one.language === language) ?? {};
  if (sound !== undefined) return 'sound';
  if (known.isInFolder(name, language)) return 'file';
  const there = uses.filter((use) => use.languages.includes(language));
  if (there.length > 0 && there.every(({ texts }) => texts[language] !== undefined)) return 'said-there';
  if (text !== undefined) return 'text';
  const isAsked = there.length > 0 || (uses.length === 0 && known.languages.includes(language));
  return isAsked ? 'missing' : 'unused';
}
