// Live state in a real Redis: one winner per version, leases that fence, changes told to every node in one order.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveChange, Registration } from '../../../src/app/ports.js';
import type { AgentPresence } from '../../../src/core/acd/agent.js';
import type { Entry } from '../../../src/core/acd/entry.js';
import { FakeClock, systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import type { LocalServer } from '../../../src/local/redis.js';
import type { LiveEvent } from '../../../src/store/redis/document.js';
import { type LiveStoreOptions, openLiveStore, type RedisLiveStore } from '../../../src/store/redis/live-store.js';
import { eventually, startRedisOnly } from '../../support/servers.js';

let server: LocalServer;
let direct: Redis;
const opened: RedisLiveStore[] = [];

beforeAll(async () => {
  server = await startRedisOnly();
  direct = new Redis(server.url);
});

afterAll(async () => {
  for (const store of opened) store.close();
  direct?.disconnect();
  await server?.close();
});

/** A store of its own prefix: a centre of its own. Give the prefix to open a second node of the same centre. */
async function open(options: Partial<LiveStoreOptions> = {}): Promise<RedisLiveStore> {
  const prefix = systemIds.uuid();
  const store = await openLiveStore({ url: server.url, clock: systemClock, log: silentLog, prefix, ...options });
  opened.push(store);
  return store;
}

function presence(agent: string, sinceMs = 0): AgentPresence {
  return { state: 'available', agent, sinceMs, idleSinceMs: 0, backOffUntilMs: 0, refusals: 0 };
}

function agent(id: string, expected: number, sinceMs = 0): LiveChange {
  return { kind: 'agent', id, expected, value: presence(id, sinceMs) };
}

function entry(id: string, expected: number): LiveChange {
  const value: Entry = {
    state: 'waiting',
    entry: id,
    interaction: 'i',
    kind: 'call',
    queue: 'support',
    priority: 5,
    seniorityMs: 0,
    joinedAtMs: 0,
    refusedBy: {},
    node: 'n',
  };
  return { kind: 'entry', id, expected, value };
}

describe('a commit', () => {
  it('stores all its documents or none', async () => {
    const store = await open();
    expect(await store.commit([agent('ana', 0), entry('e1', 0)])).toEqual({ ok: true, versions: [1, 1] });
    expect(await store.commit([agent('ana', 1), entry('e1', 7)])).toEqual({
      ok: false,
      cause: 'conflict',
      kind: 'entry',
      id: 'e1',
    });
    expect(await store.commit([agent('bruno', 0), agent('ana', 0)])).toMatchObject({ ok: false, id: 'ana' });
    expect(await store.all()).toEqual([
      { kind: 'agent', id: 'ana', version: 1, value: presence('ana') },
      { kind: 'entry', id: 'e1', version: 1, value: entry('e1', 0).value },
    ]);
  });

  it('deletes with null, after which the document is absent', async () => {
    const store = await open();
    await store.commit([entry('e1', 0)]);
    expect(await store.commit([{ kind: 'entry', id: 'e1', expected: 1, value: null }])).toMatchObject({ ok: true });
    expect(await store.all()).toEqual([]);
    expect(await store.commit([entry('e1', 1)])).toMatchObject({ ok: false, cause: 'conflict' });
    expect(await store.commit([entry('e1', 0)])).toMatchObject({ ok: true });
  });

  it('of 100 at once on one document exactly one wins each version', async () => {
    const prefix = systemIds.uuid();
    const nodes = [await open({ prefix }), await open({ prefix })];
    for (const expected of [0, 1, 2, 3, 4]) {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, index) => nodes[index % 2]?.commit([agent('ana', expected, index)])),
      );
      const winners = outcomes.flatMap((outcome, index) => (outcome?.ok === true ? [index] : []));
      expect(winners).toHaveLength(1);
      expect(await nodes[0]?.all()).toEqual([
        { kind: 'agent', id: 'ana', version: expected + 1, value: presence('ana', winners[0]) },
      ]);
    }
  });

  it('of two answers to one offer only one gets the agent', async () => {
    const store = await open();
    await store.commit([agent('ana', 0), entry('e1', 0), entry('e2', 0)]);
    const outcomes = await Promise.all([
      store.commit([agent('ana', 1), entry('e1', 1)]),
      store.commit([agent('ana', 1), entry('e2', 1)]),
    ]);
    expect(outcomes.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  });

  it('refuses a document that is too large, and too many at once', async () => {
    const store = await open();
    const large: LiveChange = { kind: 'agent', id: 'ana', expected: 0, value: presence('x'.repeat(70_000)) };
    await expect(store.commit([large])).rejects.toThrow('too large');
    const many = Array.from({ length: 101 }, (_, index) => agent(`a${index}`, 0));
    await expect(store.commit(many)).rejects.toThrow('at most 100');
  });
});

describe('changes', () => {
  it('reach every node, also the one that made them, in the order of the commits', async () => {
    const prefix = systemIds.uuid();
    const nodes = [await open({ prefix }), await open({ prefix })];
    const heard: (LiveEvent | 'reset')[][] = [[], []];
    for (const [index, node] of nodes.entries()) node.onChange((change) => heard[index]?.push(change));
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        nodes[index % 2]?.commit([agent(`a${index}`, 0), entry(`e${index}`, 0)]),
      ),
    );
    await nodes[0]?.commit([{ kind: 'entry', id: 'e0', expected: 1, value: null }]);
    const changes = (index: number): LiveEvent[] => heard[index]?.filter((one) => one !== 'reset') ?? [];
    await eventually('both hear all', () => changes(0).length === 101 && changes(1).length === 101);
    expect(changes(0)).toEqual(changes(1));
    expect(changes(0).at(-1)).toEqual({ kind: 'entry', id: 'e0', version: 2, value: null });
  });

  it('that were missed while the connection was away are made up for by `reset`', async () => {
    const store = await open();
    const heard: unknown[] = [];
    store.onChange((change) => heard.push(change));
    await store.commit([agent('ana', 0)]);
    await eventually('the change is heard', () => heard.some((change) => change !== 'reset'));
    heard.length = 0;
    await direct.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually('reset', () => heard.includes('reset'));
    await store.commit([agent('ana', 1)]);
    await eventually('changes go on', () => heard.length === 2);
    expect(heard).toEqual(['reset', { kind: 'agent', id: 'ana', version: 2, value: presence('ana') }]);
  });
});

