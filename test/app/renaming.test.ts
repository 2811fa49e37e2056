// Queues and agents get other names while callers wait and promises stand: nobody loses the place, nothing goes to a stranger.
import { describe, expect, test } from 'vitest';
import { holderOf } from '../../src/app/owed/work-list.js';
import { EVA, LUIS, openScene, type Scene } from './scene.js';

async function publish(scene: Scene, change: (centre: string) => string): Promise<void> {
  const { flows } = scene.node;
  await flows.publish('centre', change(flows.source('centre').text), { author: 'test' });
}

/** As renaming writes it. */
const renamedQueue = (from: string, to: string, formerly: string) => (centre: string) =>
  centre
    .replaceAll(`queue: ${from} `, `queue: ${to} `)
    .replace(new RegExp(`^  ${from}: \\{( formerly: \\[[a-z, ]*\\],)?`, 'm'), `  ${to}: { formerly: [${formerly}],`);
const renamedAnna = (centre: string) =>
  centre.replaceAll('agent: ana', 'agent: anna').replace('  ana: {', '  anna: { formerly: [ana],');
/** Those who talk with an agent, or did, in the order of the calls. */
const served = (scene: Scene) => scene.callers.map((_, index) => scene.facts('connected', index).length > 0);
const others = (scene: Scene) => [...scene.node.centre.live.entries()].map(({ queue }) => queue);

describe('a queue', () => {
  const centre = (text: string) => text.replace('skill: nobody, max-wait: 30s', 'skill: support, max-wait: 10m');

  test('who waits under former names is counted in the position that the next ones hear, and served before them', async () => {
    const scene = await openScene({ centre });
    const first = scene.call('1002', EVA);
    await scene.advance(300);
    await publish(scene, renamedQueue('tired', 'weary', 'tired'));
    const second = scene.call('1002', LUIS);
    await scene.advance(300);
    await publish(scene, renamedQueue('weary', 'spent', 'tired, weary'));
    const third = scene.call('1002', '+34600999888');
    await scene.advance(300);
    // As it was written then, and as everybody reads it.
    expect(scene.entries().map(({ queue }) => queue)).toEqual(['tired', 'weary', 'spent']);
    expect(others(scene)).toEqual(['spent', 'spent', 'spent']);
    expect(second.heard[0]).toBe('Gracias por esperar. Ocupa usted el puesto 2.');
    expect(third.heard[0]).toBe('Gracias por esperar. Ocupa usted el puesto 3.');

    scene.agentComes('ana');
    await scene.until('the first one is served', () => served(scene)[0] === true);
    await scene.advance(10_000);
    expect(second.heard.at(-2)).toBe('Es usted el siguiente. Enseguida le atendemos.');
    first.hangUp();
    await scene.until('the second one is served', () => served(scene)[1] === true);
    expect(served(scene)).toEqual([true, true, false]);
  });

  test('who is called more urgently goes first, whatever the queue is called', async () => {
    const scene = await openScene({ centre: (text) => centre(text) });
    scene.call('1002', EVA);
    await scene.advance(300);
    await publish(scene, (text) =>
      renamedQueue('tired', 'weary', 'tired')(text).replace('formerly: [tired],', 'formerly: [tired], priority: 2,'),
    );
    const urgent = scene.call('1002', LUIS);
    await scene.advance(300);
    expect(urgent.heard[0]).toBe('Es usted el siguiente. Enseguida le atendemos.');
    scene.agentComes('ana');
    await scene.until('the urgent one is served', () => served(scene)[1] === true);
    expect(served(scene)).toEqual([false, true]);
  });
});

describe('an agent', () => {
  const REST = { bruno: 'offline', carla: 'offline' };
  const sticky = (text: string) => text.replace('ring: 20s, max-wait', 'sticky: 1m, ring: 20s, max-wait');

  test('comes back with the state and the counts of the day; the former one is nowhere any more', async () => {
    const scene = await openScene({ agents: ['ana'] });
    await scene.advance(1_000);
    await scene.node.centre.agents.setState('ana', { state: 'offline' });
    await scene.settle();
    const before = scene.agent('ana');
    await publish(scene, renamedAnna);
    await scene.advance(500);
    expect(scene.agentStates()).toEqual({ anna: 'offline', ...REST });
    expect(scene.agent('anna')).toEqual({ ...before, agent: 'anna' });
  });

  test('the file is changed in the middle of a call: it is told under the former name, and then she comes over', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001', EVA);
    await scene.until('they talk', () => served(scene)[0] === true);
    await publish(scene, renamedAnna);
    await scene.advance(500);
    expect(scene.agentStates()).toEqual({ ana: 'busy', ...REST });
    scene.call('1001', LUIS);
    await scene.advance(2_000);
    expect(served(scene)).toEqual([true, false]);
    caller.hangUp();
    await scene.until('the next one is served', () => served(scene)[1] === true);
    expect(scene.agentStates()).toEqual({ anna: 'busy', ...REST });
  });

  test('a customer is kept for whom they talked with, and a promised call-back is hers', async () => {
    const scene = await openScene({ agents: ['ana'], centre: sticky });
    const caller = scene.call('1001', EVA);
    await scene.until('they talk', () => served(scene)[0] === true);
    caller.hangUp();
    await scene.until('she is free', () => scene.agent('ana')?.state === 'available');
    const { callbackDesk, agents, live, workList } = scene.node.centre;
    await agents.setState('ana', { state: 'offline' });
    const atMs = scene.clock.nowMs() + 600_000;
    await callbackDesk.request({ number: LUIS, queue: 'support', when: { atMs }, owner: 'ana' });
    await publish(scene, renamedAnna);
    await scene.advance(500);

    expect((await callbackDesk.pending({ limit: 9 })).map(({ callback }) => callback.owner?.agent)).toEqual(['anna']);
    expect((await workList.open()).map(holderOf)).toEqual(['anna']);
    await agents.setState('anna', { state: 'break', reason: 'x' });
    scene.call('1001', EVA);
    await scene.advance(500);
    expect([...live.entries()].map(({ preferred }) => preferred?.agent)).toEqual(['anna']);
    // The record tells it as it was.
    expect(scene.facts('connected', 0)).toMatchObject([{ agent: 'ana' }]);
  });
});
