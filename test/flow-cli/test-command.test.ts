// `npm run flow test`: what it prints and how it ends, and which cases it would not play to a real server.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playableCase } from '../../src/flow-cli/sip/playable.js';
import { openSuite } from '../../src/flow-cli/test.js';

/** The command as typed. */
const run = (...args: readonly string[]) => command('test', ...args);

function command(...args: readonly string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'src/flow-cli.ts', ...args],
      { timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    );
  });
}

const CASE = `version: 1
cases:
  - case: goes wrong
    script:
      - hears: { es: Buenos días. }
      - presses: 1
  - case: goes well
    script: [hangs-up]
`;

describe.concurrent('the command', { timeout: 120_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flow-tests-'));
    cpSync('ivr-flows', folder, { recursive: true });
    writeFileSync(join(folder, 'main.test.yaml'), CASE);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('plays the sample and tells what it covers', async () => {
    const { code, out } = await run('--min-coverage', '100');
    expect(out).toContain('✓ presses 1 at once, during the greeting');
    expect(out).toMatch(/^main: 100 % \((\d+) of \1 ways out of its steps\)$/m);
    expect(code).toBe(0);
  });

  test('says at which line what was heard instead, and what was not covered', async () => {
    const { code, out } = await run(folder, '--min-coverage', '90');
    expect(out).toContain('✗ goes wrong');
    expect(out).toContain(`${join(folder, 'main.test.yaml')}:5:9`);
    expect(out).toContain('- to hear es: Buenos días.');
    expect(out).toContain('+ es: Hola, gracias por llamar a Hilo.');
    expect(out).toContain('✓ goes well');
    expect(out).toMatch(/not taken: greeting: key:0, key:1/);
    expect(out).toMatch(/1 failed, 1 passed in \d+ ms, [\d.]+ % of the ways covered, which is less than 90 %/);
    expect(code).toBe(1);
  });

  test('tells the same as data', async () => {
    const { code, out } = await run(join(folder, 'main.yaml'), '--json');
    const told = JSON.parse(out.slice(out.indexOf('{'))) as { ok: boolean; failed: number; coverage: unknown[] };
    expect([code, told.ok, told.failed, told.coverage.length]).toEqual([1, false, 1, 1]);
  });

  test('a flow that nobody tests is not forgotten, when the whole folder is asked for', async () => {
    const more = mkdtempSync(join(tmpdir(), 'flow-tests-'));
    cpSync('ivr-flows', more, { recursive: true });
    const other = 'version: 1\nname: other\nlanguages: [es, en]\nstart: a\nsteps: { a: { do: queue, queue: sales } }\n';
    writeFileSync(join(more, 'other.yaml'), other);
    const whole = await run(more, '--min-coverage', '100');
    const one = await run(join(more, 'main.yaml'), '--min-coverage', '100');
    rmSync(more, { recursive: true });
    expect(whole.out).toContain('other: no test goes through it (2 ways out of its steps)');
    expect([whole.code, one.code]).toEqual([1, 0]);
  });

  test('check takes a file for its folder; a misspelt command is told', async () => {
    expect(await command('check', 'ivr-flows/main.yaml')).toMatchObject({ code: 0 });
    expect(await command('check', 'ivr-flow')).toMatchObject({ code: 2, out: 'there is nothing called ivr-flow\n' });
    expect(await command('chek')).toMatchObject({
      code: 2,
      out: "there is no command 'chek' (did you mean 'check'?)\n",
    });
    const walked = await command('walk', 'ivr-flows/main.yaml', '--keys', '0,');
    expect(walked).toMatchObject({ code: 0, out: expect.stringContaining('waits in queue support') });
  });

  test('a text with mistakes is not played', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'flow-tests-'));
    cpSync('ivr-flows', broken, { recursive: true });
    writeFileSync(join(broken, 'main.test.yaml'), CASE.replace('hears', 'hear'));
    const { code, out } = await run(broken);
    const checked = await command('check', broken);
    rmSync(broken, { recursive: true });
    expect(checked).toMatchObject({ code: 1, out: expect.stringContaining("main.test.yaml:5:9: 'hear' is nothing") });
    expect(checked.out).toContain('          - hear: { es: Buenos días. }\n            ^');
    expect(out).toMatch(/main\.test\.yaml:5:9: 'hear' is nothing a test can do or hear \(did you mean 'hears'\?\)/);
    expect(code).toBe(1);
  });

  test('says when there is nothing to test', async () => {
    expect(await run('ivr-flows/other.yaml')).toMatchObject({
      code: 2,
      out: expect.stringContaining('nothing called'),
    });
  });
});

describe('over SIP', () => {
  const suite = openSuite('ivr-flows');
  if (!suite.ok) throw new Error('the sample is good');
  const { loaded, files } = suite;
  const cases = new Map(files.flatMap((file) => file.cases).map((one) => [one.name, one]));
  /** Tuesday evening: closed. */
  const given = { number: '1000', from: '+34699999999', nowMs: Date.parse('2026-01-13T21:00:00Z'), agents: false };
  const reason = (name: string, changes: object = {}): string => {
    const one = cases.get(name);
    if (one === undefined) throw new Error(`no case '${name}'`);
    const playable = playableCase(loaded, one, { ...given, ...changes });
    return playable.kind === 'playable' ? 'playable' : playable.reason;
  };

  test.each([
    ['hangs up in the greeting', {}, 'playable'],
    ['waits for the menu, then 2 is sales', {}, 'the queue sales needs an agent: name phones with --agents'],
    ['waits for the menu, then 2 is sales', { agents: true }, 'playable'],
    ['support is full', { agents: true }, 'the queue support has to give up on the caller'],
    ['is known to speak English', {}, 'it needs a caller whose language is known'],
    [
      'asks for the opening hours on a working day, goes back, and wants a person',
      { agents: true },
      'it needs another clock',
    ],
    [
      'asks for the opening hours on a working day, goes back, and wants a person',
      { agents: true, nowMs: Date.parse('2026-01-13T10:00:00Z') },
      'playable',
    ],
    ['4 in the greeting, says nothing to the voicemail, and is back in the menu', {}, 'the recording has to fail'],
  ])('%s %j: %s', (name, changes, expected) => {
    expect(reason(name, changes)).toBe(expected);
  });
});
