// A caller and an agent find each other, or another agent, or each other again.
import { describe, expect, test } from 'vitest';
import { EVA, LUIS, openScene } from './scene.js';

describe('a served call', () => {
  test('menu, queue, agent, talk, wrap-up: one record, nothing left behind', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1000');
    await scene.advance(1_000);
    caller.press('1');
    await scene.until('Ana talks', () => scene.agentStates()['ana'] === 'busy');
    await scene.advance(200);
    expect(caller.leg?.partner).toBe(scene.network.talking('ana-desk'));
    expect(caller.heard).toEqual(['Pulse uno', '♪ moh']);
    expect(scene.network.rung[0]?.headers['X-Hilo-Queue']).toBe('support');
    expect(scene.network.expected).toHaveLength(1);

    await scene.advance(30_000);
    caller.hangUp();
    await scene.advance(200);
    expect(scene.agentStates()).toMatchObject({ ana: 'wrap-up' });
    expect(scene.network.talking('ana-desk')).toBeUndefined();
    await scene.advance(6_000);
    expect(scene.agentStates()).toMatchObject({ ana: 'available' });
    expect(scene.entries()).toEqual([]);
    expect(scene.told()).toEqual([
      'interaction-opened',
      'call-arrived',
      'call-answered',
      'queued',
      'offered',
      'connected',
      'left-queue',
      'call-ended',
      'interaction-closed',
      'wrapped-up',
    ]);
    expect(scene.ends()).toEqual(['served by customer: served']);
    expect(scene.facts('call-ended')[0]?.talkedMs).toBe(30_200);
    expect(scene.facts('wrapped-up')).toMatchObject([{ agent: 'ana', wrapUpMs: expect.closeTo(5_000, -2) }]);
    expect(scene.complaints).toEqual([]);
  });

  test('the agent hangs up: the caller is let go and the record says who ended it', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.network.talking('ana-desk')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(500);
    expect(caller.leg?.end).toMatchObject({ by: 'agent' });
    expect(scene.ends()).toEqual(['served by agent: hung-up']);
    expect(caller.leg?.keyListeners).toBe(0);
  });

  test('how both lines sounded is told once, after the end; of a line nobody can judge nothing is', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    const good = { packets: 1_500, lossPercent: 0, jitterMs: 2, opinion: 4.4 };
    const bad = { packets: 900, lossPercent: 40, jitterMs: 90, opinion: 1.4 };
    if (caller.leg !== undefined) caller.leg.figures = good;
    const agent = scene.network.talking('ana-desk');
    if (agent !== undefined) agent.figures = bad;
    await scene.advance(30_000);
    caller.hangUp();
    await scene.advance(500);
    const { segment } = scene.facts('call-arrived')[0] ?? {};
    expect(scene.facts('leg-quality')).toEqual([
      { segment, party: 'customer', ...good },
      { segment, party: 'other-side', ...bad },
    ]);
    expect(scene.ends()).toEqual(['served by customer: hung-up']);

    const silent = scene.call('1001', LUIS);
    await scene.advance(1_000);
    silent.hangUp();
    await scene.advance(500);
    expect(scene.facts('leg-quality')).toHaveLength(2);
    expect(scene.complaints).toEqual([]);
  });

  test('a party that fell silent for too long is hung up by the media server, and the record says so', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    caller.leg?.finish({ by: 'network', reason: 'media-time-out' });
    await scene.advance(500);
    expect(scene.facts('call-ended')).toMatchObject([{ by: 'network', result: 'failed', reason: 'media-time-out' }]);
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
    expect(scene.facts('leg-quality')).toEqual([]);
  });

  test('two callers, one agent: first come, first served, and never two calls at once', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const eva = scene.call('1001', EVA);
    await scene.advance(300);
    const luis = scene.call('1001', LUIS);
    await scene.until('Eva talks', () => eva.leg?.partner !== undefined);
    await scene.advance(10_000);
    expect(luis.leg?.partner).toBeUndefined();
    expect(luis.leg?.music).toBe('moh');
    eva.hangUp();
    await scene.until('Luis talks', () => luis.leg?.partner !== undefined);
    luis.hangUp();
    await scene.advance(10_000);
    expect(scene.network.mostLegs.get('ana-desk')).toBe(1);
    expect(scene.dialled()).toEqual(['ana-desk: answered', 'ana-desk: answered']);
    expect(scene.ends()).toEqual(['served by customer: hung-up', 'served by customer: hung-up']);
  });

  test('a caller is recorded where the queue says so', async () => {
    const scene = await openScene({ agents: ['carla'] });
    const caller = scene.call('1006');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    caller.hangUp();
    await scene.advance(500);
    expect(scene.facts('recording-started')).toMatchObject([{ path: caller.leg?.recordings[0] }]);
  });

  test('nobody has the number: 404 and no record', async () => {
    const scene = await openScene();
    const caller = scene.call('9999');
    await scene.advance(500);
    expect(caller.refusedWith).toBe(404);
    expect(scene.records.interactions).toEqual([]);
  });
});

