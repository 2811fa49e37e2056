// What callers meet of roll-outs and limits: which text they go through, and where they are taken when they go in circles.
import { describe, expect, test } from 'vitest';
import { openScene, type Scene } from '../scene.js';
import { CENTRE_TEXT, MAIN_FLOW } from '../texts.js';

const LIMITS = 'limits: { same-step: 3, exit: support }';

async function pressing(scene: Scene, key: string, times: number) {
  const caller = scene.call('1000');
  for (let count = 0; count < times; count += 1) {
    await scene.advance(1_000);
    caller.press(key);
  }
  await scene.advance(1_000);
  return caller;
}

describe('who comes to one step too often', () => {
  test('waits in the queue that the centre names, and the record says why', async () => {
    const scene = await openScene({
      agents: ['ana'],
      flows: { 'centre.yaml': `${CENTRE_TEXT}\n${LIMITS}\n`, 'main.yaml': MAIN_FLOW },
    });
    const caller = await pressing(scene, '2', 3);
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.facts('flow-limit-hit')).toMatchObject([{ step: 'main/menu', limit: 'too-often-here', to: 'queue' }]);
    caller.hangUp();
    await scene.advance(500);
    expect(scene.ends()).toEqual(['served by customer: served']);
  });

  test('is let go when the centre names none', async () => {
    const flows = { 'centre.yaml': `${CENTRE_TEXT}\nlimits: { same-step: 3 }\n`, 'main.yaml': MAIN_FLOW };
    const scene = await openScene({ flows });
    await pressing(scene, '2', 3);
    expect(scene.facts('flow-limit-hit')).toMatchObject([{ limit: 'too-often-here', to: 'end' }]);
    expect(scene.ends()).toEqual(['failed by hilo: too-often-here']);
  });
});

describe('a staged text', () => {
  const text = MAIN_FLOW.replace('es: Pulse uno', 'es: Marque uno');

  test('is heard by its callers from the next call on, and its revision stands in the record', async () => {
    const scene = await openScene();
    const [node] = scene.nodes;
    const before = scene.call('1000');
    await scene.advance(500);
    expect(node?.flows.stage({ flow: 'main', text, revision: 'new', percent: 100, seed: 's' })).toBe(true);
    const after = scene.call('1000');
    await scene.advance(500);
    expect([before.heard, after.heard]).toEqual([['Pulse uno'], ['Marque uno']]);
    expect(scene.facts('flow-entered').map(({ revision }) => revision)).toEqual([
      node?.flows.source('main').revision,
      'new',
    ]);
  });

  test('with mistakes is heard by nobody', async () => {
    const scene = await openScene();
    const [node] = scene.nodes;
    const broken = text.replace('start: menu', 'start: nowhere');
    expect(node?.flows.stage({ flow: 'main', text: broken, revision: 'new', percent: 100, seed: 's' })).toBe(false);
    const caller = scene.call('1000');
    await scene.advance(500);
    expect(caller.heard).toEqual(['Pulse uno']);
    scene.complaints.length = 0;
  });
});
