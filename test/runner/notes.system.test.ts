import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

const note = z.object({ kind: z.enum(['outside', 'again']), text: z.string() });
type Note = z.infer<typeof note>;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-notes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a test process that dies is named with its signal, its file and its last test', async () => {
  const { shown, kept } = await runOf(
    `test('lives', () => undefined);
     test('dies', async () => {
       await new Promise((resolve) => setTimeout(resolve, 300));
       process.kill(process.pid, 'SIGABRT');
       await new Promise((resolve) => setTimeout(resolve, 60_000));
     });`,
  );
  const death = /A process of the tests \(\d+\) died of SIGABRT\n {2}under way: .*one\.test\.mjs > dies\n/;
  expect(shown).toMatch(death);
  expect(kept).toContainEqual({
    kind: 'outside',
    text: expect.stringMatching(/died of SIGABRT\n {2}under way: .*> dies$/),
  });
});

test('an error that no test waits for is kept with where it was seen', async () => {
  const { kept } = await runOf(
    `test('leaves one behind', async () => {
       void Promise.reject(new Error('nobody waits'));
       await new Promise((resolve) => setTimeout(resolve, 50));
     });`,
  );
  expect(kept).toMatchObject([{ kind: 'outside' }]);
  expect(kept[0]?.text).toMatch(/^An error outside of any test: Error: nobody waits\n.*one\.test\.mjs:2/);
  expect(kept[0]?.text).toContain('seen in: one.test.mjs');
});

test('a test that passes only when it is tried again is named, with what was wrong at first', async () => {
  const { shown, kept } = await runOf(
    `let tries = 0;
     test('is lucky', { retry: 1 }, () => expect(++tries).toBe(2));
     test('is good', { retry: 1 }, () => undefined);`,
  );
  expect(shown).toMatch(/Tests {2}2 passed/);
  expect(kept).toEqual([
    { kind: 'again', text: expect.stringMatching(/one\.test\.mjs > is lucky\n {2}at first: .*1.*2/s) },
  ]);
});

test('what a file leaves among the temporary files is named', async () => {
  const setUp = JSON.stringify([join(ROOT, 'test/support/temporary.ts')]);
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default { test: { setupFiles: ${setUp} } };`);
  const makes = (name: string): string => `require('fs').mkdtempSync(join(require('os').tmpdir(), '${name}-'))`;
  const { shown } = await runOf(
    `import { createRequire } from 'node:module';
     import { join } from 'node:path';
     const require = createRequire(import.meta.url);
     test('cleans up', () => require('fs').rmSync(${makes('one')}, { recursive: true }));
     test('forgets', () => void ${makes('two')});`,
  );
  expect(shown).toMatch(/left behind among temporary files: two-\w{6}\n/);
  expect(shown).not.toContain('one-');
});

/** What vitest shows of a file of tests with this text, and what the reporter keeps. */
async function runOf(text: string): Promise<{ shown: string; kept: readonly Note[] }> {
  writeFileSync(join(folder, 'one.test.mjs'), text);
  const file = join(folder, 'notes');
  const options = [
    '--root',
    folder,
    '--globals',
    '--reporter=default',
    '--reporter',
    join(ROOT, 'scripts/test-notes.mjs'),
  ];
  const shown = await outputOf(options, { HILO_TEST_NOTES: file });
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { shown, kept: lines.map((line) => note.parse(JSON.parse(line))) };
}

function outputOf(options: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...options], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}
