// Which Node runs Hilo: the one that comes as a package when it is newer, the present one where there is no such package.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';

const isFunction = (value: unknown): boolean => typeof value === 'function';
const module = z.object({
  runtime: z.custom<(bundled?: string) => string>(isFunction),
  nodeArguments: z.custom<(processors?: number) => string[]>(isFunction),
});
const { runtime, nodeArguments } = module.parse(
  await import(pathToFileURL(join(import.meta.dirname, '../../scripts/runtime.mjs')).href),
);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-runtime-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that says it is Node of this version. */
function nodeSaying(version: string, exitCode = 0): string {
  const path = join(folder, 'node');
  writeFileSync(path, `#!/bin/sh\necho ${version}\nexit ${exitCode}\n`, { mode: 0o755 });
  return path;
}

it('takes the packaged Node when it is newer', () => {
  const packaged = nodeSaying('99.1.0');
  expect(runtime(packaged)).toBe(packaged);
});

it.each([
  ['is older', () => nodeSaying('18.20.0')],
  ['does not run here', () => nodeSaying('99.1.0', 127)],
  ['is not there', () => join(folder, 'nothing')],
])('stays with the present Node when the packaged one %s', (_, packaged) => {
  expect(runtime(packaged())).toBe(process.execPath);
});

it('has the garbage collected by the thread that made it where there are no processors to spare', () => {
  expect(nodeArguments(2)).toContain('--single-threaded-gc');
  expect(nodeArguments(4)).not.toContain('--single-threaded-gc');
  expect(spawnSync(process.execPath, [...nodeArguments(2), '--print', '1'], { encoding: 'utf8' }).stdout).toBe('1\n');
});
