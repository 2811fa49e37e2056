// A second node of the centre that a running Hilo is: the same stores and the same switch, texts and passwords; HTTP of its own.
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../servers.js';
import { writeTones } from './centre.js';
import { type Hilo, type HiloAddress, startHilo } from './server.js';

/** Where PostgreSQL lies when its user may not enter the data folder. */
const OPEN_FOLDER = '/var/lib/hilo';
const HOST = '127.0.0.1';

export async function startSecondNode({ dataFolder, flowsFolder }: HiloAddress): Promise<Hilo> {
  const folder = await temporaryFolder();
  await cp(join(dataFolder, 'credentials.json'), join(folder, 'credentials.json'));
  await writeTones(folder);
  const hilo = await startHilo({
    HILO_NODE: 'second',
    HILO_DATA: folder,
    HILO_FLOWS: flowsFolder,
    DATABASE_URL: await databaseOf(join(dataFolder, 'postgres')),
    REDIS_URL: await redisOf(join(dataFolder, 'redis')),
    // A real pair is in the environment already.
    ...(process.env['DRACHTIO_HOST'] === undefined ? await switchOf(join(dataFolder, 'switch.json')) : {}),
  });
  return {
    ...hilo,
    log: hilo.log,
    async close() {
      await hilo.close();
      await removeFolder(folder);
    },
  };
}

export async function databaseOf(wanted: string): Promise<string> {
  const id = await readFile(join(wanted, 'id'), 'utf8').catch(() => undefined);
  const folder = id === undefined ? wanted : join(OPEN_FOLDER, `postgres-${id}`);
  const password = await readFile(join(folder, 'password'), 'utf8');
  // PostgreSQL writes its port into the fourth line.
  const port = (await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[3];
  return `postgres://hilo:${password}@${HOST}:${port}/hilo`;
}

async function redisOf(folder: string): Promise<string> {
  const config = await readFile(join(folder, 'redis.conf'), 'utf8');
  const value = (key: string): string => new RegExp(`^${key} (.+)$`, 'm').exec(config)?.[1] ?? '';
  return `redis://:${value('requirepass')}@${HOST}:${value('port')}`;
}

async function switchOf(file: string): Promise<NodeJS.ProcessEnv> {
  const { facts } = JSON.parse(await readFile(file, 'utf8')) as {
    facts: Record<'drachtio' | 'freeswitch', { host: string; port: number; secret: string }>;
  };
  const { drachtio, freeswitch } = facts;
  return {
    DRACHTIO_HOST: drachtio.host,
    DRACHTIO_PORT: String(drachtio.port),
    DRACHTIO_SECRET: drachtio.secret,
    FREESWITCH_HOST: freeswitch.host,
    FREESWITCH_PORT: String(freeswitch.port),
    FREESWITCH_SECRET: freeswitch.secret,
  };
}
