// What every live store does, the one in Redis and the fake: the stories are worth as much as these cases hold for both.
import { expect, test } from 'vitest';
import type { LiveChange, LiveStore } from '../../../src/app/ports.js';
import { newAgent } from '../../../src/core/acd/agent-transition.js';
import { waiting } from '../floor.js';

type Told = Parameters<Parameters<LiveStore['onChange']>[0]>[0];

export interface LiveStoreUnderTest {
  /** One more connection to the store of this test. */
  connect(): Promise<LiveStore>;
  /** Deletes everything behind everybody's back. */
  flush(): Promise<void>;
  /** Lets so much time go by. */
  pass(ms: number): Promise<void>;
  /** Waits until what was told has arrived. */
  arrives(condition: () => boolean): Promise<void>;
}

const TTL_MS = 150;

export function agent(id: string, expected: number, sinceMs = 0): LiveChange {
  return { kind: 'agent', id, expected, value: newAgent(id, sinceMs) };
}

export function entry(id: string, expected: number): LiveChange {
  return { kind: 'entry', id, expected, value: waiting(id, 'support') };
}

/** `open`: a fresh, empty store. */
export function liveStoreCases(open: () => Promise<LiveStoreUnderTest>): void {
  test('a document is made once, changed from its version, deleted, and made again', async () => {
    const store = await (await open()).connect();
    expect(await store.commit([agent('ana', 0)])).toEqual({ ok: true, versions: [1] });
    expect(await store.commit([agent('ana', 0)])).toEqual({ ok: false, cause: 'conflict', kind: 'agent', id: 'ana' });
    expect(await store.commit([agent('ana', 1, 7)])).toEqual({ ok: true, versions: [2] });
    expect(await store.all()).toEqual([{ kind: 'agent', id: 'ana', version: 2, value: newAgent('ana', 7) }]);
    expect(await store.commit([{ kind: 'agent', id: 'ana', expected: 2, value: null }])).toEqual({
      ok: true,
      versions: [3],
    });
    expect(await store.all()).toEqual([]);
    expect(await store.commit([agent('ana', 0)])).toEqual({ ok: true, versions: [1] });
  });

  test('all documents of a commit or none; an agent and an entry of one name are two', async () => {
    const store = await (await open()).connect();
    await store.commit([agent('one', 0)]);
    expect(await store.commit([entry('one', 0), agent('one', 0)])).toMatchObject({ ok: false, id: 'one' });
    expect(await store.all()).toHaveLength(1);
    expect(await store.commit([entry('one', 0), agent('one', 1)])).toEqual({ ok: true, versions: [1, 2] });
    expect(await store.all()).toHaveLength(2);
  });

  test('of two who are sure, one wins', async () => {
    const under = await open();
    const stores = await Promise.all([under.connect(), under.connect()]);
    const outcomes = await Promise.all(stores.map((store) => store.commit([agent('ana', 0)])));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('every connection hears of every change, in order, its own included', async () => {
    const under = await open();
    const stores = await Promise.all([under.connect(), under.connect()]);
    const heard = stores.map((store) => {
      const told: Told[] = [];
      store.onChange((change) => {
        // An empty store may say so at its first commit.
        if (change !== 'reset') told.push(change);
      });
      return told;
    });
    await stores[0]?.commit([entry('e', 0), agent('ana', 0)]);
    await stores[1]?.commit([{ kind: 'entry', id: 'e', expected: 1, value: null }]);
    await under.arrives(() => heard.every((told) => told.length >= 3));
    const expected = [
      { kind: 'entry', id: 'e', version: 1, value: waiting('e', 'support') },
      { kind: 'agent', id: 'ana', version: 1, value: newAgent('ana', 0) },
      { kind: 'entry', id: 'e', version: 2, value: null },
    ];
    for (const told of heard) expect(told).toEqual(expected);
  });

  test('a lease has one holder, who renews it; the next one has a higher number, and the old number is refused', async () => {
    const under = await open();
    const store = await under.connect();
    const first = await store.lease('leader', 'n1', TTL_MS);
    expect(first).toMatchObject({ name: 'leader', node: 'n1' });
    expect(await store.lease('leader', 'n2', TTL_MS)).toBeUndefined();
    expect(await store.lease('leader', 'n1', TTL_MS)).toEqual(first);
    await under.pass(TTL_MS + 50);
    const second = await store.lease('leader', 'n2', TTL_MS);
    expect(second?.fencing).toBeGreaterThan(first?.fencing ?? Number.POSITIVE_INFINITY);
    expect(await store.commit([agent('ana', 0)], first)).toEqual({ ok: false, cause: 'fenced' });
    expect(await store.commit([agent('ana', 0)], second)).toEqual({ ok: true, versions: [1] });
  });

  test('a lease that is given back is free at once; somebody else’s cannot be given back', async () => {
    const store = await (await open()).connect();
    const lease = await store.lease('leader', 'n1', 60_000);
    if (lease === undefined) throw new Error('the lease was free');
    await store.release({ ...lease, fencing: lease.fencing - 1 });
    expect(await store.lease('leader', 'n2', TTL_MS)).toBeUndefined();
    await store.release(lease);
    expect(await store.lease('leader', 'n2', TTL_MS)).toBeDefined();
  });

  test('nodes are alive while they give signs, then lost, until they are forgotten', async () => {
    const under = await open();
    const store = await under.connect();
    await store.beat('n1', 60_000);
    await store.beat('n2', TTL_MS);
    expect((await store.aliveNodes()).toSorted()).toEqual(['n1', 'n2']);
    expect(await store.lostNodes()).toEqual([]);
    await under.pass(TTL_MS + 50);
    expect(await store.aliveNodes()).toEqual(['n1']);
    expect(await store.lostNodes()).toEqual(['n2']);
    await store.forgetNode('n2');
    expect(await store.lostNodes()).toEqual([]);
  });

  test('the first within the time, and the number within the window', async () => {
    const under = await open();
    const store = await under.connect();
    expect([await store.once('a', TTL_MS), await store.once('a', TTL_MS), await store.once('b', TTL_MS)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([await store.count('a', TTL_MS), await store.count('a', TTL_MS), await store.count('b', TTL_MS)]).toEqual([
      1, 2, 1,
    ]);
    await under.pass(TTL_MS + 50);
    expect([await store.once('a', TTL_MS), await store.count('a', TTL_MS)]).toEqual([true, 1]);
  });

  test.each(['beat', 'commit'] as const)('everything is deleted: the next %s says so to everybody', async (act) => {
    const under = await open();
    const [one, other] = await Promise.all([under.connect(), under.connect()]);
    await one?.commit([agent('ana', 0)]);
    let resets = 0;
    other?.onChange((change) => {
      if (change === 'reset') resets += 1;
    });
    await under.flush();
    if (act === 'beat') await one?.beat('n1', 60_000);
    else expect(await one?.commit([agent('ana', 1)])).toMatchObject({ ok: false, cause: 'conflict' });
    await under.arrives(() => resets > 0);
    expect(await other?.all()).toEqual([]);
  });
}
