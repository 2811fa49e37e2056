// What ends a wait without an agent: the longest wait, a key, nobody there, or a supervisor who sends the caller elsewhere.
import { beforeEach, describe, expect, test } from 'vitest';
import { EMPTY_FOR_MS, type Impatience, Patience, type PatienceOptions } from '../../../src/app/waiting/patience.js';
import type { Destination } from '../../../src/core/acd/queue.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { FakeLeg } from '../../support/fakes/leg.js';

const SALES: Destination = { kind: 'queue', queue: 'sales' };
const LONGEST_MS = 60_000;

let clock: FakeClock;
let leg: FakeLeg;
let told: Impatience[];
beforeEach(() => {
  clock = new FakeClock();
  leg = new FakeLeg('leg', 'call', clock);
  told = [];
});

function waits(options: Partial<PatienceOptions> = {}): Patience {
  const patience = new Patience({
    ...{ leg, clock, deadlineMs: clock.nowMs() + LONGEST_MS, exits: new Map(), prepare: async () => true },
    ...options,
  });
  patience.onOver((impatience) => told.push(impatience));
  return patience;
}

describe('a supervisor sends the caller elsewhere', () => {
  test('and that is the end of the wait, told once', async () => {
    const patience = waits();
    expect(patience.send(SALES)).toBe(true);
    expect(told).toEqual([{ kind: 'moved', to: SALES }]);
    expect(await patience.settled()).toEqual({ kind: 'moved', to: SALES });
    clock.advance(LONGEST_MS);
    expect(told).toHaveLength(1);
    // Whoever asks later hears it too.
    patience.onOver((impatience) => told.push(impatience));
    expect(told).toHaveLength(2);
  });

  test('but not twice, nor after the wait is over', () => {
    const patience = waits();
    patience.send(SALES);
    expect(patience.send(SALES)).toBe(false);
    const late = waits();
    clock.advance(LONGEST_MS);
    expect(late.send(SALES)).toBe(false);
    expect(told.at(-1)).toEqual({ kind: 'max-wait' });
  });

  test('but not while an agent is being connected', async () => {
    const patience = waits();
    let connected = (): void => undefined;
    const connecting = patience.whileConnecting(() => new Promise<void>((resolve) => (connected = resolve)));
    expect(patience.send(SALES)).toBe(false);
    connected();
    await connecting;
    expect(patience.send(SALES)).toBe(true);
  });

  test('but not while what the caller chose by key is being stored', async () => {
    let stored: (possible: boolean) => void = () => undefined;
    const prepare = () => new Promise<boolean>((resolve) => (stored = resolve));
    const patience = waits({ exits: new Map([['1', SALES]]), prepare });
    leg.press('1');
    expect(patience.send(SALES)).toBe(false);
    stored(false);
    expect(await patience.settled()).toBeUndefined();
    expect(patience.send(SALES)).toBe(true);
  });
});

describe('a queue that nobody serves', () => {
  test('is left when it has been so for a while, not when somebody comes back in time', () => {
    let empty = true;
    let look = (): void => undefined;
    const onChange = (listener: () => void) => {
      look = listener;
      return () => undefined;
    };
    waits({ watchStaff: { isEmpty: () => empty, onChange } });
    clock.advance(EMPTY_FOR_MS - 1);
    empty = false;
    look();
    clock.advance(EMPTY_FOR_MS);
    expect(told).toEqual([]);
    empty = true;
    look();
    look();
    clock.advance(EMPTY_FOR_MS);
    expect(told).toEqual([{ kind: 'nobody-signed-in' }]);
  });
});

test('who stops listening is told nothing, and no timer is left', () => {
  const patience = waits({ exits: new Map([['1', undefined]]) });
  patience.stop();
  leg.press('1');
  clock.advance(LONGEST_MS);
  expect(told).toEqual([]);
});
