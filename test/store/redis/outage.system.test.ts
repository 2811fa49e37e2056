// Redis dies, freezes, is full or is emptied: nobody waits for long, nothing acknowledged is lost, it recovers by itself.
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveChange } from '../../../src/app/ports.js';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import type { LocalServer } from '../../../src/local/redis.js';
import { openLiveStore, type RedisLiveStore } from '../../../src/store/redis/live-store.js';
import { eventually, LATE_MS, startRedisOnly, timed } from '../../support/servers.js';

const COMMAND_LIMIT_MS = 500;

let server: LocalServer;
let store: RedisLiveStore;
let heard: unknown[];

beforeEach(async () => {
  server = await startRedisOnly();
  const options = { url: server.url, clock: systemClock, log: silentLog, commandLimitMs: COMMAND_LIMIT_MS };
  store = await openLiveStore(options);
  heard = [];
  await store.commit([agent('first', 0)]);
  store.onChange((change) => heard.push(change));
});

afterEach(async () => {
  store?.close();
  await server?.close();
});

function agent(id: string, expected: number): LiveChange {
  const value = { state: 'offline', agent: id, sinceMs: 0, idleSinceMs: 0, backOffUntilMs: 0, refusals: 0 } as const;
  return { kind: 'agent', id, expected, value };
}

function kill(signal: NodeJS.Signals): void {
  const pid = server.pid();
  if (pid !== undefined) process.kill(pid, signal);
}

async function direct<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url);
  try {
    return await action(redis);
  } finally {
    redis.disconnect();
  }
}

describe('Redis is killed in the middle of writing', () => {
  it('every acknowledged commit is there afterwards, three times over', async () => {
    const acknowledged = new Set<string>();
    let stop = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let count = 0; !stop; count += 1) {
        const id = `${writer}-${count}`;
        await store.commit([agent(id, 0)]).then(
          ({ ok }) => ok && acknowledged.add(id),
          () => new Promise((resolve) => setTimeout(resolve, 20)),
        );
      }
    });
    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged.size;
      await eventually('writes go on', () => acknowledged.size > before + 100, 30_000);
      kill('SIGKILL');
      await eventually('the loss is noticed', () => !store.healthy());
      await eventually('Redis is back', () => store.healthy(), 30_000);
    }
    stop = true;
    await Promise.all(writers);
    const stored = new Set((await store.all()).map(({ id }) => id));
    expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    expect(heard.filter((change) => change === 'reset').length).toBeGreaterThanOrEqual(3);
  });
});

describe('Redis does not answer (SIGSTOP)', () => {
  it('the first command ends at the limit, a thousand more at once, and none is carried out later', async () => {
    kill('SIGSTOP');
    try {
      const first = await timed(store.commit([agent('late', 0)]));
      expect(first.code).toBe('store-unavailable');
      expect(first.ms).toBeLessThan(LATE_MS);
      const startMs = performance.now();
      const others = await Promise.allSettled(
        Array.from({ length: 1_000 }, (_, index) => store.commit([agent(`late-${index}`, 0)])),
      );
      expect(others.every(({ status }) => status === 'rejected')).toBe(true);
      expect(performance.now() - startMs).toBeLessThan(COMMAND_LIMIT_MS);
      expect(store.healthy()).toBe(false);
    } finally {
      kill('SIGCONT');
    }
    await eventually('Redis is back', () => store.healthy());
    expect(await store.commit([agent('ana', 0)])).toMatchObject({ ok: true });
    expect((await store.all()).map(({ id }) => id).toSorted()).toEqual(['ana', 'first']);
    expect(heard).toContain('reset');
  });
});

describe('Redis is of no use', () => {
  it('full: commits are refused, reads go on', async () => {
    await direct((redis) => redis.config('SET', 'maxmemory', '1'));
    expect(await timed(store.commit([agent('ana', 0)]))).toMatchObject({ code: 'store-unavailable' });
    expect(await store.all()).toHaveLength(1);
    await direct((redis) => redis.config('SET', 'maxmemory', '0'));
    expect(await store.commit([agent('ana', 0)])).toMatchObject({ ok: true });
  });

  it('a standby: commits are refused', async () => {
    await direct((redis) => redis.replicaof('127.0.0.1', 1));
    expect(await timed(store.commit([agent('ana', 0)]))).toMatchObject({ code: 'store-unavailable' });
    await direct((redis) => redis.replicaof('NO', 'ONE'));
    await eventually('Redis is back', () => store.healthy());
    expect(await store.commit([agent('ana', 0)])).toMatchObject({ ok: true });
  });

  it('emptied by mistake: everybody hears `reset`, the old leader is fenced, work goes on', async () => {
    const before = await store.lease('dispatcher', 'node-a', 60_000);
    await direct((redis) => redis.flushall());
    await store.beat('node-a', 60_000);
    await eventually('reset', () => heard.includes('reset'));
    expect(await store.all()).toEqual([]);
    expect(await store.commit([agent('ana', 0)], before)).toEqual({ ok: false, cause: 'fenced' });
    const after = await store.lease('dispatcher', 'node-b', 60_000);
    expect(after?.fencing).toBeGreaterThan(before?.fencing ?? Number.POSITIVE_INFINITY);
    expect(await store.commit([agent('ana', 0)], after)).toMatchObject({ ok: true });
  });
});

describe('Redis is not there at all', () => {
  it('opening says so after its limit', async () => {
    await server.close();
    const options = { url: server.url, clock: systemClock, log: silentLog };
    expect(await timed(openLiveStore(options, 300))).toMatchObject({ code: 'store-unavailable' });
  });
});
