// What was left in a real Redis by hand, told to nobody: found there, and ended.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Eventually } from '../../src/app/eventually.js';
import { Agents } from '../../src/app/floor/agents.js';
import { LiveState } from '../../src/app/floor/live-state.js';
import { Queueing } from '../../src/app/floor/queueing.js';
import type { Holdings, Telephony } from '../../src/app/ports.js';
import { GRACE_MS, Reconciler, type ReconcilerPorts } from '../../src/app/reconciler.js';
import { newAgent } from '../../src/core/acd/agent-transition.js';
import { joinQueue } from '../../src/core/acd/entry-transition.js';
import { FakeClock, systemClock } from '../../src/lib/clock.js';
import { systemIds } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import type { LocalServer } from '../../src/local/redis.js';
import { openLiveStore, type RedisLiveStore } from '../../src/store/redis/live-store.js';
import { sampleCentre } from '../support/sample-centre.js';
import { eventually, startRedisOnly } from '../support/servers.js';

const NODE = 'n1';
const NOTHING: Holdings = { arrived: new Set(), legs: [], servers: new Set(), channels: new Map() };

let redis: LocalServer;
let store: RedisLiveStore;
let hand: Redis;

beforeAll(async () => {
  redis = await startRedisOnly();
  store = await openLiveStore({ url: redis.url, clock: systemClock, log: silentLog });
  hand = new Redis(redis.url);
});
afterAll(async () => {
  hand?.disconnect();
  store?.close();
  await redis?.close();
});

test('a place without a caller and an agent without a call: removed, and freed', async () => {
  const clock = new FakeClock();
  const shared = { clock: systemClock, ids: systemIds, log: silentLog, node: NODE };
  const retries = new Eventually(systemClock, silentLog);
  const live = new LiveState(store, retries);
  await live.refresh();
  const telephony = { onRegistration: () => undefined, health: () => ({ signalling: false, media: false }) };
  const floor = { ...shared, live, eventually: retries, centre: () => sampleCentre() };
  const agents = new Agents({ ...floor, telephony: telephony as Partial<Telephony> as Telephony });
  const reconciler = new Reconciler({
    ...{ clock, log: silentLog, node: NODE, live, agents, liveStore: store },
    queueing: new Queueing({ ...floor, lastAgents: { of: async () => undefined } }),
    accounts: { open: () => [] } as Partial<ReconcilerPorts['accounts']> as ReconcilerPorts['accounts'],
    interactions: {} as ReconcilerPorts['interactions'],
    recovery: { callLost: () => undefined },
    telephony: { holdings: () => Promise.resolve(NOTHING) },
    stories: {
      tendsCall: () => false,
      callsBack: () => false,
      tookOver: () => false,
      waits: () => false,
      occupies: () => false,
    },
  });
  const nowMs = systemClock.nowMs();
  const place = { queue: 'support', priority: 5, seniorityMs: nowMs, joinedAtMs: nowMs };
  const ghost = joinQueue({ entry: 'ghost', interaction: 'i', kind: 'call', node: NODE, ...place });
  const theirs = joinQueue({ entry: 'theirs', interaction: 'j', kind: 'call', node: 'n2', ...place });
  const busy = { interaction: 'i', entry: 'e', node: NODE, afterwards: { state: 'available' } };
  await hand.hset('{hilo}:entries', { ghost: `1 ${JSON.stringify(ghost)}`, theirs: `1 ${JSON.stringify(theirs)}` });
  await hand.hset('{hilo}:agents', 'ana', `1 ${JSON.stringify({ ...newAgent('ana', nowMs), ...busy, state: 'busy' })}`);
  expect(live.entry('ghost')).toBeUndefined();

  reconciler.start();
  // Each look waits for the real Redis before it sets the clock for the next one.
  for (let lookedMs = 0; lookedMs <= GRACE_MS + 10_000; lookedMs += 10_000) {
    clock.advance(10_000);
    await eventually('a look', () => clock.pending > 0, 10_000);
  }
  await eventually('the place is gone', async () => (await hand.hget('{hilo}:entries', 'ghost')) === null, 10_000);
  await eventually(
    'Ana is free',
    async () => /"available"/.test((await hand.hget('{hilo}:agents', 'ana')) ?? ''),
    10_000,
  );
  reconciler.close();
  expect(reconciler.found).toEqual({ call: 0, leg: 0, entry: 1, agent: 1, channel: 0 });
  expect(Object.keys(await hand.hgetall('{hilo}:entries'))).toEqual(['theirs']);
});
