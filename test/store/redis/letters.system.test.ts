// Letters between nodes through a real Redis; and registrations that one node tells the others.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVERYBODY } from '../../../src/app/nodes/letters.js';
import type { Registration } from '../../../src/app/ports.js';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import type { LocalServer } from '../../../src/local/redis.js';
import { openLiveStore, type RedisLiveStore } from '../../../src/store/redis/live-store.js';
import { eventually, startRedisOnly } from '../../support/servers.js';

let server: LocalServer;
let direct: Redis;
let one: RedisLiveStore;
let other: RedisLiveStore;
const prefix = systemIds.uuid();

beforeAll(async () => {
  server = await startRedisOnly();
  direct = new Redis(server.url);
  const open = () => openLiveStore({ url: server.url, clock: systemClock, log: silentLog, prefix });
  [one, other] = [await open(), await open()];
});
afterAll(async () => {
  one?.close();
  other?.close();
  direct?.disconnect();
  await server?.close();
});

test('reach the node they are for, or all; who sends is told whether anybody listens', async () => {
  const got: string[] = [];
  const stop = other.letters.listen('n2', (text) => got.push(text));
  await eventually('somebody listens', async () => one.letters.send('n2', 'first'));
  expect(await one.letters.send('n3', 'to nobody')).toBe(false);
  await one.letters.send(EVERYBODY, 'to all');
  await eventually('both arrived', () => got.includes('to all') && got.includes('first'));
  stop();
  await one.letters.send('n2', 'too late');
  expect(got).not.toContain('too late');
});

test('come again after the connection was cut', async () => {
  const got: string[] = [];
  let back = 0;
  other.letters.onBack(() => {
    back += 1;
  });
  other.letters.listen('n4', (text) => got.push(text));
  await eventually('listening', async () => one.letters.send('n4', 'before'));
  await direct.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await eventually('listening again', async () => {
    await one.letters.send('n4', 'after');
    return got.includes('after') && back > 0;
  });
});

test('a device registered at one node is told to the other, and not to itself', async () => {
  const told: [string, string | undefined][] = [];
  one.registrations.onChange?.((device) => told.push(['one', device]));
  other.registrations.onChange?.((device) => told.push(['other', device]));
  const registration: Registration = {
    ...{ device: 'ana-desk', contact: 'sip:ana@127.0.0.1', callId: 'c', cseq: 1, userAgent: '' },
    source: { address: '127.0.0.1', port: 5071, transport: 'udp' },
    expiresAtMs: systemClock.nowMs() + 60_000,
  };
  await eventually('told', async () => {
    await one.registrations.put(registration);
    return told.some(([node]) => node === 'other');
  });
  expect(told.filter(([node, device]) => node === 'one' && device !== undefined)).toEqual([]);
  expect(await other.registrations.of('ana-desk')).toHaveLength(1);
});
