// An agent whose page was loaded anew in the middle of a talk: rung at the browser, and both hear each other again.
import { describe, expect, test } from 'vitest';
import { AGAIN_HEADER } from '../../../src/app/desk/coming-back.js';
import { BRUNO, BY_ANA, refusal, talking } from '../talk/talking.js';

describe('a page that was loaded anew', () => {
  test('is rung, and whoever answers has the customer; the old leg is gone and nothing is written up', async () => {
    const { scene, customer, leg } = await talking();
    const before = leg('ana');
    const back = scene.node.centre.comingBack.again('ana');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    expect(scene.network.ringing('ana-desk')?.headers).toMatchObject({ [AGAIN_HEADER]: 'true' });
    await scene.until('they talk again', () => customer.partner !== undefined && customer.partner !== before);
    expect(await back).toBe(scene.events()[0]?.interaction);
    expect(before?.ended.aborted).toBe(true);
    expect([customer.end, scene.agentStates()['ana'], scene.ends()]).toEqual([undefined, 'busy', []]);
  });

  test('of an agent who is in no talk: there is nothing to go on with', async () => {
    const { scene } = await talking();
    expect(await scene.node.centre.comingBack.again('bruno')).toBeUndefined();
    expect(await scene.node.centre.comingBack.again('nobody')).toBeUndefined();
  });

  test('that does not answer, or asks twice: the talk stays as it was, and it may ask again', async () => {
    const { scene, customer, leg } = await talking();
    const { comingBack } = scene.node.centre;
    const before = leg('ana');
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const first = refusal(comingBack.again('ana'));
    expect(await refusal(comingBack.again('ana'))).toBe('wrong-state');
    await scene.advance(11_000);
    expect(await first).toBe('wrong-state');
    expect(customer.partner).toBe(before);
    scene.network.habits.set('ana-desk', { does: 'answers', afterMs: 100 });
    const again = comingBack.again('ana');
    await scene.advance(1_000);
    expect(await again).toBe(scene.events()[0]?.interaction);
  });

  test('while a colleague is asked: that talk is with others too, and goes on without', async () => {
    const { scene, talk } = await talking();
    await talk.consult(BRUNO, BY_ANA);
    await scene.until('bruno answers', () => talk.state === 'consulting');
    expect(await refusal(scene.node.centre.comingBack.again('ana'))).toBe('wrong-state');
    expect(talk.state).toBe('consulting');
  });

  test('whose customer hangs up while it rings: nothing is left ringing', async () => {
    const { scene, caller } = await talking();
    scene.network.habits.set('ana-desk', { does: 'answers', afterMs: 3_000 });
    const back = refusal(scene.node.centre.comingBack.again('ana'));
    await scene.advance(500);
    caller.hangUp();
    await scene.advance(4_000);
    expect(await back).not.toBe('none');
    expect(scene.network.ringing('ana-desk')).toBeUndefined();
    expect(scene.network.talking('ana-desk')).toBeUndefined();
    expect(scene.agentStates()['ana']).not.toBe('busy');
  });
});
