// Proof: what a menu offers and what its keys do are the same, and no key is offered for two things.
import { type Draft, issueAt, type Proof, stepsOf } from './draft.js';

const WORDS: Readonly<Record<string, string>> = {
  cero: '0',
  uno: '1',
  dos: '2',
  tres: '3',
  cuatro: '4',
  cinco: '5',
  seis: '6',
  siete: '7',
  ocho: '8',
  nueve: '9',
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  asterisco: '*',
  star: '*',
  almohadilla: '#',
  hash: '#',
  pound: '#',
};
const KEY = `([0-9*#]|${Object.keys(WORDS).join('|')})(?![\\p{L}\\d]|[.,]\\d)`;
const OFFER = new RegExp(
  `(?<![\\p{L}])(?:pulse|pulsa|marque|marca|presione|oprima|teclee|press|dial|hit|push)\\s+(?:(?:el|la|the)\\s+)?(?:(?:tecla|número|key|number)\\s+)?${KEY}`,
  'giu',
);

export const announcedKeys: Proof = (subject) =>
  stepsOf(subject)
    .filter(({ step }) => step.traits.kind === 'menu' && step.traits.ways.some(({ path }) => path[0] === 'keys'))
    .flatMap(({ draft, name, step }) => {
      const works = new Set(
        step.traits.ways.filter(({ path }) => path[0] === 'keys').map(({ path }) => String(path[1])),
      );
      const offered = new Map<string, Set<string>>();
      return step.traits.texts
        .filter(({ path }) => path[0] === 'say')
        .flatMap(({ path, source, language }) => {
          const heard = offered.get(language) ?? new Set<string>();
          offered.set(language, heard);
          return offersIn(source).flatMap(({ key, offset }) => {
            const fault = faultOf(key, works, heard);
            heard.add(key);
            return fault === undefined ? [] : [issueInside(draft, ['steps', name, ...path], offset, ...fault)];
          });
        });
    });

/** Message and advice. */
function faultOf(key: string, works: ReadonlySet<string>, heard: ReadonlySet<string>): [string, string] | undefined {
  if (!works.has(key)) return [`the text offers key ${key}, which does nothing here`, `keys: ${[...works].join(', ')}`];
  if (heard.has(key)) return [`key ${key} is offered twice`, 'one key, one thing'];
  return undefined;
}

function offersIn(text: string): { key: string; offset: number }[] {
  return [...text.matchAll(OFFER)].map((match) => {
    const word = (match[1] ?? '').toLowerCase();
    return { key: WORDS[word] ?? word, offset: match.index };
  });
}

function issueInside(
  draft: Draft,
  path: readonly (string | number)[],
  offset: number,
  message: string,
  advice: string,
) {
  return { ...issueAt(draft, path, message, advice, { severity: 'warning' }), ...draft.text.placeInside(path, offset) };
}
