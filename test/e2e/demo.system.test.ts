// The demonstrations a newcomer runs first, against a running Hilo.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';

const { sip, http, dataFolder, trunkPort } = inject('hilo');
const SIP = `${sip.host}:${sip.port}`;

test('npm run demo: three customers, and the record of each', async () => {
  const shown = await run(
    'demo',
    '--sip',
    SIP,
    '--http',
    http,
    '--data',
    dataFolder,
    '--trunk',
    String(trunkPort),
    '--language',
    'en',
  );
  const references = new Set(shown.match(/\bH-[0-9A-Z]{4}-[0-9A-Z]{4}\b/g));
  expect(references.size).toBe(3);
  expect(shown).toContain("the customer hears the other's voice");
  expect(shown).not.toContain('hears nothing');
});

test('npm run call: one call, told as it goes', async () => {
  const shown = await run('call', '--sip', SIP, '--to', '1003');
  expect(shown).toContain('1003 answers 200');
  expect(shown).toContain('the other side hung up');
});

async function run(program: string, ...options: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../../dist/sim/${program}.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...options], { timeout: 90_000 });
  return stdout;
}
