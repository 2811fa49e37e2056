// What every store of the chat does, the one in PostgreSQL and the fake.
import { expect, test } from 'vitest';
import type { ChatStore, NewChatLine } from '../../../src/app/chat/chat-store.js';
import { systemIds } from '../../../src/lib/ids.js';

const AT_MS = Date.UTC(2026, 0, 5, 9, 0, 0, 123);
const FILE = { id: 'f1', name: 'plano.png', type: 'image/png', bytes: 68 };

/** `store`: may hold what other tests have stored. */
export function chatStoreCases(store: () => ChatStore): void {
  const visitor = async (): Promise<string> => {
    const address = `web-${systemIds.token(8)}`;
    await store().greet(address, AT_MS);
    return address;
  };
  const line = (address: string, id: string, change: Partial<NewChatLine> = {}): NewChatLine => ({
    ...{ address, id, direction: 'in', text: `line ${id}`, atMs: AT_MS },
    ...change,
  });

  test('lines come back in order, after a number, with their files; the same twice is one', async () => {
    const address = await visitor();
    const first = await store().add(line(address, 'a'));
    const second = await store().add(line(address, 'b', { direction: 'out', text: '', file: FILE }));
    expect(await store().add(line(address, 'a', { text: 'again' }))).toBe(first);
    expect(await store().lines(address, 0, 10)).toEqual([
      { number: first, id: 'a', direction: 'in', text: 'line a', atMs: AT_MS },
      { number: second, id: 'b', direction: 'out', text: '', file: FILE, atMs: AT_MS },
    ]);
    expect((await store().lines(address, first ?? 0, 10)).map(({ id }) => id)).toEqual(['b']);
    expect(await store().last(address)).toBe(second);
    expect(await store().lines(address, 0, 1)).toHaveLength(1);
  });

  test('many at once, some of them twice, get numbers of their own', async () => {
    const address = await visitor();
    const ids = Array.from({ length: 20 }, (_, index) => `m${index % 10}`);
    const numbers = await Promise.all(ids.map((id) => store().add(line(address, id))));
    expect(new Set(numbers).size).toBe(10);
    const all = await store().lines(address, 0, 100);
    expect(all.map(({ number }) => number)).toEqual(all.map(({ number }) => number).toSorted((a, b) => a - b));
  });

  test('nobody knows a visitor who was not greeted: nothing is kept', async () => {
    expect(await store().knows('web-nobody')).toBe(false);
    expect(await store().add(line('web-nobody', 'a'))).toBeUndefined();
    expect(await store().last('web-nobody')).toBe(0);
  });

  test('how far the page has come only grows, and not beyond what there is', async () => {
    const address = await visitor();
    await store().add(line(address, 'in'));
    for (const id of ['o1', 'o2']) await store().add(line(address, id, { direction: 'out' }));
    const unseen = async (progress: 'delivered' | 'read', upTo = 99) =>
      (await store().unseen(address, upTo, progress)).map(({ id }) => id);
    const last = await store().last(address);
    expect(await unseen('delivered', last - 1)).toEqual(['o1']);
    await store().seen(address, last - 1, 'delivered');
    await store().seen(address, 1, 'delivered');
    expect(await unseen('delivered')).toEqual(['o2']);
    expect(await unseen('read')).toEqual(['o1', 'o2']);
    await store().seen(address, 99, 'read');
    await store().add(line(address, 'o3', { direction: 'out' }));
    expect(await unseen('read')).toEqual(['o3']);
  });

  test('a file is found by the visitor to whom it was sent, and by nobody else', async () => {
    const [address, other] = [await visitor(), await visitor()];
    const id = systemIds.uuid();
    await store().add(line(address, 'o', { direction: 'out', file: { ...FILE, id } }));
    expect(await store().file(address, id)).toEqual({ ...FILE, id });
    expect(await store().file(other, id)).toBeUndefined();
  });

  test('who has not written for long is forgotten, with all lines', async () => {
    const [old, present] = [await visitor(), await visitor()];
    await store().add(line(old, 'a', { atMs: AT_MS + 1_000 }));
    await store().add(line(present, 'a', { atMs: AT_MS + 5_000 }));
    expect(await store().forget(AT_MS + 2_000, 1_000)).toBeGreaterThanOrEqual(1);
    expect([await store().knows(old), await store().knows(present)]).toEqual([false, true]);
    expect(await store().lines(old, 0, 10)).toEqual([]);
  });
}
