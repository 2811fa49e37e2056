// The fuzzer as `npm run fuzz` runs it: half a minute of it with the commit as seed, and what it says when it fails.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/sim/fuzz.js');
const SECONDS = 30;
/** A busy machine is slow, not broken. */
const LIMIT_MS = 20_000;
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-fuzz-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function fuzz(...options: readonly string[]): Promise<Outcome> {
  try {
    const { stdout } = await run(process.execPath, [PROGRAM, '--save', folder, ...options]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

/** So that each change is tried with other damages, and a failure can be had again. */
async function commit(): Promise<string> {
  const given = process.env['CI_COMMIT_SHA'] ?? process.env['GITHUB_SHA'];
  if (given !== undefined) return given;
  const { stdout } = await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).catch(() => ({ stdout: 'no commit' }));
  return stdout.trim();
}

test(`${SECONDS} s of damaged input do no harm`, async () => {
  const { code, output } = await fuzz(
    '--seed',
    await commit(),
    '--seconds',
    String(SECONDS),
    '--limit',
    String(LIMIT_MS),
  );
  expect(output).toContain('no failure');
  expect(code).toBe(0);
});

test('a healthy caller who waits too long is a failure, with what can repeat it', async () => {
  const { code, output } = await fuzz('--seed', 'x', '--limit', '0', '--target', 'sip-udp');
  expect(code).toBe(1);
  expect(output).toContain('FAILED: a healthy OPTIONS was not answered within 0 ms');
  expect(output).toContain('again: npm run fuzz -- --seed x --batch 0');
  expect((await readdir(folder)).filter((name) => name.startsWith('sip-udp-0-'))).toHaveLength(40);
});

test('a target that does not exist is named', async () => {
  const { code, output } = await fuzz('--target', 'nothing');
  expect(code).toBe(1);
  expect(output).toContain('no such target');
});
