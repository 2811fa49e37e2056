// Callers as the graph shows them: those of all texts of a flow at each step, and those at steps that are not drawn.
import { expect, test } from 'vitest';
import type { LiveFlow } from '../../../src/contract/live/flow.js';
import { callersIn, todayOf } from '../../../src/web/studio/graph/overlay.js';

const drawn = new Set(['menu', 'sales']);
const flow = (revision: string, steps: LiveFlow['steps'], name = 'main'): LiveFlow => ({ flow: name, revision, steps });

test('callers in the text in force and in another one stand at the same step', () => {
  const live = [
    flow('r1', { menu: { callers: 2, talking: 0 }, sales: { callers: 1, talking: 1 } }),
    flow('r2', { menu: { callers: 3, talking: 0 }, news: { callers: 1, talking: 0 } }),
    flow('r1', { menu: { callers: 9, talking: 0 } }, 'other'),
  ];
  const found = callersIn('main', live, drawn);
  expect(found.callers).toBe(7);
  expect(found.steps.get('menu')).toEqual({ callers: 5, talking: 0 });
  expect(found.steps.get('sales')).toEqual({ callers: 1, talking: 1 });
  expect(found.revisions).toEqual([
    { revision: 'r2', callers: 4 },
    { revision: 'r1', callers: 3 },
  ]);
  expect(found.elsewhere).toBe(1);
});

test('nobody calls', () => {
  expect(callersIn('main', [], drawn)).toMatchObject({ callers: 0, revisions: [], elsewhere: 0 });
});

test('steps of today with their outcomes, most frequent first', () => {
  const steps = [
    { step: 'menu', outcome: 'key:1', count: 5 },
    { step: 'sales', outcome: 'served', count: 4 },
    { step: 'menu', outcome: 'time-out', count: 2 },
  ];
  expect(Object.fromEntries(todayOf({ steps }))).toEqual({
    menu: { left: 7, outcomes: 'key:1 5, time-out 2' },
    sales: { left: 4, outcomes: 'served 4' },
  });
});
