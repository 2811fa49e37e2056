import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { Link, type Live, Refused, type SwitchServer } from '../../../src/voice/drachtio/link.js';

const servers: SwitchServer[] = ['a', 'b'].map((host) => ({ host, port: 1, secret: '' }));
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A link whose attempts are answered by hand. */
function setUp(list: readonly SwitchServer[] = servers) {
  const clock = new FakeClock();
  const attempts: { host: string; open(): AbortController; fail(error: Error): void }[] = [];
  const closed: string[] = [];
  const link = new Link<string>({
    name: 'server',
    servers: list,
    clock,
    log: silentLog,
    open: (server) =>
      new Promise<Live<string>>((resolve, reject) => {
        attempts.push({
          host: server.host,
          open() {
            const lost = new AbortController();
            resolve({ value: server.host, lost: lost.signal, close: () => closed.push(server.host) });
            return lost;
          },
          fail: reject,
        });
      }),
  });
  const last = () => {
    const attempt = attempts.at(-1);
    if (attempt === undefined) throw new Error('no attempt');
    return attempt;
  };
  return { clock, link, attempts, closed, last };
}

describe('link to a server', () => {
  it('connects, and connects again after a loss', async () => {
    const { clock, link, last, attempts } = setUp();
    const started = link.start(10_000);
    const lost = last().open();
    await started;
    expect(link.value).toBe('a');
    lost.abort();
    expect(link.value).toBeUndefined();
    clock.advance(100);
    expect(attempts).toHaveLength(2);
    last().open();
    await settle();
    expect(link.value).toBe('a');
  });

  it('backs off up to two seconds and tries the next server', async () => {
    const { clock, link, last, attempts } = setUp();
    link.start(60_000).catch(() => undefined);
    const delays: number[] = [];
    for (let n = 0; n < 7; n++) {
      last().fail(new Error('connection refused'));
      await settle();
      const before = attempts.length;
      const startedMs = clock.monotonicMs();
      while (attempts.length === before) clock.advance(50);
      delays.push(clock.monotonicMs() - startedMs);
    }
    expect(delays).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
    expect(attempts.slice(0, 4).map(({ host }) => host)).toEqual(['a', 'b', 'a', 'b']);
  });

  it('stops when every server refuses us, with the reason', async () => {
    const { clock, link, last, attempts } = setUp();
    const started = link.start(60_000);
    last().fail(new Refused('the secret is not accepted'));
    await settle();
    clock.advance(100);
    last().fail(new Refused('the secret is not accepted'));
    await expect(started).rejects.toThrow('the secret is not accepted (b:1)');
    clock.advance(60_000);
    expect(attempts).toHaveLength(2);
    expect(clock.pending).toBe(0);
    expect(link.snapshot().state).toBe('refused');
  });

  it('does not wait for an attempt that hangs, and closes it when it comes after all', async () => {
    const { clock, link, attempts, closed } = setUp();
    const started = link.start(8000).catch((error: unknown) => error);
    clock.advance(5000);
    await settle();
    clock.advance(100);
    expect(attempts).toHaveLength(2);
    attempts[0]?.open();
    await settle();
    expect(closed).toEqual(['a']);
    clock.advance(8000);
    await settle();
    clock.advance(8000);
    expect(String(await started)).toContain('telephony-unavailable');
  });

  it('closes', async () => {
    const { clock, link, last, closed } = setUp();
    const started = link.start(1000);
    last().open();
    await started;
    link.close();
    link.close();
    expect(closed).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });
});
