// When a queue is in trouble.
import { expect, test } from 'vitest';
import { alarmsOf, COUNTED_LEAST, type QueueFigures } from '../../../src/core/acd/wait/alarms.js';

const LIMITS = { waiting: 3, waitMs: 60_000, serviceLevel: 0.8 };
const QUIET: QueueFigures = { waiting: 0, agents: { available: 1 }, counted: 0 };

test.each<{ title: string; figures: Partial<QueueFigures>; alarms: readonly string[] }>([
  { title: 'nobody waits', figures: { agents: {} }, alarms: [] },
  { title: 'at the limits', figures: { waiting: 3, longestMs: 60_000 }, alarms: [] },
  { title: 'too many wait', figures: { waiting: 4 }, alarms: ['waiting'] },
  { title: 'somebody waits too long', figures: { waiting: 1, longestMs: 60_001 }, alarms: ['longest-wait'] },
  { title: 'nobody serves them', figures: { waiting: 1, agents: { break: 2, offline: 1 } }, alarms: ['nobody'] },
  { title: 'somebody writes up', figures: { waiting: 1, agents: { 'wrap-up': 1 } }, alarms: [] },
  { title: 'too few in time', figures: { counted: COUNTED_LEAST, serviceLevel: 0.79 }, alarms: ['service-level'] },
  { title: 'too few to tell', figures: { counted: COUNTED_LEAST - 1, serviceLevel: 0 }, alarms: [] },
])('$title: $alarms', ({ figures, alarms }) => {
  expect(alarmsOf({ ...QUIET, ...figures }, LIMITS)).toEqual(alarms);
});
