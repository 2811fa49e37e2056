// Three nodes on one Redis, and the one that leads is killed: another one dispatches soon, nobody is lost or offered twice.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDispatch } from '../../../src/bench/dispatch/run.js';
import type { LocalServer } from '../../../src/local/redis.js';
import { startRedisOnly } from '../../support/servers.js';

/** As built: `npm test` builds first. */
const PROGRAM = fileURLToPath(new URL('../../../dist/bench/dispatch/node.js', import.meta.url));

let redis: LocalServer;
beforeAll(async () => {
  redis = await startRedisOnly();
});
afterAll(() => redis?.close());

test('the leader dies while callers come', { timeout: 90_000 }, async () => {
  const { reports, failOver } = await runDispatch({
    ...{ redisUrl: redis.url, program: PROGRAM, nodes: 2, agents: 60 },
    ...{ perSecond: 10, seconds: 4, holdMs: 300, killLeaderAfterMs: 1_000 },
  });
  const sum = (of: (report: (typeof reports)[number]) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  expect(sum(({ joined }) => joined)).toBe(40);
  expect(sum(({ accepted }) => accepted)).toBe(40);
  expect(sum(({ acceptedTwice, offeredTwice }) => acceptedTwice + offeredTwice)).toBe(0);
  // The lease of 2.1 s and a try every 0.6 s; how long a busy machine takes on top of it is no matter of the dispatcher.
  expect(failOver?.leadsMs).toBeLessThan(15_000);
});
