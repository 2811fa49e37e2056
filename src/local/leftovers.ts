// Finds and ends servers of ours that outlived an earlier run (kill -9 of the parent), by the data folder they sit in.
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../lib/log.js';

const POLL_MS = 50;
const POLITE_MS = 8_000;
const KILLED_MS = 5_000;

/**
 * Process ids whose working directory is `folder` and whose program name starts with `program`. Both PostgreSQL (every
 * back end) and Redis change into their data folder, which makes this safer than a pid file: a number cannot be reused
 * by a stranger. Empty where there is no /proc.
 */
export async function processesIn(folder: string, program: string): Promise<readonly number[]> {
  const path = await realpath(folder).catch(() => undefined);
  if (path === undefined) return [];
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const cwd = await readlink(`/proc/${name}/cwd`).catch(() => undefined);
        if (cwd !== path) return undefined;
        const command = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '');
        return command.startsWith(program) ? Number(name) : undefined;
      }),
  );
  return found.filter((pid) => pid !== undefined);
}

/** Asks what is left in `folder` to stop, then kills it; settles when nothing is left. Rejects when something stays. */
export async function endLeftovers(
  folder: string,
  program: string,
  stopSignal: NodeJS.Signals,
  log: Log,
): Promise<void> {
  const left = await processesIn(folder, program);
  if (left.length === 0) return;
  log.warn({ program, folder, pids: left }, 'ending what an earlier run left behind');
  signalAll(left, stopSignal);
  if (await goneWithin(folder, program, POLITE_MS)) return;
  signalAll(await processesIn(folder, program), 'SIGKILL');
  if (await goneWithin(folder, program, KILLED_MS)) return;
  throw new Error(`${program} of an earlier run still uses ${folder} and cannot be ended`);
}

async function goneWithin(folder: string, program: string, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += POLL_MS) {
    if ((await processesIn(folder, program)).length === 0) return true;
    await delay(POLL_MS);
  }
  return false;
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // ESRCH: gone meanwhile, which is what we want.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