describe('a lease', () => {
  it('has one holder at a time, and its number grows with each holder', async () => {
    const store = await open();
    const first = await store.lease('dispatcher', 'node-a', 60_000);
    expect(first).toMatchObject({ name: 'dispatcher', node: 'node-a' });
    expect(await store.lease('dispatcher', 'node-b', 60_000)).toBeUndefined();
    expect(await store.lease('dispatcher', 'node-a', 60_000)).toEqual(first);
    if (first !== undefined) await store.release(first);
    const second = await store.lease('dispatcher', 'node-b', 60_000);
    expect(second?.fencing).toBeGreaterThan(first?.fencing ?? Number.POSITIVE_INFINITY);
  });

  it('of 20 nodes at once goes to one', async () => {
    const store = await open();
    const leases = await Promise.all(Array.from({ length: 20 }, (_, node) => store.lease('x', `node-${node}`, 60_000)));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('that ran out does not let its old holder commit once there is a new one', async () => {
    const store = await open();
    const old = await store.lease('dispatcher', 'node-a', 50);
    expect(await store.commit([agent('ana', 0)], old)).toMatchObject({ ok: true });
    let taken = await store.lease('dispatcher', 'node-b', 60_000);
    await eventually('the lease runs out', async () => {
      taken ??= await store.lease('dispatcher', 'node-b', 60_000);
      return taken !== undefined;
    });
    expect(await store.commit([agent('ana', 1)], old)).toEqual({ ok: false, cause: 'fenced' });
    expect(await store.commit([agent('ana', 1)], taken)).toMatchObject({ ok: true });
    if (old !== undefined) await store.release(old);
    expect(await store.lease('dispatcher', 'node-c', 60_000)).toBeUndefined();
  });
});

describe('nodes, counters, once', () => {
  it('a node without a sign of life is lost until it is forgotten or comes back', async () => {
    const store = await open();
    await store.beat('quick', 60_000);
    await store.beat('dead', 30);
    await eventually('the node is lost', async () => (await store.lostNodes()).includes('dead'));
    expect(await store.lostNodes()).toEqual(['dead']);
    expect(await store.aliveNodes()).toEqual(['quick']);
    await store.forgetNode('dead');
    expect(await store.lostNodes()).toEqual([]);
  });

  it('counts within a window, and anew in the next', async () => {
    const store = await open();
    const counts = await Promise.all([1, 2, 3].map(() => store.count('calls', 200)));
    expect(counts.toSorted()).toEqual([1, 2, 3]);
    expect(await store.count('others', 60_000)).toBe(1);
    await eventually('the window ends', async () => (await store.count('calls', 200)) === 1);
  });

  it('something happens once within its time, however many try', async () => {
    const store = await open();
    const tries = await Promise.all(Array.from({ length: 20 }, () => store.once('cool-down', 100)));
    expect(tries.filter(Boolean)).toHaveLength(1);
    await eventually('the time is over', () => store.once('cool-down', 60_000));
  });
});

describe('registrations', () => {
  const clock = new FakeClock(Date.now());

  function registration(device: string, contact: string, expiresInMs: number): Registration {
    return {
      device,
      contact,
      source: { address: '127.0.0.1', port: 5071, transport: 'udp' },
      callId: 'c',
      cseq: 1,
      expiresAtMs: clock.nowMs() + expiresInMs,
      userAgent: 'phone "x" <ñ>',
    };
  }

  it('are kept per contact, replaced, removed one by one or together', async () => {
    const { registrations } = await open({ clock });
    const [desk, mobile] = [registration('ana', 'sip:desk', 60_000), registration('ana', 'sip:mobile', 60_000)];
    for (const one of [desk, mobile, { ...desk, cseq: 2 }]) await registrations.put(one);
    const other = registration('bruno', 'sip:b', 60_000);
    await registrations.put(other);
    expect(new Set(await registrations.of('ana'))).toEqual(new Set([{ ...desk, cseq: 2 }, mobile]));
    expect(await registrations.all()).toHaveLength(3);
    await registrations.remove('ana', 'sip:desk');
    expect(await registrations.of('ana')).toEqual([mobile]);
    await registrations.remove('ana');
    expect(await registrations.all()).toEqual([other]);
  });

  it('are gone when their time is over', async () => {
    const { registrations } = await open({ clock });
    await registrations.put(registration('ana', 'sip:short', 1_000));
    await registrations.put(registration('ana', 'sip:long', 60_000));
    clock.advance(1_000);
    expect((await registrations.of('ana')).map(({ contact }) => contact)).toEqual(['sip:long']);
  });

  it('of one device are at most ten: the one that ends soonest makes room', async () => {
    const { registrations } = await open({ clock });
    for (let index = 0; index < 12; index += 1) {
      await registrations.put(registration('ana', `sip:${index}`, 60_000 - index));
    }
    const contacts = (await registrations.of('ana')).map(({ contact }) => contact);
    expect(contacts).toHaveLength(10);
    expect(contacts).toContain('sip:0');
    expect(contacts).toContain('sip:11');
    expect(contacts).not.toContain('sip:10');
  });
});
