import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { forgetKept, processOf, readKept, writeKept } from '../../src/local/kept-process.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-kept-'));
  file = join(folder, 'switch.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function sleeper() {
  const child = spawn('sleep', ['60']);
  return { child, pid: child.pid ?? 0 };
}

describe('a process that outlives us', () => {
  it('is found while it runs, with what was kept of it, and its end is noticed', async () => {
    const { pid } = sleeper();
    await writeKept(file, pid, 'key', { port: 1 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const kept = await readKept(file);
    if (kept === undefined) throw new Error('not found');
    expect(kept).toMatchObject({ pid, key: 'key', facts: { port: 1 } });
    const { process: running, gone } = processOf(kept, systemClock);
    running.kill('SIGTERM');
    await gone;
    expect(await readKept(file)).toBeUndefined();
    running.kill('SIGTERM');
  });

  it('is not taken for another one that has its number now', async () => {
    const { child, pid } = sleeper();
    await writeFile(file, JSON.stringify({ pid, start: '1', key: 'key', facts: {} }));
    expect(await readKept(file)).toBeUndefined();
    child.kill();
    await once(child, 'exit');
  });

  it.each([
    ['nothing', ''],
    ['half a file', '{"pid":'],
    ['something else', '[]'],
  ])('%s is no process', async (_name, text) => {
    await writeFile(file, text);
    expect(await readKept(file)).toBeUndefined();
    await forgetKept(file);
    await forgetKept(file);
    expect(await readKept(file)).toBeUndefined();
  });
});
