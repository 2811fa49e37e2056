// What may fail for a while is tried again, but not for ever.
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../src/lib/clock.js';
import { type Log, silentLog } from '../../src/lib/log.js';
import { withPatience } from '../../src/lib/patience.js';

class Busy extends Error {}

function trial(failures: number, error: Error = new Busy('busy')) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log: Log = { ...silentLog, warn: (_fields, message = '') => void lines.push(message) };
  let tries = 0;
  const mayPass = (cause: unknown): boolean => cause instanceof Busy;
  const done = withPatience({ what: 'it', limitMs: 1_000, pauseMs: 300, mayPass, clock, log }, async () => {
    tries += 1;
    if (tries <= failures) throw error;
    return tries;
  });
  const outcome = done.catch((cause: unknown) => cause);
  const advance = async (): Promise<unknown> => {
    for (let step = 0; step < 10; step += 1) {
      await new Promise(setImmediate);
      clock.advance(300);
    }
    return outcome;
  };
  return { advance, lines, tries: () => tries };
}

describe('something that fails for a while', () => {
  test('succeeds in the end, and the log says what was waited for', async () => {
    const { advance, lines } = trial(2);
    expect(await advance()).toBe(3);
    expect(lines).toHaveLength(2);
  });

  test('is given up after the limit, with the last failure', async () => {
    const { advance, tries } = trial(Number.POSITIVE_INFINITY);
    expect(await advance()).toBeInstanceOf(Busy);
    expect(tries()).toBe(4);
  });

  test('is not tried again when nothing would change', async () => {
    const { advance, tries, lines } = trial(1, new Error('wrong'));
    expect(await advance()).toMatchObject({ message: 'wrong' });
    expect([tries(), lines]).toEqual([1, []]);
  });
});
