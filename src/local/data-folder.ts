// The folder with everything that is kept (HILO_DATA): made on first use, and used by one Hilo at a time.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const LOCK = 'hilo.pid';
const ATTEMPTS = 3;

export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** Safe to call twice. */
  release(): Promise<void>;
}

export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

/** Takes the folder for this process. Rejects with {@link DataFolderInUse} while another live process has it. */
export async function claimDataFolder(folder: string): Promise<DataFolder> {
  const path = resolve(folder);
  await mkdir(path, { recursive: true });
  const lock = join(path, LOCK);
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      await writeFile(lock, mine, { flag: 'wx' });
      return { path, release: () => releaseLock(lock, mine) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, start] = (await readFile(lock, 'utf8').catch(() => '')).trim().split(' ');
    if (pid !== undefined && pid !== '' && (await isAlive(Number(pid), start ?? ''))) {
      throw new DataFolderInUse(
        `${path} is used by another Hilo (process ${pid}). Stop that one, or set HILO_DATA to another folder.`,
      );
    }
    await rm(lock, { force: true });
  }
  throw new DataFolderInUse(`${path} is being taken by another Hilo at this moment. Try again.`);
}

async function releaseLock(lock: string, mine: string): Promise<void> {
  if ((await readFile(lock, 'utf8').catch(() => '')) === mine) await rm(lock, { force: true });
}

/** A process id alone may have been given to somebody else meanwhile; the start time tells them apart. */
async function isAlive(pid: number, start: string): Promise<boolean> {
  return Number.isInteger(pid) && pid > 0 && start !== '' && (await startOf(pid)) === start;
}

/** Start time of a process in clock ticks since boot: field 22 of /proc/<pid>/stat (proc(5)); '' when dead or unknown. */
export async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets and may hold spaces; the third is the state, Z for a zombie.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}
