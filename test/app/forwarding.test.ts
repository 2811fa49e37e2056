// Numbers and agents that forward: who is rung, what is refused, what the record says.
import { describe, expect, test } from 'vitest';
import { openScene } from './scene.js';

describe('the number of an agent', () => {
  test('rings the agent, and nobody else is offered to her meanwhile', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('2001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.agentStates()['ana']).toBe('busy');
    caller.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
  });

  test('no phone there: voicemail', async () => {
    const scene = await openScene();
    const caller = scene.call('2001');
    await scene.advance(5_000);
    caller.press('#');
    await scene.advance(1_000);
    expect(scene.facts('forwarded')).toMatchObject([{ to: 'voicemail', rule: 'unregistered' }]);
    expect(scene.ends()).toEqual(['voicemail by hilo: message-left']);
    expect(caller.heard).toEqual(['voicemail-greeting', 'voicemail-thanks']);
  });

  test('busy: into the queue', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    const first = scene.call('2001');
    await scene.until('they talk', () => first.leg?.partner !== undefined);
    const second = scene.call('2001', '+34600777888');
    await scene.until('Bruno takes it', () => second.leg?.partner !== undefined);
    expect(scene.facts('forwarded')).toMatchObject([{ to: 'queue support', rule: 'busy' }]);
    expect(scene.dialled()).toEqual(['ana-desk: answered', 'bruno-desk: answered']);
  });

  test('no answer: to an outside number, which counts as put through, not as served', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    scene.network.habits.set('+34910000001', { does: 'answers', afterMs: 500 });
    const caller = scene.call('2001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.network.talking('+34910000001')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(500);
    expect(scene.dialled()).toEqual(['ana-desk: no-answer', '+34910000001: answered']);
    expect(scene.ends()).toEqual(['forwarded by agent: hung-up', 'forwarded by agent: hung-up']);
  });

  test('a chain: unregistered here, rung there', async () => {
    const scene = await openScene({ agents: ['carla'] });
    const caller = scene.call('2002');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['carla-desk: answered']);
  });

  test('always: the agent is not even rung', async () => {
    const scene = await openScene({ agents: ['carla'] });
    scene.network.habits.set('+34910000002', { does: 'answers', afterMs: 500 });
    const caller = scene.call('2003');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['+34910000002: answered']);
    expect(scene.facts('forwarded')).toMatchObject([{ rule: 'always' }]);
  });
});

test('a queue overflows to an agent who forwards to voicemail: the message counts, not a talk', async () => {
  const scene = await openScene({
    centre: (text) =>
      text
        .replace("overflow: { number: '+34910000001' }", 'overflow: { agent: carla }')
        .replace('[{ sip: carla-desk }]', '[{ sip: carla-desk }], forwards: [{ when: unregistered, to: voicemail }]'),
  });
  const caller = scene.call('1007');
  await scene.advance(9_000);
  caller.press('#');
  await scene.advance(1_000);
  expect(scene.ends()).toEqual(['voicemail by hilo: message-left']);
  expect(caller.heard.at(-1)).toBe('voicemail-thanks');
});

describe('what is refused', () => {
  test('the hourly cap: told so, never dialled', async () => {
    const capped = (text: string): string => text.replace('max-per-hour: 2000', 'max-per-hour: 1');
    const scene = await openScene({ centre: capped });
    scene.network.habits.set('+34910000002', { does: 'refuses', reason: 'busy', afterMs: 100 });
    scene.call('2003');
    await scene.advance(2_000);
    const second = scene.call('2003', '+34600777888');
    await scene.advance(2_000);
    expect(scene.dialled()).toEqual(['+34910000002: busy']);
    expect(scene.facts('forward-refused')).toMatchObject([{ reason: 'hourly-cap' }]);
    expect(second.heard.at(-1)).toBe('nobody-free');
    expect(scene.ends().at(-1)).toBe('refused by hilo: hourly-cap');
  });

  test('the counters cannot be asked: not dialled', async () => {
    const scene = await openScene();
    scene.node.gates.live.state = 'refusing';
    const caller = scene.call('2003');
    await scene.advance(2_000);
    expect(scene.dialled()).toEqual([]);
    expect(caller.isGone).toBe(true);
    expect(scene.facts('forward-refused')).toMatchObject([{ reason: 'counters-unavailable' }]);
  });

  test('a circle of agents: refused as a loop', async () => {
    const circle = (text: string): string =>
      text
        .replace(
          'devices: [{ sip: ana-desk }] }',
          'devices: [{ sip: ana-desk }], forwards: [{ when: always, to: { agent: bruno } }] }',
        )
        .replace(
          'devices: [{ sip: bruno-desk }] }',
          'devices: [{ sip: bruno-desk }], forwards: [{ when: always, to: { agent: ana } }] }',
        )
        .replace(
          "    forwards:\n      - { when: unregistered, to: voicemail }\n      - { when: busy, to: { queue: support } }\n      - { when: no-answer, to: { number: '+34910000001' } }\n",
          '',
        );
    const scene = await openScene({ centre: circle, agents: ['ana', 'bruno'] });
    const caller = scene.call('2001');
    await scene.advance(2_000);
    expect(scene.dialled()).toEqual([]);
    expect(scene.facts('forward-refused')).toMatchObject([{ reason: 'loop' }]);
    expect(caller.heard.at(-1)).toBe('nobody-free');
  });

  test('the caller hangs up while it rings: the ringing stops, and the record says where', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('2001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    caller.hangUp();
    await scene.advance(500);
    expect(scene.dialled()).toEqual(['ana-desk: withdrawn']);
    expect(scene.ends()).toEqual(['abandoned by customer: hung-up-while-forwarded']);
    expect(scene.agentStates()['ana']).toBe('available');
  });
});
