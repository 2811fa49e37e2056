// The mirror of the live state: never older than what was told, whole after a loss, and told of only when it is complete.
import { beforeEach, describe, expect, test } from 'vitest';
import { Eventually } from '../../../src/app/eventually.js';
import { LiveState } from '../../../src/app/floor/live-state.js';
import type { LiveDocument } from '../../../src/app/ports.js';
import { newAgent } from '../../../src/core/acd/agent-transition.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { agent, entry } from '../../support/cases/live-store.js';
import { FakeLive, type FakeLiveStore } from '../../support/fakes/live.js';

let server: FakeLive;
let store: FakeLiveStore;
let live: LiveState;

beforeEach(() => {
  const clock = new FakeClock();
  server = new FakeLive(clock);
  store = server.connect();
  live = new LiveState(store, new Eventually(clock, silentLog));
});

/** The next reading of everything sees the store as it is now, and its answer comes when told. */
function slowReading(): { readonly answer: () => void } {
  const documents = server.documents();
  const all = store.all.bind(store);
  let answer = (): void => undefined;
  store.all = () => {
    store.all = all;
    return new Promise<readonly LiveDocument[]>((resolve) => {
      answer = () => resolve(documents);
    });
  };
  return { answer: () => answer() };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('while everything is read', () => {
  test('a change that is told meanwhile is not overwritten by what was read', async () => {
    server.commit([agent('ana', 0, 1)]);
    const reading = slowReading();
    const refreshed = live.refresh();
    server.commit([agent('ana', 1, 2)]);
    await turn();
    reading.answer();
    await refreshed;
    expect(live.agent('ana')?.sinceMs).toBe(2);
  });

  test('the same for a deletion', async () => {
    server.commit([entry('e', 0)]);
    const reading = slowReading();
    const refreshed = live.refresh();
    server.commit([{ kind: 'entry', id: 'e', expected: 1, value: null }]);
    await turn();
    reading.answer();
    await refreshed;
    expect(live.entry('e')).toBeUndefined();
  });

  test('the same for a change of our own', async () => {
    await live.change(() => [{ kind: 'agent', id: 'ana', value: newAgent('ana', 1) }]);
    const reading = slowReading();
    const refreshed = live.refresh();
    await live.change(() => [{ kind: 'agent', id: 'ana', value: newAgent('ana', 2) }]);
    reading.answer();
    await refreshed;
    expect(live.agent('ana')?.sinceMs).toBe(2);
  });

  test('the store loses its memory: everything is read once more', async () => {
    server.commit([agent('ana', 0), entry('e', 0)]);
    await turn();
    const reading = slowReading();
    const refreshed = live.refresh();
    server.flushAll();
    server.beat('n1', 1_000);
    await turn();
    reading.answer();
    await refreshed;
    await turn();
    expect([...live.entries(), ...live.agents()]).toEqual([]);
    expect(live.lostAgent('ana')).toEqual(newAgent('ana', 0));
  });
});

test('nobody is told of half a commit', async () => {
  const seen: unknown[] = [];
  live.onChange(() => seen.push([live.entry('e') !== undefined, live.agent('ana') !== undefined]));
  await live.change(() => [
    { kind: 'entry', id: 'e', value: entry('e', 0).value as never },
    { kind: 'agent', id: 'ana', value: newAgent('ana', 0) },
  ]);
  await turn();
  expect(seen).toEqual([
    [true, true],
    [true, true],
  ]);
});

test('a change that comes late does not bring back what was deleted', async () => {
  server.commit([entry('e', 0)]);
  await turn();
  await live.change(() => [{ kind: 'entry', id: 'e', value: null }]);
  store.hear({ kind: 'entry', id: 'e', version: 1, value: entry('e', 0).value as never });
  await turn();
  expect(live.entry('e')).toBeUndefined();
});

test('somebody else is always quicker: given up after a few rounds, with an error', async () => {
  server.commit([agent('ana', 0)]);
  await live.refresh();
  server.interfere(100);
  const change = live.change(() => [{ kind: 'agent', id: 'ana', value: newAgent('ana', 5) }]);
  await expect(change).rejects.toMatchObject({ code: 'version-conflict' });
});
