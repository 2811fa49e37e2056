// What Hilo stands on: data folder, PostgreSQL, Redis, switch. Ours where the configuration names none.
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config, Server } from './config.js';
import type { Clock } from './lib/clock.js';
import { freePort } from './lib/free-port.js';
import type { Log } from './lib/log.js';
import { claimDataFolder } from './local/data-folder.js';
import { startPostgres } from './local/postgres.js';
import { startRedis } from './local/redis.js';
import { factsOf, findSwitch, startSwitch } from './local/switch.js';

const CONTROL_HOST = '127.0.0.1';
/** Seconds after which a switch that nobody uses any more ends itself; its calls are over by then. */
const SWITCH_ALONE_S = 120;

export interface Infrastructure {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly drachtio: readonly Server[];
  readonly freeswitch: readonly Server[];
  snapshot(): object;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

const readyLine = z.object({
  ready: z.literal(true),
  drachtio: z.string(),
  eventSocket: z.string(),
  sip: z.array(z.string()),
});

const keptServer = z.object({ host: z.string(), port: z.number(), secret: z.string() });
const keptServers = z.object({ drachtio: keptServer, freeswitch: keptServer });

/** Starts what is missing, all at once. When one part cannot be started the others are stopped again. */
export async function startInfrastructure(config: Config, clock: Clock, log: Log): Promise<Infrastructure> {
  const folder = await claimDataFolder(config.dataFolder);
  const owned: Closable[] = [];
  const own = async <T extends Closable>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    owned.push(started);
    return started;
  };
  const close = async (): Promise<void> => {
    await Promise.all(owned.splice(0).map((part) => part.close()));
    await folder.release();
  };
  const shared = { clock, log };
  const starting = [
    config.databaseUrl === undefined
      ? own(startPostgres({ ...shared, folder: join(folder.path, 'postgres') }))
      : { url: config.databaseUrl },
    config.redisUrl === undefined
      ? own(startRedis({ ...shared, folder: join(folder.path, 'redis') }))
      : { url: config.redisUrl },
    startOwnSwitch(config, folder.path, shared, own),
  ] as const;
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const [postgres, redis, servers] = await Promise.all(starting);
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    ...servers,
    snapshot: () => ({
      postgres: 'snapshot' in postgres ? postgres.snapshot() : 'external',
      redis: 'snapshot' in redis ? redis.snapshot() : 'external',
    }),
    close,
  };
}

type Servers = Pick<Infrastructure, 'drachtio' | 'freeswitch'>;

/** The embedded switch takes the parts for which no server is configured: both, or one of them. */
async function startOwnSwitch(
  config: Config,
  dataFolder: string,
  shared: { readonly clock: Clock; readonly log: Log },
  own: <T extends Closable>(starting: Promise<T>) => Promise<T>,
): Promise<Servers> {
  if (config.drachtio !== undefined && config.freeswitch !== undefined) {
    return { drachtio: config.drachtio, freeswitch: config.freeswitch };
  }
  const { sip, media } = config;
  const settings = {
    ...config.switchSettings,
    HILO_DATA: dataFolder,
    HILO_SIP_HOST: sip.host,
    HILO_SIP_PORT: String(sip.port),
    HILO_RTP_PORTS: `${media.firstPort}-${media.lastPort}`,
    HILO_MEDIA_WORKERS: String(media.workers),
    HILO_LOG_LEVEL: config.logLevel,
    HILO_SWITCH_HOST: CONTROL_HOST,
    HILO_SWITCH_ALONE: String(SWITCH_ALONE_S),
  };
  // Who talks goes on talking when this process dies: the next one finds the switch again, by this file.
  const file = join(dataFolder, 'switch.json');
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  const kept = await findSwitch(file, key, shared.clock, shared.log);
  const known = keptServers.safeParse(factsOf(kept)).data;
  const { drachtio, freeswitch } = known ?? { drachtio: await ownServer(), freeswitch: await ownServer() };
  await own(
    startSwitch({
      ...shared,
      keep: { file, key, facts: { drachtio, freeswitch } },
      ...(kept === undefined || known === undefined ? {} : { kept }),
      parseReady: (value) => readyLine.safeParse(value).data,
      env: {
        PATH: process.env['PATH'],
        // What the operator wants of Node holds for all of our processes.
        NODE_OPTIONS: process.env['NODE_OPTIONS'],
        ...settings,
        // Fixed for the life of this process: after a crash of the switch the connections find it again.
        DRACHTIO_PORT: String(drachtio.port),
        DRACHTIO_SECRET: drachtio.secret,
        FREESWITCH_PORT: String(freeswitch.port),
        FREESWITCH_SECRET: freeswitch.secret,
      },
    }),
  );
  return { drachtio: config.drachtio ?? [drachtio], freeswitch: config.freeswitch ?? [freeswitch] };
}

async function ownServer(): Promise<Server> {
  return { host: CONTROL_HOST, port: await freePort(CONTROL_HOST), secret: randomBytes(18).toString('base64url') };
}
