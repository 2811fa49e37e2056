// Callers of a whole centre on a fake clock: seen at the step where they are, until they are gone, however they go.
import { expect, test } from 'vitest';
import { openScene, type Scene } from '../scene.js';

function seen(scene: Scene): Record<string, number> {
  const steps = [...scene.node.walkers.all().values()].flatMap((text) => [...text.steps]);
  return Object.fromEntries(steps.map(([step, { callers, talking }]) => [step, callers * 10 + talking]));
}

test('at the menu, in the queue, with an agent, and no more when they have hung up', async () => {
  const scene = await openScene({ agents: ['ana'] });
  const caller = scene.call('1000');
  await scene.advance(500);
  expect(Object.values(seen(scene))).toEqual([10]);
  caller.press('1');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  expect(Object.values(seen(scene))).toEqual([11]);
  caller.hangUp();
  await scene.advance(500);
  expect(seen(scene)).toEqual({});
});

test('who hangs up at the menu is gone from it', async () => {
  const scene = await openScene();
  const caller = scene.call('1000');
  await scene.advance(500);
  expect(Object.values(seen(scene))).toEqual([10]);
  caller.hangUp();
  await scene.advance(500);
  expect(seen(scene)).toEqual({});
});
