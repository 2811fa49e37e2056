// The one WebSocket of a page: when it is opened, when it is given up, and where it goes on.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveConnection } from '../../../src/web/live/connection.js';

/** What the page opened, newest last. */
let sockets: PageSocket[];
let page: EventTarget;

class PageSocket {
  onmessage: ((event: { readonly data: string }) => void) | undefined;
  onclose: ((event: { readonly code: number }) => void) | undefined;
  isClosed = false;

  constructor(readonly url: URL) {
    sockets.push(this);
  }

  /** Says nothing of its end, as one through a network that is gone. */
  close(): void {
    this.isClosed = true;
  }

  hear(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  page = new EventTarget();
  vi.stubGlobal('WebSocket', PageSocket);
  vi.stubGlobal('location', new URL('https://hilo.example/agent'));
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('requestAnimationFrame', (tell: () => void) => tell());
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const told = (type: 'online' | 'offline') => page.dispatchEvent(new Event(type));

/** Somebody looks, and has the picture numbered 7 of epoch e1. */
function looking() {
  const live = new LiveConnection();
  const seen: string[] = [];
  const leave = live.subscribe(() => seen.push(live.view.link));
  sockets[0]?.hear({ type: 'snapshot', epoch: 'e1', number: 7, documents: [] });
  return { live, seen, leave };
}

test('a picture that has come is open', () => {
  expect(looking().seen).toEqual(['open']);
  expect(sockets.map(({ url }) => url.href)).toEqual(['wss://hilo.example/api/live']);
});

test('a network that went is told at once, and one that came is used at once, where it was cut off', () => {
  const { seen } = looking();
  told('offline');
  expect(seen).toEqual(['open', 'cut-off']);
  expect(sockets[0]?.isClosed).toBe(true);
  told('online');
  expect(sockets.map(({ url }) => url.search)).toEqual(['', '?epoch=e1&after=7']);
  sockets[1]?.hear({ type: 'resumed', epoch: 'e1', number: 7 });
  expect(seen).toEqual(['open', 'cut-off', 'open']);
});

test('another network without a word of the first one’s end is used too', () => {
  looking();
  told('online');
  expect(sockets).toHaveLength(2);
  expect(sockets[0]?.isClosed).toBe(true);
  // What was tried before is not tried besides.
  vi.advanceTimersByTime(20_000);
  expect(sockets).toHaveLength(2);
});

test('what the old connection still says does not count', () => {
  const { live } = looking();
  told('online');
  sockets[0]?.hear({ type: 'changes', after: 7, number: 8, changes: [] });
  sockets[0]?.onclose?.({ code: 1006 });
  expect(live.view.picture.number).toBe(7);
  vi.advanceTimersByTime(20_000);
  expect(sockets).toHaveLength(2);
});

test('whose session is over stays outside, whatever the network does', () => {
  const { seen } = looking();
  sockets[0]?.onclose?.({ code: 4401 });
  told('online');
  vi.advanceTimersByTime(60_000);
  expect(seen.at(-1)).toBe('signed-out');
  expect(sockets).toHaveLength(1);
});

test('a page that nobody looks at any more opens nothing', () => {
  const { leave } = looking();
  leave();
  told('online');
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
