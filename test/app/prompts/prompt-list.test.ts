// What callers of each language hear of a prompt, and where it is used.
import { expect, test } from 'vitest';
import { promptEntries } from '../../../src/app/prompts/prompt-list.js';
import type { PromptRevision } from '../../../src/app/prompts/prompt-store.js';
import { promptUses } from '../../../src/app/prompts/prompt-uses.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { sampleCentre } from '../../support/sample-centre.js';

const FLOW = `version: 1
name: shop
languages: [es, en]
start: hello
person: { none: 'a test of prompts, nobody calls it' }
steps:
  hello: { do: play, play: welcome, next: news }
  news:
    do: say
    say:
      - { recorded: news, es: 'Hoy, {{ now.date | date }}, abrimos.', en: Open. }
      - { recorded: jingle }
    next: bye
  bye: { do: hangup, say: { recorded: goodbye } }
`;

const source = { file: 'shop.yaml', text: FLOW, revision: '1' };
const around = { queues: new Set<string>(), agents: new Set<string>(), hours: new Set<string>(), texts: new Map() };

function usesIn() {
  const compiled = compileFlows([source], around);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const centre = sampleCentre();
  return promptUses({
    centre: () => ({
      ...centre,
      texts: new Map([
        ['regret', { es: 'Perdón' }],
        ['missed-call', { es: 'Llame' }],
      ]),
    }),
    catalogue: () => ({ flows: compiled.value }),
    source: (name) =>
      name === 'shop' ? source : { file: 'centre.yaml', text: 'texts:\n  regret: { es: Perdón }\n', revision: '1' },
  });
}

test('steps and spoken texts of the centre are found with their lines', () => {
  expect(usesIn().map(({ prompt, place, fillsIn }) => [prompt, ...Object.values(place), fillsIn])).toEqual([
    ['welcome', 'shop', 'hello', 7, false],
    ['news', 'shop', 'news', 11, true],
    ['jingle', 'shop', 'news', 12, false],
    ['goodbye', 'shop', 'bye', 14, false],
    ['regret', 'centre', 'regret', 2, false],
  ]);
});

test('what is heard is told for each language', () => {
  const base = { number: 1, act: 'text-set', by: 'admin', atMs: 0 } as const;
  const sound = { hash: 'a', durationMs: 1, loudnessDb: -19, peaks: [] };
  const kept: PromptRevision[] = [
    { ...base, name: 'welcome', language: 'es', text: { text: 'Hola' } },
    { ...base, name: 'news', language: 'en', text: { text: 'not heard: the step has its own' } },
    { ...base, name: 'jingle', language: 'es', sound },
    { ...base, name: 'spare', language: 'es', sound },
  ];
  const entries = promptEntries({
    ...{ kept, uses: usesIn(), languages: ['es', 'en', 'ca'] },
    isInFolder: (name, language) => name === 'goodbye' && language === 'en',
  });
  expect(Object.fromEntries(entries.map(({ name, heard }) => [name, heard]))).toMatchObject({
    welcome: { es: 'text', en: 'missing', ca: 'unused' },
    news: { es: 'said-there', en: 'said-there', ca: 'unused' },
    jingle: { es: 'sound', en: 'missing' },
    goodbye: { es: 'missing', en: 'file' },
    spare: { es: 'sound', en: 'missing', ca: 'missing' },
    regret: { es: 'said-there' },
  });
});

test('the compiler tells what nobody could hear, language by language', () => {
  const issues = (isHeard: (prompt: string, language: string) => boolean) => {
    const compiled = compileFlows([source], { ...around, isHeard });
    const told = compiled.ok ? compiled.warnings : compiled.issues;
    return told.flatMap(({ line, message }) => (message.includes('the prompt') ? [`${line}: ${message}`] : []));
  };
  expect(issues(() => true)).toEqual([]);
  expect(issues((prompt, language) => prompt === 'welcome' || (prompt === 'jingle' && language === 'es'))).toEqual([
    "12: the prompt 'jingle' has neither a sound nor a text in 'en'",
    "14: the prompt 'goodbye' has neither a sound nor a text in 'es' and 'en'",
  ]);
});
