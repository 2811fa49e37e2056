// The certificate of our own: made once, whole, also when several switches on the same data start for the first time at once.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import type { Log } from '../../src/lib/log.js';
import { type Certificates, openCertificates } from '../../src/switch/certificates.js';

let folder: string;
let lines: string[];
const opened: Certificates[] = [];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'hilo-tls-')), 'tls');
  lines = [];
});
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
  rmSync(dirname(folder), { recursive: true, force: true });
});

async function start(): Promise<Certificates> {
  const note = (_fields: object, message = ''): void => void lines.push(message);
  const log: Log = { debug: () => undefined, info: note, warn: note, error: note, child: () => log };
  const certificates = await openCertificates({ folder, hosts: ['127.0.0.1'], clock: systemClock, log });
  opened.push(certificates);
  return certificates;
}

const MADE = 'self-signed certificate made';

it('two that start for the first time at once: one makes it, the other uses that one', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect(lines).toEqual([MADE]);
  expect(second?.files).toEqual(first?.files);
  expect(readdirSync(folder).toSorted()).toEqual(['cert.pem', 'key.pem']);
});

it('a certificate beside the key of another one is made anew, by one of several', async () => {
  const { files } = await start();
  const key = readFileSync(files.key);
  rmSync(folder, { recursive: true });
  await start();
  writeFileSync(files.key, key);
  await Promise.all([start(), start(), start()]);
  // The first one, which looks at the files from time to time, may have seen the pair that does not fit.
  expect(lines.filter((line) => line === MADE)).toHaveLength(3);
});

it('a maker that was killed in the middle of it keeps nobody from starting', async () => {
  const making = join(folder, 'making');
  mkdirSync(making, { recursive: true });
  const longAgo = systemClock.nowMs() / 1000 - 60;
  utimesSync(making, longAgo, longAgo);
  await Promise.all([start(), start()]);
  expect(lines).toEqual(['whoever was making a certificate did not finish', MADE]);
  expect(existsSync(making)).toBe(false);
});
