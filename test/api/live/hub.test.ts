// The live picture: what somebody is told who looks, looks again after having been cut off, or may not see everything.
import { beforeEach, describe, expect, test } from 'vitest';
import { CHANGES_KEPT, KEPT_UP_MS, LiveHub, type LiveSource } from '../../../src/api/live/hub.js';
import type { UserRow } from '../../../src/app/users.js';
import type { LiveMessage } from '../../../src/contract/live/live.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';

const ANA: UserRow = { name: 'ana', role: 'agent', passwordHash: '' };
const SOFIA: UserRow = { name: 'sofia', role: 'supervisor', passwordHash: '' };
/** Longer than changes are collected. */
const SOON_MS = 200;

/** Documents that a test writes; those that begin with `secret` are for supervisors. */
class Board implements LiveSource {
  readonly kind = 'note';
  readonly notes = new Map<string, object>();
  views = 0;
  #dirty: ((id: string) => void) | undefined;

  ids(): Iterable<string> {
    return this.notes.keys();
  }
  view(id: string): object | undefined {
    this.views += 1;
    return this.notes.get(id);
  }
  shows(user: UserRow, id: string): boolean {
    return user.role !== 'agent' || !id.startsWith('secret');
  }
  watch(dirty: (id: string) => void): () => void {
    this.#dirty = dirty;
    return () => {
      this.#dirty = undefined;
    };
  }
  get isWatched(): boolean {
    return this.#dirty !== undefined;
  }
  write(id: string, text: string): void {
    this.notes.set(id, { text });
    this.#dirty?.(id);
  }
  erase(id: string): void {
    this.notes.delete(id);
    this.#dirty?.(id);
  }
}

let clock: FakeClock;
let board: Board;
let hub: LiveHub;
beforeEach(() => {
  clock = new FakeClock();
  board = new Board();
  hub = new LiveHub([board], clock, seededIds(seededRandom(1)));
});

class Eye {
  readonly heard: LiveMessage[] = [];
  readonly stop: () => void;
  constructor(user: UserRow = ANA, resume?: { epoch: string; after: number }) {
    this.stop = hub.look(user, resume, (text) => void this.heard.push(JSON.parse(text)));
  }
  get last(): LiveMessage | undefined {
    return this.heard.at(-1);
  }
  /** To go on later. */
  get place(): { epoch: string; after: number } {
    const first = this.heard[0];
    const numbers = this.heard.map((message) => (message.type === 'beat' ? 0 : message.number));
    if (first?.type !== 'snapshot') throw new Error('no snapshot came');
    return { epoch: first.epoch, after: Math.max(...numbers) };
  }
}

test('first everything, then each change with the number of the one before', () => {
  board.write('a', 'one');
  const eye = new Eye();
  expect(eye.last).toMatchObject({
    type: 'snapshot',
    number: 0,
    documents: [{ kind: 'note', id: 'a', value: { text: 'one' } }],
  });
  board.write('b', 'two');
  clock.advance(SOON_MS);
  board.erase('a');
  clock.advance(SOON_MS);
  expect(eye.heard.slice(1)).toEqual([
    { type: 'changes', after: 0, number: 1, changes: [{ kind: 'note', id: 'b', value: { text: 'two' } }] },
    { type: 'changes', after: 1, number: 2, changes: [{ kind: 'note', id: 'a', value: null }] },
  ]);
});

test('a document that changes many times is told once, and not at all when it looks as before', () => {
  board.write('a', 'same');
  const eye = new Eye();
  for (const text of ['1', '2', '3']) board.write('a', text);
  clock.advance(SOON_MS);
  expect(eye.heard).toHaveLength(2);
  expect(eye.last).toMatchObject({ changes: [{ value: { text: '3' } }] });
  board.write('a', '4');
  board.write('a', '3');
  clock.advance(SOON_MS);
  expect(eye.heard).toHaveLength(2);
});

