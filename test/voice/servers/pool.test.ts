import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { type Live, Refused } from '../../../src/voice/drachtio/link.js';
import { Pool } from '../../../src/voice/servers/pool.js';
import { BACK_AFTER, CHECK_EVERY_MS, CHECK_LIMIT_MS, DEAD_AFTER } from '../../../src/voice/servers/standing.js';

type Habit = 'works' | 'hangs' | 'fails' | 'absent' | 'refuses';

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function setUp(...hosts: string[]) {
  const clock = new FakeClock();
  const habits = new Map<string, Habit>(hosts.map((host) => [host, 'works']));
  const closed: string[] = [];
  const dead: string[] = [];
  const pool = new Pool<string>({
    name: 'server',
    servers: hosts.map((host) => ({ host, port: 1, secret: '' })),
    clock,
    log: silentLog,
    open: ({ host }) => {
      if (habits.get(host) === 'absent') return Promise.reject(new Error('nobody there'));
      if (habits.get(host) === 'refuses') return Promise.reject(new Refused('wrong secret'));
      const lost = new AbortController();
      const close = (): void => {
        closed.push(host);
        lost.abort();
      };
      const live: Live<string> = { value: host, lost: lost.signal, close };
      return Promise.resolve(live);
    },
    check: (host) => {
      if (habits.get(host) === 'works') return Promise.resolve();
      return habits.get(host) === 'hangs' ? new Promise(() => undefined) : Promise.reject(new Error('no profile'));
    },
    onDead: ({ name }) => dead.push(name),
  });
  const advance = async (ms: number): Promise<void> => {
    for (let gone = 0; gone < ms; gone += 100) {
      clock.advance(100);
      await settle();
    }
  };
  const usable = (): string[] => pool.usable.map(({ name }) => name);
  return { clock, habits, closed, dead, pool, advance, usable };
}

describe('several servers', () => {
  it('are all connected; one that is not there holds nobody up', async () => {
    const { pool, habits, usable, advance } = setUp('a', 'b', 'c');
    habits.set('b', 'absent');
    await pool.start(10_000);
    await settle();
    expect(usable()).toEqual(['a:1', 'c:1']);
    habits.set('b', 'works');
    await advance(5_000);
    expect(usable()).toEqual(['a:1', 'b:1', 'c:1']);
  });

  it('one that hangs is left out, then dead; its connection is closed, and it comes back after good checks', async () => {
    const { pool, habits, usable, advance, closed, dead } = setUp('a', 'b');
    await pool.start(10_000);
    await settle();
    habits.set('a', 'hangs');
    await advance(CHECK_EVERY_MS + CHECK_LIMIT_MS);
    expect(usable()).toEqual(['b:1']);
    expect(closed).toEqual([]);
    expect(pool.members[0]?.value).toBe('a');
    await advance((DEAD_AFTER - 1) * (CHECK_EVERY_MS + CHECK_LIMIT_MS));
    expect([closed, dead]).toEqual([['a', 'a'], ['a:1']]);
    habits.set('a', 'works');
    await advance(CHECK_EVERY_MS);
    expect(usable()).toEqual(['b:1']);
    await advance(BACK_AFTER * CHECK_EVERY_MS + 500);
    expect(usable()).toEqual(['a:1', 'b:1']);
    expect(dead).toEqual(['a:1']);
  });

  it('one that is being emptied takes nothing new, and keeps what it has', async () => {
    const { pool, usable } = setUp('a', 'b');
    await pool.start(10_000);
    await settle();
    expect(pool.drain('a:1', true)).toBe(true);
    expect(usable()).toEqual(['b:1']);
    expect(pool.members[0]?.value).toBe('a');
    expect(pool.snapshot()).toMatchObject([
      { server: 'a:1', state: 'up', standing: 'in', draining: true },
      { server: 'b:1', draining: false },
    ]);
    expect(pool.drain('a:1', false)).toBe(true);
    expect(usable()).toEqual(['a:1', 'b:1']);
    expect(pool.drain('nobody:1', true)).toBe(false);
  });

  it('say why none of them can be had', async () => {
    const { pool, habits, clock } = setUp('a', 'b');
    habits.set('a', 'refuses').set('b', 'absent');
    const started = pool.start(3_000).catch((error: unknown) => error);
    for (let step = 0; step < 40; step += 1) {
      clock.advance(100);
      await settle();
    }
    expect(String(await started)).toContain('wrong secret');
    pool.close();
    expect(clock.pending).toBe(0);
  });
});
