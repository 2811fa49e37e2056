// Queues that ring several agents at once, keep a caller for the agent of the last time, and widen while one waits.
import { describe, expect, test } from 'vitest';
import { LUIS, openScene, type SceneOptions } from './scene.js';

/** The queue support with more keys. */
function support(keys: string, rest: Partial<SceneOptions> = {}): SceneOptions {
  return { ...rest, centre: (text) => text.replace('  support: { ', `  support: { ${keys}, `) };
}

describe('ring all', () => {
  test('every phone rings, the first answer wins, the others stop at no cost', async () => {
    const scene = await openScene(support('strategy: ring-all', { agents: ['ana', 'bruno'] }));
    scene.network.habits.set('ana-desk', { does: 'answers', afterMs: 5_000 });
    scene.network.habits.set('bruno-desk', { does: 'answers', afterMs: 2_000 });
    const caller = scene.call('1001');
    await scene.until('both ring', () => ['ana-desk', 'bruno-desk'].every((device) => scene.network.ringing(device)));
    await scene.until('Bruno talks', () => scene.agentStates()['bruno'] === 'busy');
    await scene.advance(300);
    expect(caller.leg?.partner).toBe(scene.network.talking('bruno-desk'));
    expect(scene.network.ringing('ana-desk')).toBeUndefined();
    expect(scene.agentStates()).toMatchObject({ ana: 'available', bruno: 'busy' });
    expect(scene.facts('offered').map(({ agent }) => agent)).toEqual(['ana', 'bruno']);
    expect(scene.facts('offer-withdrawn')).toMatchObject([{ agent: 'ana', reason: 'answered-elsewhere' }]);
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(6_000);
    expect(scene.agentStates()).toMatchObject({ ana: 'available', bruno: 'available' });
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
    expect(scene.complaints).toEqual([]);
  });

  test('one refuses: it goes on ringing at the other', async () => {
    const scene = await openScene(support('strategy: ring-all', { agents: ['ana', 'bruno'] }));
    scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 500 });
    scene.network.habits.set('bruno-desk', { does: 'answers', afterMs: 4_000 });
    const caller = scene.call('1001');
    await scene.until('Bruno talks', () => scene.agentStates()['bruno'] === 'busy');
    await scene.advance(300);
    expect(caller.leg?.partner).toBe(scene.network.talking('bruno-desk'));
    expect(scene.facts('offer-refused')).toMatchObject([{ agent: 'ana', reason: 'rejected' }]);
    expect(scene.facts('offered')).toHaveLength(2);
  });

  test('the caller hangs up: all of them stop', async () => {
    const scene = await openScene(support('strategy: ring-all', { agents: ['ana', 'bruno'] }));
    for (const agent of ['ana', 'bruno']) scene.network.habits.set(`${agent}-desk`, { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('both ring', () => ['ana-desk', 'bruno-desk'].every((device) => scene.network.ringing(device)));
    caller.hangUp();
    await scene.advance(500);
    expect(scene.agentStates()).toMatchObject({ ana: 'available', bruno: 'available' });
    expect(scene.facts('offer-withdrawn').map(({ reason }) => reason)).toEqual(['caller-hung-up', 'caller-hung-up']);
    expect(scene.entries()).toEqual([]);
  });

  test('nobody answers: both are asked once, and the caller keeps the place', async () => {
    const scene = await openScene(support('strategy: ring-all', { agents: ['ana', 'bruno'] }));
    for (const agent of ['ana', 'bruno']) scene.network.habits.set(`${agent}-desk`, { does: 'nothing' });
    scene.call('1001');
    await scene.advance(22_000);
    expect(scene.facts('offer-refused').map(({ agent }) => agent)).toEqual(['ana', 'bruno']);
    expect(scene.entries()).toMatchObject([{ state: 'waiting' }]);
    expect(scene.network.rung.length).toBe(2);
  });
});

test('who calls again gets the agent of the last time, though another has been idle for longer', async () => {
  const scene = await openScene(support('sticky: 30s', { agents: ['ana', 'bruno'] }));
  const talkWith = async (number: string) => {
    const caller = scene.call('1001', number);
    await scene.until('somebody talks', () => caller.leg?.partner !== undefined);
    const agent = Object.entries(scene.agentStates()).find(([, state]) => state === 'busy')?.[0];
    await scene.advance(1_000);
    caller.hangUp();
    await scene.advance(8_000);
    return agent;
  };
  const first = await talkWith('+34600123123');
  const other = await talkWith(LUIS);
  expect(new Set([first, other])).toEqual(new Set(['ana', 'bruno']));
  // Whoever is idle for longest is the first one's agent again; with sticky each gets their own.
  expect(await talkWith(LUIS)).toBe(other);
  expect(await talkWith('+34600123123')).toBe(first);
});

test('a queue that widens: who is not good enough is asked when the time has come, with nothing else happening', async () => {
  const widening = 'skills: [{ skill: support, level: 4, for: 20s }, { skill: support }]';
  const scene = await openScene(support(widening, { agents: ['bruno'] }));
  const caller = scene.call('1001');
  await scene.advance(19_500);
  expect(scene.entries()).toMatchObject([{ state: 'waiting' }]);
  expect(scene.facts('offered')).toEqual([]);
  await scene.until('Bruno talks', () => scene.agentStates()['bruno'] === 'busy');
  expect(scene.elapsedMs).toBeLessThan(23_000);
  expect(scene.facts('offered')[0]?.why.ring).toEqual({ number: 2, of: 2 });
  caller.hangUp();
});

test('a priority that grows is part of the place', async () => {
  const scene = await openScene(support('ageing: 30s'));
  scene.call('1001');
  await scene.advance(500);
  expect(scene.entries()).toMatchObject([{ ageingMs: 30_000 }]);
});
