// Our own Redis: Debian's redis-server as a child, durable, on loopback, with a password only we know.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import { freePort } from '../lib/free-port.js';
import type { Log } from '../lib/log.js';
import { Child } from './child.js';
import { endLeftovers } from './leftovers.js';

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const BACK_OFF = { firstMs: 100, maxMs: 5_000 };

export interface LocalServer {
  /** Where to reach it, with the password; the same for as long as this process lives. */
  readonly url: string;
  pid(): number | undefined;
  snapshot(): object;
  /** Settles when the server is gone. Safe to call twice. */
  close(): Promise<void>;
}

export interface LocalServerOptions {
  /** Folder for its data, made when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Settles when it accepts connections. Rejects with ChildFailed when it cannot be started. */
export async function startRedis(options: LocalServerOptions): Promise<LocalServer> {
  const { folder, clock } = options;
  const log = options.log.child({ part: 'redis' });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await endLeftovers(folder, 'redis', 'SIGTERM', log);

  const port = await freePort();
  const password = randomBytes(24).toString('hex');
  const config = join(folder, 'redis.conf');
  await writeFile(config, configText(folder, port, password), { mode: 0o600 });

  const child = new Child({
    name: 'redis',
    launch: async () => {
      await endLeftovers(folder, 'redis', 'SIGTERM', log);
      return { command: 'redis-server', args: [config] };
    },
    readyLine: (line) => (line.includes('Ready to accept connections') ? true : undefined),
    readyLimitMs: READY_LIMIT_MS,
    stopSignal: 'SIGTERM',
    stopLimitMs: STOP_LIMIT_MS,
    backOff: BACK_OFF,
    onLine: (line) => log.debug({}, line),
    clock,
    log,
  });
  await child.start();
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    pid: () => child.pid,
    snapshot: () => child.snapshot(),
    close: () => child.stop(),
  };
}

/** Every acknowledged write is on disk (`always`); a full memory refuses writes instead of forgetting jobs. */
function configText(folder: string, port: number, password: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    'appendfsync always',
    'aof-load-truncated yes',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}
