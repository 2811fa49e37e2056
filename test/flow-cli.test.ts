import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** The command as typed; `typed` is what the keyboard sends. */
function run(args: readonly string[], typed?: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'src/flow-cli.ts', ...args],
      { timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    );
    child.stdin?.end(typed ?? '');
  });
}

describe.concurrent('npm run flow', { timeout: 60_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flows-'));
    cpSync('ivr-flows', folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('walks a flow with what its number gives it, to a call-back that is promised', async () => {
    const own = mkdtempSync(join(tmpdir(), 'flows-'));
    const centre = readFileSync('ivr-flows/centre.yaml', 'utf8');
    const to = '1000: { to: { flow: main, give: { brand: Acme } } }';
    writeFileSync(join(own, 'centre.yaml'), centre.replace('1000: { to: { flow: main } }', to));
    const flow = `version: 1
name: main
languages: [es, en]
start: offer
inputs: { brand: { type: text } }
steps:
  offer:
    do: callback
    queue: support
    say: { es: 'Soy {{ brand }}.', en: 'I am {{ brand }}.' }
    times: { 1: soon, 3: tomorrow }
    confirm-number: { es: ¿Bien?, en: Right? }
    ask-number: { es: ¿Número?, en: Number? }
    promised: { es: 'Hecho: {{ callback.date | date }}.', en: Done. }
    otherwise: person
  person: { do: queue, queue: support }
`;
    writeFileSync(join(own, 'main.yaml'), flow);
    const { out } = await run([join(own, 'main.yaml'), '--keys', '3,1,', '--at', '2026-01-05T09:00']);
    expect(out).toContain('es: Soy Acme.');
    expect(out).toContain('→ is to be called back at +34600123123 by support: at 2026-01-06 09:00');
    expect(out).toContain('es: Hecho: martes, seis de enero.');
    expect(out).toContain('→ the call ends: callback-promised');
    rmSync(own, { recursive: true, force: true });
  });

  test('walks the sample with given keys', async () => {
    const { code, out } = await run(['ivr-flows/main.yaml', '--keys', ',3,1,2,', '--at', '2026-01-05T09:00']);
    expect(out).toContain('es: Para soporte, pulse 1.');
    expect(out).toContain('es: En este momento estamos abiertos.');
    expect(out).toContain('→ waits in queue sales');
    expect(out).toContain('→ the call ends: served');
    expect(code).toBe(0);
  });

  test('takes keys from the keyboard and hangs up when it closes', async () => {
    const { code, out } = await run(['ivr-flows/main.yaml', '--language', 'en'], '\n4\n');
    expect(out).toContain('en: Sorry, we did not get your answer.');
    expect(out).toContain('→ leaves a message after the tone');
    expect(out).toContain('(the caller hangs up)');
    expect(code).toBe(0);
  });

  test('tells the mistakes of all files with their places', async () => {
    const main = readFileSync(join(folder, 'main.yaml'), 'utf8').replace('queue: sales', 'queue: salse');
    writeFileSync(join(folder, 'main.yaml'), main);
    const centre = readFileSync(join(folder, 'centre.yaml'), 'utf8').replace('country: ES', 'country: XX');
    writeFileSync(join(folder, 'centre.yaml'), centre);
    const { code, out } = await run(['check', folder]);
    expect(out).toMatch(/centre\.yaml:6:10: this country is not known/);
    expect(out).toMatch(/main\.yaml:\d+:12: the centre has no queue 'salse' \(did you mean 'sales'\?\)/);
    expect(out).toContain('2 errors');
    expect(out).toMatch(/\n {4}country: XX\n {13}\^\n/);
    expect(code).toBe(1);
  });

  test('says what was wrong', async () => {
    const out = expect.stringContaining("there is no flow 'mian': main");
    expect(await run(['ivr-flows/mian.yaml'])).toEqual({ code: 2, out });
  });
});