test('what somebody may not see is not in the snapshot nor in a change, and leaves no hole in the numbers', () => {
  board.write('secret-1', 'x');
  const [ana, sofia] = [new Eye(ANA), new Eye(SOFIA)];
  board.write('secret-2', 'y');
  clock.advance(SOON_MS);
  board.write('open', 'z');
  clock.advance(SOON_MS);
  expect(JSON.stringify(ana.heard)).not.toContain('secret');
  expect(ana.heard.slice(1)).toMatchObject([
    { after: 0, number: 1, changes: [] },
    { after: 1, number: 2, changes: [{ id: 'open' }] },
  ]);
  expect(sofia.heard[1]).toMatchObject({ changes: [{ id: 'secret-2' }] });
});

describe('cut off, and back', () => {
  test('goes on with exactly what was missed', () => {
    const eye = new Eye();
    board.write('a', '1');
    clock.advance(SOON_MS);
    const { place } = eye;
    eye.stop();
    board.write('b', '2');
    clock.advance(SOON_MS);
    board.write('c', '3');
    // Not told yet when it comes back: told once all the same.
    const again = new Eye(ANA, place);
    clock.advance(SOON_MS);
    expect(again.heard).toMatchObject([
      { type: 'resumed', number: 1 },
      { type: 'changes', after: 1, number: 3, changes: [{ id: 'b' }, { id: 'c' }] },
    ]);
  });

  test('nothing was missed: nothing is told again', () => {
    const eye = new Eye();
    const { place } = eye;
    eye.stop();
    expect(new Eye(ANA, place).heard).toMatchObject([{ type: 'resumed', number: 0 }]);
  });

  test.each([
    { title: 'of another epoch', change: (place: { after: number }) => ({ epoch: 'another', after: place.after }) },
    { title: 'from the future', change: (place: { epoch: string }) => ({ epoch: place.epoch, after: 99 }) },
  ])('a place $title gets a snapshot', ({ change }) => {
    const eye = new Eye();
    expect(new Eye(ANA, change(eye.place)).heard).toMatchObject([{ type: 'snapshot' }]);
  });

  test('away for more changes than are kept: a snapshot', () => {
    const eye = new Eye();
    const { place } = eye;
    for (let number = 0; number <= CHANGES_KEPT; number += 1) board.write(`n${number}`, 'x');
    clock.advance(SOON_MS);
    expect(new Eye(ANA, place).heard).toMatchObject([{ type: 'snapshot', number: CHANGES_KEPT + 1 }]);
    expect(new Eye(ANA, { ...place, after: 1 }).heard).toMatchObject([{ type: 'resumed' }, { after: 1 }]);
  });
});

describe('nobody looks', () => {
  test('for a while it is kept up, then nothing is watched any more; who comes later gets a snapshot', () => {
    const eye = new Eye();
    const { place } = eye;
    eye.stop();
    clock.advance(KEPT_UP_MS - 1);
    expect(board.isWatched).toBe(true);
    clock.advance(1);
    expect(board.isWatched).toBe(false);
    board.write('a', 'late');
    expect(new Eye(ANA, place).heard).toMatchObject([{ type: 'snapshot', documents: [{ id: 'a' }] }]);
  });

  test('somebody comes back in between: it does not fade under them', () => {
    const eye = new Eye();
    eye.stop();
    clock.advance(KEPT_UP_MS / 2);
    const again = new Eye();
    clock.advance(KEPT_UP_MS);
    board.write('a', '1');
    clock.advance(SOON_MS);
    expect(again.last).toMatchObject({ type: 'changes' });
  });

  test('closed: nothing is watched, nobody is told', () => {
    const eye = new Eye();
    hub.close();
    expect(board.isWatched).toBe(false);
    board.write('a', '1');
    clock.advance(SOON_MS);
    expect(eye.heard).toHaveLength(1);
  });
});
