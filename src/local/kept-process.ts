// A server process that outlives us: written down when it is ready, found again by the next start if it still runs.
import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import type { Clock } from '../lib/clock.js';
import { startOf } from './data-folder.js';

const LOOK_EVERY_MS = 200;

export interface Kept {
  readonly pid: number;
  /** Tells it from another process that was given its number meanwhile. */
  readonly start: string;
  /** Of the settings it runs with: another start with others needs another process. */
  readonly key: string;
  /** Whatever its user has to know to use it. */
  readonly facts: unknown;
}

/** What {@link Child} needs of a process. */
export interface RunningProcess {
  readonly pid?: number | undefined;
  kill(signal: NodeJS.Signals): unknown;
}

/** undefined: none was written down, or it does not run any more. */
export async function readKept(file: string): Promise<Kept | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  let kept: Partial<Kept>;
  try {
    kept = JSON.parse(text === '' ? '{}' : text) as Partial<Kept>;
  } catch (error) {
    // Half a file is that of a process that was not ready.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { pid, start, key, facts } = kept;
  if (typeof pid !== 'number' || typeof start !== 'string' || typeof key !== 'string' || start === '') return undefined;
  return (await startOf(pid)) === start ? { pid, start, key, facts } : undefined;
}

/** Holds secrets: for this user only. */
export async function writeKept(file: string, pid: number, key: string, facts: unknown): Promise<void> {
  const kept: Kept = { pid, start: await startOf(pid), key, facts };
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(kept)}\n`);
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, file);
}

export async function forgetKept(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The process as one can have it who is not its parent. */
export function processOf({ pid, start }: Kept, clock: Clock): { process: RunningProcess; gone: Promise<string> } {
  const gone = new Promise<string>((resolve) => {
    const look = async (): Promise<void> => {
      if ((await startOf(pid)) === start) clock.after(LOOK_EVERY_MS, () => void look());
      else resolve('somehow');
    };
    void look();
  });
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // ESRCH: gone meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  return { process: { pid, kill }, gone };
}
