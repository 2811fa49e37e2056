// A real PostgreSQL and a real Redis of a test's own, in a temporary folder, gone when the test is over.
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.js';
import { type Log, silentLog } from '../../src/lib/log.js';
import { startPostgres } from '../../src/local/postgres.js';
import { type LocalServer, startRedis } from '../../src/local/redis.js';

export interface Stores {
  readonly postgres: LocalServer;
  readonly redis: LocalServer;
  /** Stops both and deletes their data. Safe to call twice. */
  close(): Promise<void>;
}

export async function startStores(log: Log = silentLog): Promise<Stores> {
  const folder = await temporaryFolder();
  const [postgres, redis] = await Promise.all([
    startPostgres({ folder: join(folder, 'postgres'), clock: systemClock, log }),
    startRedis({ folder: join(folder, 'redis'), clock: systemClock, log }),
  ]);
  return {
    postgres,
    redis,
    async close() {
      await Promise.all([postgres.close(), redis.close()]);
      await removeFolder(folder);
    },
  };
}

/** Only Redis, for tests that stop and kill it. Its data are deleted when it is closed. */
export async function startRedisOnly(log: Log = silentLog): Promise<LocalServer> {
  const folder = await temporaryFolder();
  const redis = await startRedis({ folder: join(folder, 'redis'), clock: systemClock, log });
  return {
    ...redis,
    async close() {
      await redis.close();
      await removeFolder(folder);
    },
  };
}

/** Others may enter it: as root, PostgreSQL runs as a user of its own. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-test-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Also while the last process that writes there is on its way out. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Waits until `condition` holds, looking every 10 ms; fails after `limitMs`, naming what was waited for. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    if (await condition()) return;
    if (performance.now() - startMs > limitMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * What ended before this did not wait for ever, nor for a default of a library: the least that a test of a real time-out can
 * ask, whose own limit is a few seconds at most, on a machine that has other things to do.
 */
export const LATE_MS = 9_000;

/** Milliseconds until `promise` settles, and the code of its error if it has one. */
export async function timed(promise: Promise<unknown>): Promise<{ ms: number; code: string | undefined }> {
  const startMs = performance.now();
  const code = await promise.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? 'no code',
  );
  return { ms: performance.now() - startMs, code };
}

/** False also for a process that has ended and only waits to be collected by its parent. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