describe('agents who do not take the call', () => {
  test('one rejects, the next one gets it; the caller keeps the place', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 500 });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['ana-desk: rejected', 'bruno-desk: answered']);
    expect(scene.facts('offer-refused')).toMatchObject([{ agent: 'ana', reason: 'rejected' }]);
    expect(scene.facts('queued')).toHaveLength(1);
    expect(scene.agent('ana')).toMatchObject({ state: 'available', refusals: 1 });
    expect(caller.heard).toEqual(['♪ moh']);
  });

  test.each(['busy', 'unreachable', 'no-answer'] as const)('%s: the same', async (reason) => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    scene.network.habits.set('ana-desk', { does: 'refuses', reason, afterMs: 100 });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.facts('offer-refused')).toMatchObject([{ agent: 'ana', reason }]);
  });

  test('all refuse: the caller waits on, and is offered again when the pause is over', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    for (const phone of ['ana-desk', 'bruno-desk'])
      scene.network.habits.set(phone, { does: 'refuses', reason: 'busy', afterMs: 100 });
    const caller = scene.call('1001');
    await scene.advance(20_000);
    expect(scene.dialled()).toEqual(['ana-desk: busy', 'bruno-desk: busy']);
    expect(caller.leg?.music).toBe('moh');
    scene.network.habits.set('ana-desk', { does: 'answers', afterMs: 500 });
    await scene.until('they talk', () => caller.leg?.partner !== undefined, 30_000);
    expect(scene.dialled().at(-1)).toBe('ana-desk: answered');
  });

  test('a phone that rings unheard is given up after the time of the queue', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.advance(20_500);
    expect(scene.dialled()[0]).toBe('ana-desk: no-answer');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.network.mostLegs.get('bruno-desk')).toBe(1);
  });

  test('three offers missed in a row: a break by itself', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'no-answer', afterMs: 100 });
    scene.call('1001');
    await scene.advance(120_000, 200);
    expect(scene.agent('ana')).toMatchObject({ state: 'break', reason: 'unanswered' });
    expect(scene.dialled()).toHaveLength(3);
  });

  test('the telephony itself fails: counts as unreachable, the caller waits on', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    const caller = scene.call('1001');
    await scene.until('Ana is offered', () => scene.agentStates()['ana'] === 'ringing');
    scene.network.ringing('ana-desk')?.refuse('unreachable');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['ana-desk: unreachable', 'bruno-desk: answered']);
  });

  test('the agent answers and is gone before the two are connected: back to the same place', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    scene.network.ringing('ana-desk')?.answer().finish({ by: 'agent', reason: 'hung-up' });
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['ana-desk: answered', 'bruno-desk: answered']);
    expect(scene.agentStates()).toEqual({ ana: 'available', bruno: 'busy', carla: 'offline' });
    expect(scene.facts('queued')).toHaveLength(1);
    expect(scene.facts('offer-refused')).toMatchObject([{ agent: 'ana', reason: 'unreachable' }]);
  });
});

describe('what agents wish for meanwhile', () => {
  test('a break asked for in the call begins after it, without wrap-up being lost', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    await scene.node.centre.agents.setState('ana', { state: 'break', reason: 'lunch' });
    expect(scene.agentStates()['ana']).toBe('busy');
    caller.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()['ana']).toBe('wrap-up');
    await scene.advance(6_000);
    expect(scene.agent('ana')).toMatchObject({ state: 'break', reason: 'lunch' });
  });

  test('nobody is offered anything during wrap-up; saying "available" ends it early', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const eva = scene.call('1001', EVA);
    await scene.until('they talk', () => eva.leg?.partner !== undefined);
    eva.hangUp();
    await scene.advance(500);
    const luis = scene.call('1001', LUIS);
    await scene.advance(1_000);
    expect(scene.dialled()).toHaveLength(1);
    await scene.node.centre.agents.setState('ana', { state: 'available' });
    await scene.until('they talk', () => luis.leg?.partner !== undefined, 2_000);
    await scene.advance(100);
    expect(scene.facts('wrapped-up')).toHaveLength(1);
  });

  test('who has no phone cannot be available', async () => {
    const scene = await openScene();
    await expect(scene.node.centre.agents.setState('ana', { state: 'available' })).rejects.toMatchObject({
      code: 'wrong-state',
    });
    await expect(scene.node.centre.agents.setState('nobody', { state: 'available' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('a phone that registers makes its agent available, one that goes makes the agent offline', async () => {
    const scene = await openScene({ agents: ['ana'] });
    expect(scene.agentStates()['ana']).toBe('available');
    scene.network.unregister('ana-desk');
    await scene.advance(200);
    expect(scene.agentStates()['ana']).toBe('offline');
  });

  test('who went home stays at home when the texts of the centre change', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    await scene.node.centre.agents.setState('ana', { state: 'offline' });
    const centre = scene.node.flows.source('centre').text;
    await scene.node.flows.publish('centre', centre.replace('title: Ana', 'title: Ana María'), { author: 'test' });
    await scene.advance(500);
    expect(scene.agentStates()).toMatchObject({ ana: 'offline', bruno: 'available' });
  });
});
