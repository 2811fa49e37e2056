// Profiles put together, and the audit log, in a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeFact } from '../../../src/app/record/profiles.js';
import { systemIds } from '../../../src/lib/ids.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

let stores: Stores;
let store: PostgresStore;
beforeAll(async () => {
  stores = await startStores();
  store = await openStore(stores.postgres.url);
});
afterAll(async () => {
  await store?.close();
  await stores?.close();
});

async function contact(): Promise<string> {
  const address = { channel: 'voice' as const, value: `+34${systemIds.uuid()}` };
  return (await store.records.contactByAddress(address)).contact.id;
}

const note = (act: MergeFact['act'], one: string, into: string) =>
  store.profiles.noteMerge({ act, contact: one, into, by: 'sofia', atMs: 1_000 });
const together = async (one: string) =>
  (await store.profiles.together(one)).map(({ profile, into }) => [profile.id, into]);

describe('profiles', () => {
  test('a chain is one from whichever end it is looked at, and comes apart where it was put together', async () => {
    const [a, b, c] = [await contact(), await contact(), await contact()];
    expect(await note('merged', a, b)).toBe(true);
    expect(await note('merged', b, c)).toBe(true);
    const all = [
      [c, undefined],
      [b, c],
      [a, b],
    ];
    for (const one of [a, b, c]) expect(await together(one)).toEqual(all);
    expect(await note('unmerged', b, c)).toBe(true);
    expect(await together(c)).toEqual([[c, undefined]]);
    expect(await together(a)).toEqual([
      [b, undefined],
      [a, b],
    ]);
    const facts = await store.profiles.mergesOf([b]);
    expect(facts.map(({ act, contact: who }) => [act, who])).toEqual([
      ['unmerged', b],
      ['merged', b],
      ['merged', a],
    ]);
  });

  test('two who are put into each other at once make no ring', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await contact(), await contact()];
      const outcomes = await Promise.all([note('merged', a, b), note('merged', b, a)]);
      expect(outcomes.toSorted()).toEqual([false, true]);
      expect(await together(a)).toHaveLength(2);
    }
  });

  test('what is not so is not noted', async () => {
    const [a, b, c] = [await contact(), await contact(), await contact()];
    await note('merged', a, b);
    expect(await note('merged', a, c)).toBe(false); // in b
    expect(await note('merged', c, a)).toBe(false); // not a main one
    expect(await note('merged', c, c)).toBe(false);
    expect(await note('unmerged', a, c)).toBe(false);
    expect(await note('merged', c, systemIds.uuid())).toBe(false);
    expect(await store.profiles.mergesOf([a, c])).toHaveLength(1);
  });

  test('saving a contact leaves it where it was put', async () => {
    const [a, b] = [await contact(), await contact()];
    await note('merged', a, b);
    const [, own] = await store.profiles.together(b);
    if (own === undefined) throw new Error('a is in b');
    await store.records.saveContact({ ...own.profile, name: 'Eva' });
    expect((await store.profiles.together(a))[1]).toMatchObject({ profile: { id: a, name: 'Eva' }, into: b });
  });

  test('nobody is with a stranger', async () => {
    expect(await store.profiles.together('nobody')).toEqual([]);
  });
});

describe('the audit', () => {
  test('tells the newest first, by who, what, on what and when, page after page', async () => {
    const on = systemIds.uuid();
    for (const [index, by] of ['ana', 'sofia', 'ana'].entries()) {
      const act = index === 2 ? 'recording-heard' : 'contacts-merged';
      await store.audit.noteAudit({ by, act, on, detail: { index, text: 'nul \0 here' }, atMs: 1_000 * index });
    }
    const find = async (query: object) =>
      (await store.audit.audit({ on, limit: 10, ...query })).map(({ detail }) => detail?.['index']);
    expect(await find({})).toEqual([2, 1, 0]);
    expect(await find({ by: 'ana' })).toEqual([2, 0]);
    expect(await find({ act: 'contacts-merged' })).toEqual([1, 0]);
    expect(await find({ fromMs: 1_000, toMs: 2_000 })).toEqual([1]);
    const [first] = await store.audit.audit({ on, limit: 1 });
    expect(first).toMatchObject({ by: 'ana', act: 'recording-heard', on, atMs: 2_000 });
    expect(await find({ before: first?.number })).toEqual([1, 0]);
  });
});
