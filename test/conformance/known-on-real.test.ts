import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { knownOnOurs } from './known-on-ours.js';
import { knownOnReal } from './known-on-real.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

it('excuses only cases that exist, each with a reason', () => {
  const suite = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.system.test.ts'))
    .map((name) => readFileSync(`${FOLDER}/${name}`, 'utf8'))
    .join('\n');
  for (const [name, reason] of [...Object.entries(knownOnReal), ...Object.entries(knownOnOurs)]) {
    expect(suite).toContain(`conforms('${name}'`);
    expect(reason).not.toBe('');
  }
});
