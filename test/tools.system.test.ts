// `npm run replay` and `npm run sim --from-record` on a real PostgreSQL.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedEvent } from '../src/core/interaction/event.js';
import { fold } from '../src/core/interaction/interaction.js';
import { summaryOf } from '../src/core/interaction/summary.js';
import { openStore } from './support/postgres-store.js';
import { type Stores, startStores } from './support/servers.js';

const RECORDS = join(import.meta.dirname, 'records');
const LIMIT_MS = 120_000;
let stores: Stores;

beforeAll(async () => {
  stores = await startStores();
  const store = await openStore(stores.postgres.url);
  for (const name of readdirSync(join(RECORDS, 'revisions'))) {
    const [flow = '', revision = ''] = name.replace(/\.yaml$/, '').split('@');
    const text = readFileSync(join(RECORDS, 'revisions', name), 'utf8');
    await store.records.saveRevision({ name: flow, revision, text, author: 'test', note: '', atMs: 0 });
  }
  for (const file of readdirSync(RECORDS).filter((name) => name.endsWith('.jsonl'))) {
    const events = eventsOf(file);
    const interaction = events[0]?.interaction ?? '';
    await store.records.append({
      interaction,
      expectedVersion: 0,
      events: events.map(({ atMs, event }) => ({ atMs, event })),
      summary: summaryOf(fold(events)),
    });
  }
  await store.close();
}, LIMIT_MS);

afterAll(() => stores?.close(), LIMIT_MS);

test('a stored interaction is found by its reference and decided the same again', { timeout: LIMIT_MS }, async () => {
  const { code, out } = await run('src/replay-cli.ts', ['H-WZT9-PEQQ', '--flows', 'nowhere']);
  expect(out).toContain('16 events, the same: flow 6, router 2, record');
  expect(code).toBe(0);
});

test('all of a day are replayed; who is not there is said', { timeout: LIMIT_MS }, async () => {
  const day = await run('src/replay-cli.ts', ['--day', '2026-01-05', '--verbose']);
  expect(day.out).toMatch(/1[2-9] interactions, 0 different/);
  expect(day.code).toBe(0);
  const nobody = await run('src/replay-cli.ts', ['H-0000-0000']);
  expect(nobody).toMatchObject({ code: 2, out: expect.stringContaining('there is no interaction H-0000-0000') });
});

test('a day of the record is simulated again', { timeout: LIMIT_MS }, async () => {
  const what = ['--from-record', '2026-01-05', '--what-if', 'agents=+1', '--runs', '3'];
  const { code, out } = await run('src/sim-cli.ts', what);
  expect(out).toContain('Hilo: 1 day from 2026-01-05');
  expect(out).toMatch(/support +before +after/);
  expect(code).toBe(0);
});

function eventsOf(file: string): RecordedEvent[] {
  const lines = readFileSync(join(RECORDS, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedEvent);
}

function run(command: string, args: readonly string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', command, ...args],
      { timeout: LIMIT_MS, env: { ...process.env, DATABASE_URL: stores.postgres.url } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    );
  });
}
