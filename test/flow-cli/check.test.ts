// npm run flow check, as far as its words and exit codes go.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { check } from '../../src/flow-cli/check.js';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flow-check-'));
  cpSync('ivr-flows', folder, { recursive: true });
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function change(from: string, to: string): void {
  const file = join(folder, 'main.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

describe('npm run flow check', () => {
  test('the sample has neither errors nor warnings', async () => {
    expect(await check([folder, '--strict'])).toBe(0);
    expect(out).toBe('main and the centre are good\n');
  });

  test('a warning is told with its line and a caret, and counts only with --strict', async () => {
    change('Que tenga un buen día.', 'Llame al 900 123 456.');
    expect(await check([folder])).toBe(0);
    expect(out).toMatch(/^1 warning\n\n.*main\.yaml:\d+:38: warning: this text sends people to another number/);
    expect(out).toContain(`      es: Gracias por llamar a Hilo. Llame al 900 123 456.\n    ${' '.repeat(37)}^\n`);
    expect(await check([folder, '--strict'])).toBe(1);
  });

  test('errors come first, then the warnings', async () => {
    change('Que tenga un buen día.', 'Llame al 900 123 456.');
    change('queue: sales', 'queue: salse');
    expect(await check([folder])).toBe(1);
    expect(out.indexOf('1 error\n')).toBe(0);
    expect(out.indexOf('1 warning\n')).toBeGreaterThan(0);
    expect(out).not.toContain('are good');
  });

  test('as data', async () => {
    change('queue: sales', 'queue: salse');
    expect(await check([folder, '--json'])).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      issues: [{ severity: 'error', column: 12, advice: "did you mean 'sales'?" }],
    });
  });

  test('a long line is cut to what is around the place', async () => {
    change('Que tenga un buen día.', `${'Gracias. '.repeat(40)}Llame al 900 123 456.`);
    await check([folder]);
    const [line = '', caret = ''] = out.split('\n').slice(3);
    expect(line.length).toBeLessThan(120);
    expect(line.slice(caret.indexOf('^'))).toMatch(/^Llame al 900 123 456\./);
  });
});
