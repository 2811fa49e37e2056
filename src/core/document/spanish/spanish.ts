// What is told of a text, in Spanish: messages and advice are made in English where the mistake is found, and said here.
import type { Issue } from '../issue.js';
import { OF_CENTRE } from './of-centre.js';
import { OF_FLOWS } from './of-flows.js';
import { OF_TEXTS } from './of-texts.js';

interface Sentence {
  readonly pattern: RegExp;
  /** What stands before, between and behind the gaps. */
  readonly spanish: readonly string[];
  /** By gap: a name in quotes, which is nobody's to translate. */
  readonly names: readonly boolean[];
}

const ALL: Readonly<Record<string, string>> = { ...OF_TEXTS, ...OF_FLOWS, ...OF_CENTRE };
const GAP = '{}';

/** The one that leaves least open comes first. */
const SENTENCES: readonly Sentence[] = Object.entries(ALL)
  .filter(([english]) => english.includes(GAP))
  .toSorted(([a], [b]) => fixed(b) - fixed(a))
  .map(([english, spanish]) => ({
    pattern: patternOf(english),
    spanish: spanish.split(GAP),
    names: english
      .split(GAP)
      .slice(0, -1)
      .map((part) => part.endsWith("'")),
  }));

/** undefined: nobody has said it in Spanish yet. '' stays ''. The gaps of both languages follow each other alike. */
export function inSpanish(english: string): string | undefined {
  if (english === '') return '';
  if (Object.hasOwn(ALL, english)) return ALL[english];
  for (const { pattern, spanish, names } of SENTENCES) {
    const found = pattern.exec(english);
    if (found === null) continue;
    const words = found.slice(1).map((word, gap) => (names[gap] === true ? word : ofWords(word)));
    return spanish.map((part, gap) => part + (words[gap] ?? '')).join('');
  }
  return undefined;
}

/** Issues as they are told in that language; what nobody has said in it yet stays English. */
export function issuesIn(language: string, issues: readonly Issue[]): readonly Issue[] {
  if (language !== 'es') return issues;
  return issues.map((issue) => ({
    ...issue,
    message: inSpanish(issue.message) ?? issue.message,
    advice: inSpanish(issue.advice) ?? issue.advice,
  }));
}

/** What stands in a gap: a name, which stays, or words of ours, also several of them. */
function ofWords(words: string): string {
  if (Object.hasOwn(ALL, words)) return ALL[words] ?? words;
  const several = words.split(/ (?:or|and) /);
  if (several.length > 1 && several.every((one) => Object.hasOwn(ALL, one) || /^'.*'$/.test(one))) {
    const conjunction = words.includes(' or ') ? ' o ' : ' y ';
    return several.map((one) => ALL[one] ?? one).join(conjunction);
  }
  return /^(?:lines?|known:) /.test(words) || words.startsWith('did you mean') ? (inSpanish(words) ?? words) : words;
}

function fixed(english: string): number {
  return english.replaceAll(GAP, '').length;
}

function patternOf(english: string): RegExp {
  const parts = english.split(GAP).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 's');
}
