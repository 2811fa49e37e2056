// `npm run sim` and `npm run replay` as they are typed: what they print, what they write, how they refuse.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LIMIT_MS = 90_000;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(
  command: 'sim' | 'replay',
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', `src/${command}-cli.ts`, ...args],
      { timeout: LIMIT_MS, env: { ...process.env, DATABASE_URL: '' } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

describe.concurrent('npm run sim', { timeout: LIMIT_MS }, () => {
  const day = [
    '--arrivals',
    'support=40,sales=20',
    '--agents',
    'support=4,sales=2',
    '--hours',
    '09:00-11:00',
    '--runs',
    '2',
  ];

  test('prints figures, reasons and hours; writes a picture and the same JSON twice', async () => {
    const [picture, first, second] = ['a.svg', 'a.json', 'b.json'].map((file) => join(folder, file));
    const { code, out } = await run('sim', ...day, '--svg', picture ?? '', '--json', first ?? '');
    expect(out).toMatch(/^Hilo: 1 day from 2026-01-12, 6 agents, \d+ calls in the first of 2 runs, seed 1/);
    for (const words of [
      '95 % range',
      'Erlang A',
      'Erlang C',
      'occupancy',
      'longest wait',
      'hour   calls',
      'all queues',
    ]) {
      expect(out).toContain(words);
    }
    expect(out).toContain('unaccounted: 0.');
    expect(code).toBe(0);
    expect(readFileSync(picture ?? '', 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
    await run('sim', ...day, '--json', second ?? '');
    expect(readFileSync(second ?? '', 'utf8')).toBe(readFileSync(first ?? '', 'utf8'));
    expect(JSON.parse(readFileSync(first ?? '', 'utf8'))).toMatchObject({
      runs: 2,
      unaccounted: 0,
      queues: { support: { figures: { serviceLevel: { mean: expect.any(Number) } }, erlangA: expect.any(Object) } },
    });
  });

  test('answers what-if with the range of the difference', async () => {
    const { code, out } = await run('sim', ...day, '--what-if', 'agents=+2,skill:sales=support-001');
    expect(out).toContain('What if agents=+2,skill:sales=support-001: the same callers');
    expect(out).toMatch(/support +before +after +difference, 95 %/);
    expect(code).toBe(0);
  });

  test('helps, and refuses with one sentence', async () => {
    const help = await run('sim', '--help');
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('--what-if agents=+2') });
    const refused = await run('sim', '--arrivals', 'suport=3');
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining("there is no queue 'suport'") });
    expect(refused.err).not.toContain('    at ');
  });
});

describe.concurrent('npm run replay', { timeout: LIMIT_MS }, () => {
  test('decides all kept records the same again', async () => {
    const { code, out } = await run('replay', '--file', 'test/records');
    expect(out).toMatch(/\d+ interactions, 0 different\n$/);
    expect(code).toBe(0);
  });

  test('shows the first difference: event, recorded, now, place', async () => {
    const records = join(folder, 'records');
    cpSync('test/records', records, { recursive: true });
    const file = join(records, 'menu-in-another-language-then-served.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"key:2"', '"outcome":"key:1"'));
    const { code, out } = await run('replay', '--file', file);
    expect(out).toMatch(/^menu-in-another-language-then-served: different from event 6 of \d+ on \(flow-step, flow\)/);
    expect(out).toContain('recorded  {"data":{"outcome":"key:1"');
    expect(out).toContain('now       {"data":{"outcome":"key:2"');
    expect(out).toMatch(/see {7}main\.yaml:\d+:\d+/);
    expect(code).toBe(1);
  });

  test('refuses with one sentence', async () => {
    const nothing = await run('replay', '--file', 'test/nothing.jsonl');
    expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining('test/nothing.jsonl is not there') });
    const nowhere = await run('replay', 'H-0000-0000', '--data', join(folder, 'no-data'));
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('start Hilo with npm start') });
  });
});
