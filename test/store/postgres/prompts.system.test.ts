// Prompts and their sounds in a real PostgreSQL, and as files.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PromptChange, REVISIONS_KEPT } from '../../../src/app/prompts/prompt-store.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { KeptSounds } from '../../../src/store/sound-files.js';
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

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const bytesOf = (text: string) => ({ narrow: Buffer.from(`8 ${text}`), wide: Buffer.from(`16 ${text}`) });
const change = (name: string, more: Partial<PromptChange> = {}): PromptChange => {
  return { name, language: 'es', act: 'text-set', by: 'admin', atMs: 1_000, text: { text: 'Hola' }, ...more };
};
const withSound = (name: string, text: string): PromptChange => {
  const sound = { hash: hashOf(text), durationMs: 500, loudnessDb: -19, peaks: [1, 2] };
  const { text: _text, ...rest } = change(name);
  return { ...rest, act: 'sound-set', sound, bytes: bytesOf(text) };
};

describe('prompts', () => {
  test('a change leaves the rest as it was, and the last one of each name and language is in force', async () => {
    const before = await store.prompts.newest();
    await store.prompts.save(change('a', { text: { text: 'Hola \u0000', voice: 'es+f2' } }));
    const set = await store.prompts.save(withSound('a', 'tone'));
    await store.prompts.save(change('a', { language: 'en', text: { text: 'Hello' } }));
    expect(set).toMatchObject({ text: { text: 'Hola \ufffd' }, sound: { hash: hashOf('tone') } });
    const own = (await store.prompts.inForce()).filter(({ name }) => name === 'a');
    expect(own.map(({ language, text, sound }) => [language, text, sound?.peaks])).toEqual([
      ['en', { text: 'Hello' }, undefined],
      ['es', { text: 'Hola \ufffd', voice: 'es+f2' }, [1, 2]],
    ]);
    expect(await store.prompts.sound(hashOf('tone'))).toEqual(bytesOf('tone'));
    expect(await store.prompts.newest()).toBeGreaterThan(before + 2);
    const gone = await store.prompts.save({ ...change('a'), act: 'removed', text: null, sound: null });
    expect([gone.text, gone.sound]).toEqual([undefined, undefined]);
  });

  test('of two who saw the same, one is told of the other', async () => {
    const { number } = await store.prompts.save(change('b'));
    const both = await Promise.allSettled(
      ['Uno', 'Dos'].map((text) => store.prompts.save(change('b', { text: { text }, over: number }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(store.prompts.save(change('b', { over: 0 }))).rejects.toThrow('version-conflict');
  });

  test('what is older than the revisions that are kept is forgotten, with sounds that nobody else has', async () => {
    await store.prompts.save(withSound('c', 'only here'));
    await store.prompts.save(withSound('c', 'here too'));
    await store.prompts.save(withSound('d', 'here too'));
    for (let n = 0; n < REVISIONS_KEPT; n++)
      await store.prompts.save(change('c', { sound: null, text: { text: `${n}` } }));
    expect(await store.prompts.revisions('c', 'es')).toHaveLength(REVISIONS_KEPT);
    expect(await store.prompts.sound(hashOf('only here'))).toBeUndefined();
    expect(await store.prompts.sound(hashOf('here too'))).toEqual(bytesOf('here too'));
  });
});

test('sounds as files: both rates where the media server looks, and none that nobody keeps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-sounds-'));
  const files = new KeptSounds(folder);
  const [one, two] = [hashOf('one'), hashOf('two')];
  await files.put(one, bytesOf('one'));
  await files.put(two, bytesOf('two'));
  expect(files.pathOf(one)).toBe(join(folder, `${one}.wav`));
  expect(await readFile(join(folder, '8000', `${one}.wav`), 'utf8')).toBe('8 one');
  await files.keepOnly(new Set([two]));
  expect(files.pathOf(one)).toBeUndefined();
  expect(new Set(await readdir(folder))).toEqual(new Set(['8000', `${two}.wav`]));
  expect(files.pathOf('../../etc/passwd')).toBeUndefined();
  await expect(files.put('../x', bytesOf('x'))).rejects.toThrow('no name of a sound');
  await rm(folder, { recursive: true });
});
