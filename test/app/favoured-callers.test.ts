// Overload turns callers away; these it does not.
import { describe, expect, test } from 'vitest';
import { EVA, LUIS, openScene } from './scene.js';

describe('who is let in whatever the load', () => {
  test('a customer with an offer or a promise, until it is kept', async () => {
    const scene = await openScene();
    const { favoured } = scene.node.centre;
    const caller = scene.call('1001');
    await scene.advance(10_000);
    expect(favoured.has({ from: EVA, to: '1000' })).toBe(false);
    caller.hangUp();
    await scene.advance(1_000);
    expect(favoured.has({ from: '600123123', to: '1000' })).toBe(true);
    expect(favoured.has({ from: LUIS, to: '1000' })).toBe(false);
    await scene.messenger.receive(EVA, '2');
    await scene.advance(1_000);
    expect(scene.facts('callback-ended')).toHaveLength(1);
    expect(favoured.has({ from: EVA, to: '1000' })).toBe(false);
  });

  test('also after a restart of the node', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    await scene.messenger.receive(EVA, '1');
    await scene.advance(1_000);
    scene.node.kill();
    const next = await scene.openNode('n2', scene.node.dataFolder);
    expect(next.centre.favoured.has({ from: EVA, to: '1000' })).toBe(true);
  });

  test('whoever dials an emergency number', async () => {
    const scene = await openScene();
    expect(scene.node.centre.favoured.has({ from: '', to: '112' })).toBe(true);
    expect(scene.node.centre.favoured.has({ from: '', to: '1000' })).toBe(false);
  });
});
