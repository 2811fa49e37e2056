import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('a test process that dies is named with its signal, its file and its last test', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-deaths-'));
  try {
    writeFileSync(
      join(folder, 'one.test.mjs'),
      `test('lives', () => undefined);
       test('dies', async () => {
         await new Promise((resolve) => setTimeout(resolve, 300));
         process.kill(process.pid, 'SIGABRT');
         await new Promise((resolve) => setTimeout(resolve, 60_000));
       });`,
    );
    const output = await outputOf(['--root', folder, '--globals', '--reporter', join(ROOT, 'scripts/test-deaths.mjs')]);
    expect(output).toMatch(/A process of the tests \(\d+\) died of SIGABRT\n {2}under way: .*one\.test\.mjs > dies\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function outputOf(options: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}
