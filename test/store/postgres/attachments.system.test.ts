// Files of conversations in a real PostgreSQL: whole or not at all, in pieces, and drafts that are taken once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Draft } from '../../../src/app/conversation/attachment-store.js';
import { PIECE_BYTES } from '../../../src/store/postgres/conversation/attachments.js';
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

async function* chunks(...all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}
async function read(id: string): Promise<Buffer | undefined> {
  const content = await store.attachments.get(id);
  if (content === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  expect(pieces.every(({ length }) => length <= PIECE_BYTES)).toBe(true);
  return Buffer.concat(pieces);
}
const unsent = (id: string, atMs = 1_000): Draft => ({
  ...{ id, name: 'foto.jpg', type: 'image/jpeg', bytes: 1, conversation: 'c1', by: 'ana', atMs },
});

test('a file comes back as it was, in pieces; the same once more changes nothing', async () => {
  const large = Buffer.alloc(2 * PIECE_BYTES + 7, 'abc');
  await store.attachments.put('large', chunks(large.subarray(0, 10), large.subarray(10)));
  await store.attachments.put('large', chunks(Buffer.from('other')));
  expect(await read('large')).toEqual(large);
  expect(await read('nothing')).toBeUndefined();
});

test('a file whose content breaks off is not there', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(PIECE_BYTES);
    throw new Error('the disk');
  }
  await expect(store.attachments.put('broken', broken())).rejects.toThrow();
  expect(await read('broken')).toBeUndefined();
});

test('a draft is taken once, by its own conversation, and can be put back; old ones are thrown away', async () => {
  const { attachments } = store;
  await attachments.put('d1', chunks(Buffer.from('1')), unsent('d1'));
  await attachments.put('d2', chunks(Buffer.from('2')), unsent('d2', 2_000));
  expect(await attachments.countDrafts('c1')).toBe(2);
  expect(await attachments.takeDraft('another', 'd1')).toBeUndefined();
  expect(await attachments.findDraft('c1', 'd1')).toEqual(unsent('d1'));
  expect(await attachments.findDraft('another', 'd1')).toBeUndefined();
  const both = await Promise.all([attachments.takeDraft('c1', 'd1'), attachments.takeDraft('c1', 'd1')]);
  expect(both.filter((one) => one !== undefined)).toEqual([unsent('d1')]);
  await attachments.putBack(unsent('d1'));
  expect(await attachments.forgetDrafts(1_000)).toEqual(['d1']);
  expect(await read('d1')).toBeUndefined();
  await attachments.takeDraft('c1', 'd2');
  expect(await attachments.forgetDrafts(9_000)).toEqual([]);
  expect(await read('d2')).toEqual(Buffer.from('2'));
  await attachments.remove('d2');
  expect(await read('d2')).toBeUndefined();
});
