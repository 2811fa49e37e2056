// Our own PostgreSQL and Redis: kept data, hard deaths, what an earlier run left behind, one Hilo per data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { claimDataFolder, DataFolderInUse } from '../../src/local/data-folder.js';
import { processesIn } from '../../src/local/leftovers.js';
import { startPostgres } from '../../src/local/postgres.js';
import { type LocalServer, startRedis } from '../../src/local/redis.js';
import { eventually, isAlive, removeFolder, temporaryFolder } from '../support/servers.js';

let folder: string;
let servers: LocalServer[] = [];
const shared = { clock: systemClock, log: silentLog };

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  await removeFolder(folder);
});

async function postgres(data = folder): Promise<LocalServer> {
  const server = await startPostgres({ ...shared, folder: join(data, 'postgres') });
  servers.push(server);
  return server;
}

async function redis(): Promise<LocalServer> {
  const server = await startRedis({ ...shared, folder: join(folder, 'redis') });
  servers.push(server);
  return server;
}

async function query(server: LocalServer, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('PostgreSQL', () => {
  it('keeps its data from one start to the next, and asks for the password', async () => {
    const first = await postgres();
    await query(first, 'create table t (x int); insert into t values (7)');
    await first.close();
    const second = await postgres();
    expect(await query(second, 'select x from t')).toEqual([{ x: 7 }]);
    const wrong = { ...second, url: second.url.replace(/:[^:@]+@/, ':wrong@') };
    await expect(query(wrong, 'select 1')).rejects.toThrow(/password/);
  });

  it('killed with all that was under way comes back by itself at the same address', async () => {
    const server = await postgres();
    await query(server, 'create table t (x int); insert into t values (7)');
    const before = server.pid() ?? 0;
    process.kill(before, 'SIGKILL');
    await eventually('it is back', async () => server.pid() !== undefined && server.pid() !== before);
    await eventually('it answers', () =>
      query(server, 'select x from t').then(
        (rows) => rows.length === 1,
        () => false,
      ),
    );
  });

  it('begins again when its first start was interrupted', async () => {
    await mkdir(join(folder, 'postgres', 'cluster.unfinished', 'base'), { recursive: true });
    await mkdir(join(folder, 'postgres', 'cluster'), { recursive: true });
    expect(await query(await postgres(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.runIf(process.getuid?.() === 0)('started by root in a closed folder keeps its data in an open one', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const server = await postgres(closed);
    const [row] = await query(server, 'show data_directory');
    const id = await readFile(join(closed, 'postgres', 'id'), 'utf8');
    const elsewhere = join('/var/lib/hilo', `postgres-${id}`);
    expect(row).toEqual({ data_directory: join(elsewhere, 'cluster') });
    await server.close();
    await rm(elsewhere, { recursive: true });
  });
});

describe('Redis', () => {
  it('keeps what it acknowledged, asks for the password, and comes back at the same address', async () => {
    const server = await redis();
    const client = new Redis(server.url);
    await client.set('x', '7');
    const before = server.pid() ?? 0;
    process.kill(before, 'SIGKILL');
    await eventually('it is back', () => server.pid() !== undefined && server.pid() !== before);
    await eventually('it answers', () =>
      client.get('x').then(
        (value) => value === '7',
        () => false,
      ),
    );
    client.disconnect();
    const stranger = new Redis(server.url.replace(/:[^:@]+@/, ':wrong@'), { retryStrategy: () => null });
    stranger.on('error', () => undefined);
    await expect(stranger.get('x')).rejects.toThrow();
    stranger.disconnect();
  });

  it('keeps its password to itself', async () => {
    const server = await redis();
    const password = new URL(server.url).password;
    const commandLine = await readFile(`/proc/${server.pid()}/cmdline`, 'utf8');
    expect(commandLine).not.toContain(password);
    const { mode } = await stat(join(folder, 'redis', 'redis.conf'));
    expect(mode & 0o077).toBe(0);
  });
});

describe('the process that started them is killed', () => {
  let parent: ChildProcess | undefined;

  afterEach(() => {
    parent?.kill('SIGKILL');
  });

  /** Another process starts both servers in our folder; resolves with their ids once they are ready. */
  function startElsewhere(): Promise<{ postgres: number; redis: number }> {
    const script = fileURLToPath(new URL('../support/server-holder.ts', import.meta.url));
    parent = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      parent?.stdout?.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString())));
      parent?.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
  }

  it('they end too, and the next start finds their data', async () => {
    const left = await startElsewhere();
    parent?.kill('SIGKILL');
    await eventually('both are gone', () => !isAlive(left.postgres) && !isAlive(left.redis));
    await Promise.all([postgres(), redis()]);
  });

  it('frozen so that they cannot end, they are killed by the next start', async () => {
    const left = await startElsewhere();
    process.kill(left.postgres, 'SIGSTOP');
    process.kill(left.redis, 'SIGSTOP');
    parent?.kill('SIGKILL');
    const [again] = await Promise.all([postgres(), redis()]);
    expect(await query(again, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(left.postgres) || isAlive(left.redis)).toBe(false);
    expect(await processesIn(join(folder, 'redis'), 'redis')).toHaveLength(1);
  });
});

describe('a data folder', () => {
  it('belongs to one Hilo at a time', async () => {
    const mine = await claimDataFolder(folder);
    await expect(claimDataFolder(folder)).rejects.toThrow(DataFolderInUse);
    await mine.release();
    await mine.release();
    await (await claimDataFolder(folder)).release();
  });

  it('is taken over from one that died, also when its process number lives on as somebody else', async () => {
    for (const note of ['999999999 5', `${process.pid} 5`, '', 'nonsense']) {
      await writeFile(join(folder, 'hilo.pid'), note);
      await (await claimDataFolder(folder)).release();
    }
  });

  it('is made when it is missing', async () => {
    const claimed = await claimDataFolder(join(folder, 'a', 'b'));
    expect(claimed.path).toBe(join(folder, 'a', 'b'));
    await claimed.release();
  });
});
