// What docs/flows.md says of numbers, sums, days and times in texts is what is said.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileTemplate } from '../../src/core/document/template.js';

const manual = readFileSync('docs/parts/flows.md', 'utf8');
const rows = [...manual.matchAll(/^\| (es|en) \| `(.+)` \| (.+) \|$/gm)].map(
  ([, language = '', text = '', said = '']) => [language, text.replaceAll('\\|', '|'), said] as const,
);

test('there are lines in both languages', () => {
  expect(new Set(rows.map(([language]) => language))).toEqual(new Set(['es', 'en']));
});

test.each(rows)('%s: %s → %s', (language, text, said) => {
  const compiled = compileTemplate(text, [], language);
  expect(compiled.ok && compiled.template.render({})).toBe(said);
});
