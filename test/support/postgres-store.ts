// The record on a real PostgreSQL, as tests open it: real time, real chance, nothing logged.
import { systemClock } from '../../src/lib/clock.js';
import { systemIds } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { openPostgres, type PostgresStore } from '../../src/store/postgres/store.js';

/** With all migrations. Whoever opens it closes it. */
export function openStore(
  url: string,
  limits: Pick<Parameters<typeof openPostgres>[0], 'queryLimitMs'> = {},
): Promise<PostgresStore> {
  return openPostgres({ url, clock: systemClock, ids: systemIds, log: silentLog, ...limits });
}
