// How appends travel together: what somebody waits for soon, the rest when it has company.
import { describe, expect, test } from 'vitest';
import type { Append } from '../../../src/app/ports.js';
import { AppendQueue, type Chain } from '../../../src/store/postgres/append-queue.js';

describe('the queue of appends', () => {
  test('facts that nobody waits for gather company until their time is up', async () => {
    const { queue, batches, moments } = queueOfTest();
    const stored = Promise.all([queue.append(appendTo('a', 0, true)), queue.append(appendTo('b', 0, true))]);
    await settled();
    expect(batches).toEqual([]);
    expect(moments.gatherUnhurried).toHaveLength(1);
    moments.gatherUnhurried[0]?.();
    await stored;
    expect(batches).toEqual([['a', 'b']]);
    expect(moments.gather).toHaveLength(0);
  });

  test('a fact that somebody waits for takes along what waits already', async () => {
    const { queue, batches, moments } = queueOfTest();
    const noted = queue.append(appendTo('a', 0, true));
    await settled();
    const awaited = queue.append(appendTo('b', 0, false));
    await settled();
    expect(moments.gather).toHaveLength(1);
    moments.gather[0]?.();
    await Promise.all([noted, awaited]);
    expect(batches).toEqual([['a', 'b']]);
  });

  test('a fact that somebody waits for is not kept by those that nobody waits for', async () => {
    const { queue, batches, moments } = queueOfTest();
    const awaited = queue.append(appendTo('a', 0, false));
    await settled();
    expect(moments.gatherUnhurried).toHaveLength(0);
    moments.gather[0]?.();
    await awaited;
    expect(batches).toEqual([['a']]);
  });

  test('while one batch is written, the next gathers', async () => {
    const { queue, batches, moments } = queueOfTest();
    const first = queue.append(appendTo('a', 0, false));
    await settled();
    moments.gather[0]?.();
    await first;
    const second = queue.append(appendTo('a', 1, true));
    await settled();
    moments.gatherUnhurried[0]?.();
    await second;
    expect(batches).toEqual([['a'], ['a']]);
  });
});

/** Each wait ends when the test says so. */
function queueOfTest() {
  const batches: string[][] = [];
  const moments: Record<'gather' | 'gatherUnhurried', (() => void)[]> = { gather: [], gatherUnhurried: [] };
  const queue = new AppendQueue({
    gather: () => new Promise((resolve) => void moments.gather.push(resolve)),
    gatherUnhurried: () => new Promise((resolve) => void moments.gatherUnhurried.push(resolve)),
    write: (chains: readonly Chain[]) => {
      batches.push(chains.map(({ interaction }) => interaction));
      return Promise.resolve(new Set(chains.map(({ interaction }) => interaction)));
    },
  });
  return { queue, batches, moments };
}

function appendTo(interaction: string, expectedVersion: number, unhurried: boolean): Append {
  const address = { channel: 'voice', value: '+34600000000' } as const;
  return {
    interaction,
    expectedVersion,
    events: [{ event: { type: 'call-answered', data: { segment: 's' } }, atMs: 1 }],
    summary: {
      ...{ id: interaction, reference: 'H-1', state: 'active', contact: 'c', address },
      ...{ openedAtMs: 1, updatedAtMs: 1, channels: ['voice'], liveNodes: [] },
    },
    unhurried,
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
