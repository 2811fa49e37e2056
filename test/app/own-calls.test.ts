// Agents who call in from devices of their own: busy with that, and never rung for it.
import { describe, expect, test } from 'vitest';
import { openScene, type Scene } from './scene.js';

const OWN = { state: 'busy', outside: 'own-call' };

function offersTo(scene: Scene): string[] {
  return scene.facts('offered').map(({ agent }) => agent);
}

describe('an agent who calls a queue', () => {
  test('is busy until the call ends, and is not offered it, nor any other', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const own = scene.agentCalls('ana', '1001');
    await scene.until('Ana waits herself', () => own.leg?.music === 'moh');
    expect(scene.agent('ana')).toMatchObject({ ...OWN, node: 'n1', interaction: scene.events(0)[0]?.interaction });
    const caller = scene.call('1001');
    await scene.advance(5_000);
    expect(scene.dialled()).toEqual([]);

    own.hangUp();
    await scene.until('the customer is served', () => caller.leg?.partner !== undefined);
    expect(offersTo(scene)).toEqual(['ana']);
    expect(scene.agent('ana')).not.toHaveProperty('outside');
    expect(scene.complaints).toEqual([]);
  });

  test('is served by somebody else, and free without wrap-up', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const own = scene.agentCalls('ana', '1001');
    await scene.advance(2_000);
    scene.agentComes('bruno');
    await scene.until('they talk', () => own.leg?.partner !== undefined);
    expect(offersTo(scene)).toEqual(['bruno']);
    own.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()).toEqual({ ana: 'available', bruno: 'wrap-up', carla: 'offline' });
  });

  test('while an offer rings: the offer goes on to the next one, at no cost', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('it rings at Ana', () => scene.network.ringing('ana-desk') !== undefined);
    const own = scene.agentCalls('ana', '1002');
    await scene.until('it has stopped ringing', () => scene.dialled()[0] === 'ana-desk: withdrawn');
    expect(scene.agent('ana')).toMatchObject({ ...OWN, refusals: 0, backOffUntilMs: 0 });
    scene.agentComes('bruno');
    await scene.until('somebody serves', () => caller.leg?.partner !== undefined);
    expect(caller.leg?.partner).toBe(scene.network.talking('bruno-desk'));
    own.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('beside a customer’s call: busy on when that is over', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const customer = scene.call('1001');
    await scene.until('they talk', () => customer.leg?.partner !== undefined);
    const own = scene.agentCalls('ana', '1002');
    await scene.advance(1_000);
    expect(scene.agent('ana')).not.toHaveProperty('outside');
    customer.hangUp();
    await scene.until(
      'wrapped up',
      () => scene.agentStates()['ana'] !== 'wrap-up' && scene.facts('wrapped-up').length > 0,
    );
    await scene.until('still on the line', () => scene.agent('ana')?.state === 'busy', 1_000);
    expect(scene.agent('ana')).toMatchObject(OWN);
    own.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('two calls of their own: free after the last', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const first = scene.agentCalls('ana', '1002');
    const second = scene.agentCalls('ana', '1004');
    await scene.advance(1_000);
    first.hangUp();
    await scene.advance(500);
    expect(scene.agent('ana')).toMatchObject(OWN);
    second.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('from a break: goes back to it', async () => {
    const scene = await openScene({ agents: ['ana'] });
    await scene.node.centre.agents.setState('ana', { state: 'break', reason: 'lunch' });
    const own = scene.agentCalls('ana', '1001');
    await scene.advance(1_000);
    expect(scene.agent('ana')).toMatchObject(OWN);
    own.hangUp();
    await scene.advance(500);
    expect(scene.agent('ana')).toMatchObject({ state: 'break', reason: 'lunch' });
  });
});

describe('the agent is free again', () => {
  test.each([0, 50, 100, 150, 200])('hung up after %i ms, whatever was on its way then', async (ms) => {
    const scene = await openScene({ agents: ['ana'] });
    const own = scene.agentCalls('ana', '1001');
    await scene.advance(ms);
    own.hangUp();
    await scene.advance(1_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.network.rung).toEqual([]);
  });

  test('when the node of the call dies', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'], agents: ['ana'] });
    scene.agentCalls('ana', '1002');
    await scene.advance(1_000);
    expect(scene.agent('ana')).toMatchObject({ ...OWN, node: 'n1' });
    scene.node.kill();
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
  });

  test('and busy again after the live store lost its memory', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const own = scene.agentCalls('ana', '1002');
    await scene.advance(1_000);
    scene.node.loseLiveStore();
    await scene.advance(1_000);
    scene.node.findLiveStore();
    await scene.advance(1_000);
    expect(scene.agent('ana')).toMatchObject(OWN);
    scene.node.loseLiveStore();
    own.hangUp();
    await scene.advance(1_000);
    scene.node.findLiveStore();
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
  });
});
