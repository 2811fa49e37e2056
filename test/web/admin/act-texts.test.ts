// Every act that is audited is told in words.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isKnownAct, KNOWN_ACTS } from '../../../src/web/admin/act-texts.js';

/** Of the record, not of the audit log. */
const OTHERS = ['merged', 'unmerged'];
/** Put together where they are noted. */
const MADE_OF_PARTS = ['prompt-sound-removed', 'prompt-text-removed'];
const SOURCES = ['src/api', 'src/app'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
);
const noted = SOURCES.flatMap((text) => [
  ...[...text.matchAll(/\bact: '([a-z-]+)'/g)].map(([, act = '']) => act),
  ...[...text.matchAll(/\bnoteOf\('([a-z-]+)'/g)].map(([, act = '']) => act),
]);

test('each act that is noted has its words', () => {
  expect(noted.length).toBeGreaterThan(30);
  expect(noted.filter((act) => !isKnownAct(act) && !OTHERS.includes(act))).toEqual([]);
});

test('no act is offered that nobody notes', () => {
  const sources = SOURCES.join('\n');
  expect(KNOWN_ACTS.filter((act) => !sources.includes(`'${act}'`) && !MADE_OF_PARTS.includes(act))).toEqual([]);
});
