// Canned texts as the agent looks for them: after a `/`, by title and words.
import type { WireCannedText, WireCannedTexts } from '../../../contract/conversation/texts.js';

const SHOWN_MAX = 8;

/** What is looked for; undefined: the text begins with no `/`, so it is just a text. */
export function lookedFor(text: string): string | undefined {
  return /^\/[^\n]{0,60}$/.test(text) ? text.slice(1).trim() : undefined;
}

export interface Choice {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** In the language of the customer where there is one. */
export function choiceOf({ name, title, text }: WireCannedText, { language }: WireCannedTexts, shown: string): Choice {
  const written = text[language] ?? Object.values(text)[0] ?? '';
  return { name, title: title[shown] ?? Object.values(title)[0] ?? name, text: written };
}

/** Those that have every one of the words, also only begun; those with them in the title come first. */
export function matching(choices: readonly Choice[], asked: string): readonly Choice[] {
  const words = plain(asked)
    .split(/\s+/)
    .filter((word) => word !== '');
  const has = (text: string): boolean => words.every((word) => plain(text).includes(word));
  const byTitle = choices.filter(({ name, title }) => has(`${name} ${title}`));
  const byText = choices.filter((choice) => !byTitle.includes(choice) && has(`${choice.title} ${choice.text}`));
  return [...byTitle, ...byText].slice(0, SHOWN_MAX);
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}
