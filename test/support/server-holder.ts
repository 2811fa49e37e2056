// Starts PostgreSQL and Redis in the folder given as argument, prints their process ids, and waits to be killed.
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { startPostgres } from '../../src/local/postgres.js';
import { startRedis } from '../../src/local/redis.js';

const folder = process.argv[2] ?? '';
const shared = { clock: systemClock, log: silentLog };
const [postgres, redis] = await Promise.all([
  startPostgres({ ...shared, folder: join(folder, 'postgres') }),
  startRedis({ ...shared, folder: join(folder, 'redis') }),
]);
process.stdout.write(`${JSON.stringify({ postgres: postgres.pid(), redis: redis.pid() })}\n`);
setInterval(() => undefined, 60_000);
