import { expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { LINES_PER_PERIOD, PacedLog, PERIOD_MS } from '../../../src/switch/sip/paced-log.js';

it(`writes ${LINES_PER_PERIOD} lines in ${PERIOD_MS} ms, and tells later how many it left out`, () => {
  const clock = new FakeClock();
  const lines: object[] = [];
  const log = new PacedLog({ ...silentLog, warn: (fields) => lines.push(fields) }, clock);
  const flood = (): void => {
    for (let n = 0; n < 100; n++) log.warn({ n }, 'odd');
  };
  flood();
  clock.advance(PERIOD_MS - 1);
  flood();
  expect(lines).toEqual([0, 1, 2, 3, 4].map((n) => ({ n })));
  clock.advance(1);
  log.warn({ n: 'next' }, 'odd');
  expect(lines.at(-1)).toEqual({ n: 'next', leftOut: 195 });
  clock.advance(PERIOD_MS);
  log.warn({ n: 'quiet' }, 'odd');
  expect(lines.at(-1)).toEqual({ n: 'quiet' });
});
