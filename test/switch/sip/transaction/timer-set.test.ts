import { expect, it } from 'vitest';
import { FakeClock } from '../../../../src/lib/clock.js';
import { start, stop, type TimerName } from '../../../../src/switch/sip/transaction/step.js';
import { TimerSet } from '../../../../src/switch/sip/transaction/timer-set.js';

it('a timer rings once, stopped not at all, started anew at its new time', () => {
  const clock = new FakeClock();
  const rung: TimerName[] = [];
  const timers = new TimerSet(clock, (timer) => rung.push(timer));
  timers.apply(start('A', 100));
  timers.apply(start('B', 100));
  timers.apply(start('E', 100));
  timers.apply(stop('B'));
  timers.apply(stop('K'));
  timers.apply(start('E', 300));
  clock.advance(100);
  expect(rung).toEqual(['A']);
  clock.advance(1_000);
  expect(rung).toEqual(['A', 'E']);
  timers.apply(start('A', 100));
  timers.clear();
  expect(clock.pending).toBe(0);
});
