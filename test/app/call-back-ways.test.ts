// How call-backs are made: who is rung first, whose they are, what a machine is, when they are tried again.
import { describe, expect, test } from 'vitest';
import { CONNECT_LIMIT_MS } from '../../src/app/callback/customer-first.js';
import { EVA, LUIS, openScene, type Scene, type SceneOptions } from './scene.js';
import { withSupport } from './texts.js';

const MINUTE_MS = 60_000;
const CUSTOMER_FIRST = 'callbacks: { first: customer }';

/** Somebody abandons, is offered a call-back and answers. */
async function promised(scene: Scene, number = EVA, answer = '1'): Promise<void> {
  const caller = scene.call('1001', number);
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(1_000);
  await scene.messenger.receive(number, answer);
  await scene.advance(500);
}

/** … and there is Ana. */
async function due(rules: string, options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(withSupport(rules, options));
  await promised(scene);
  scene.agentComes('ana');
  return scene;
}

describe('customer first', () => {
  test('the customer is rung, accepts with a key, and only then the agent rings', async () => {
    const scene = await due(CUSTOMER_FIRST);
    await scene.until('Eva is rung', () => scene.network.ringing(EVA) !== undefined);
    expect(scene.dialled()).toEqual([`${EVA}: ringing`]);
    expect(scene.agentStates()['ana']).toBe('ringing');
    await scene.advance(10_000);
    const eva = scene.network.ringing(EVA)?.answer();
    await scene.advance(1_000);
    expect(eva?.heard).toEqual(['callback-accept']);
    eva?.press('1');
    await scene.until('they talk', () => eva?.partner !== undefined);
    expect(scene.dialled()).toEqual([`${EVA}: answered`, 'ana-desk: answered']);
    expect(eva?.partner).toBe(scene.network.talking('ana-desk'));
    expect(scene.facts('callback-attempted')).toMatchObject([{ attempt: 1, agent: 'ana' }]);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'connected' }]);
    await scene.advance(30_000, 500);
    eva?.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(10_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.entries()).toEqual([]);
    expect(scene.state()).toBe('closed');
    expect(scene.complaints).toEqual([]);
  });

  test('a machine answers: nobody presses a key, no agent is bothered, it is tried again', async () => {
    const scene = await due(CUSTOMER_FIRST);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('it is over', () => scene.facts('callback-attempt-failed').length === 1);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ reason: 'machine', nextAtMs: expect.any(Number) }]);
    expect(scene.facts('call-ended').at(-1)).toMatchObject({ result: 'no-answer', reason: 'machine' });
    expect(scene.dialled()).toEqual([`${EVA}: answered`]);
    await scene.advance(1_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.entries()).toEqual([]);
  });

  test('busy: the agent is free again at no cost', async () => {
    const scene = await due(CUSTOMER_FIRST);
    scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 1_000 });
    await scene.until('it is over', () => scene.facts('callback-attempt-failed').length === 1);
    await scene.advance(500);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.facts('offer-withdrawn')).toMatchObject([{ agent: 'ana', reason: 'customer-not-reached' }]);
    const caller = scene.call('1001', LUIS);
    await scene.until('Luis is served at once', () => caller.leg?.partner !== undefined, 3_000);
  });

  test('"no longer needed": it is over, and it is not tried again', async () => {
    const scene = await due(CUSTOMER_FIRST);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('she is asked', () => scene.network.talking(EVA)?.heard.length === 1);
    scene.network.talking(EVA)?.press('2');
    await scene.advance(1_000);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'cancelled', reason: 'customer-declined' }]);
    expect(scene.jobs.waiting).toEqual([]);
    await scene.advance(90 * MINUTE_MS, 5_000);
    expect(scene.dialled()).toEqual([`${EVA}: answered`]);
  });

  test('the agent does not take it: the customer hears music until the next one does', async () => {
    const scene = await due(CUSTOMER_FIRST);
    scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 500 });
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('she is asked', () => scene.network.talking(EVA)?.heard.length === 1);
    scene.network.talking(EVA)?.press('1');
    await scene.until('Ana refuses', () => scene.dialled().length === 2);
    await scene.advance(1_000);
    scene.agentComes('bruno');
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking('bruno-desk'));
    expect(scene.network.talking(EVA)?.heard).toEqual(['callback-accept', '♪ moh']);
    expect(scene.facts('callback-attempted')).toHaveLength(1);
  });

  test('nobody takes it in time: the customer is not kept on the line for ever', async () => {
    const scene = await due(CUSTOMER_FIRST);
    scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 500 });
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('she is asked', () => scene.network.talking(EVA)?.heard.length === 1);
    scene.network.talking(EVA)?.press('1');
    scene.network.unregister('ana-desk');
    await scene.advance(CONNECT_LIMIT_MS + 5_000, 500);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ reason: 'no-agent' }]);
    expect(scene.network.talking(EVA)).toBeUndefined();
    expect(scene.entries()).toEqual([]);
  });

  test('the customer hangs up before anybody is there', async () => {
    const scene = await due(CUSTOMER_FIRST);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('she is asked', () => scene.network.talking(EVA)?.heard.length === 1);
    scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ reason: 'customer-hung-up' }]);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('the customer rings in while being rung: nothing rings any more', async () => {
    const scene = await due(CUSTOMER_FIRST);
    await scene.until('Eva is rung', () => scene.network.ringing(EVA) !== undefined);
    scene.call('1001');
    await scene.advance(1_000);
    expect(scene.dialled()[0]).toBe(`${EVA}: withdrawn`);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'superseded' }]);
  });
});

describe('never more at once than there are free agents', () => {
  test.each([
    ['agent first', 'callback-share: 100'],
    ['customer first', `callback-share: 100, ${CUSTOMER_FIRST}`],
  ])('%s: six promises, two agents', async (_name, rules) => {
    const numbers = ['1', '2', '3', '4', '5', '6'].map((last) => `+3460099900${last}`);
    const scene = await openScene(withSupport(rules));
    for (const number of numbers) await promised(scene, number);
    scene.agentComes('ana');
    scene.agentComes('bruno');
    await scene.advance(10_000);
    const ringing = numbers.filter((number) => scene.network.ringing(number) !== undefined);
    expect(ringing).toEqual(numbers.slice(0, 2));
    await scene.advance(31_000, 200);
    // Nobody answers: the next two, in the order of their first wait.
    expect(scene.facts('call-dialled').map(({ to }) => to)).toEqual(numbers.slice(0, 4));
    expect(Math.max(...[...scene.network.mostLegs.values(), 0])).toBeLessThanOrEqual(1);
  });
});

describe('agent first, and a machine answers', () => {
  const RULE = 'callbacks: { reached-after: 10s }';

  test('the agent hangs up within the time: not reached, tried again', async () => {
    const scene = await due(RULE);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(5_000);
    scene.network.talking('ana-desk')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ reason: 'machine' }]);
    expect(scene.facts('callback-ended')).toEqual([]);
    expect(scene.state()).toBe('callback-due');
  });

  test.each([
    ['the customer hangs up', 5_000, EVA],
    ['they have talked for longer', 11_000, 'ana-desk'],
  ])('not when %s', async (_name, afterMs, who) => {
    const scene = await due(RULE);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(afterMs);
    scene.network.talking(who)?.finish({ by: who === EVA ? 'customer' : 'agent', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'connected' }]);
    expect(scene.facts('callback-attempt-failed')).toEqual([]);
  });
});

describe('attempts have rules of their own by how they failed', () => {
  test('busy: after two minutes, then after five, then no more', async () => {
    const rules = (text: string): string =>
      text.replace('offer-valid: 24h', 'offer-valid: 24h\n  retry-after: { busy: [2m, 5m] }');
    const scene = await openScene({ centre: rules });
    await promised(scene);
    scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 500 });
    scene.agentComes('ana');
    await scene.advance(30 * MINUTE_MS, 500);
    const failed = scene.facts('callback-attempt-failed');
    expect(failed.map(({ reason }) => reason)).toEqual(['busy', 'busy', 'busy']);
    const [first, second] = scene
      .events()
      .flatMap(({ event, atMs }) => (event.type === 'callback-attempt-failed' ? [atMs] : []));
    expect(failed.map(({ nextAtMs }) => nextAtMs)).toEqual([
      (first ?? 0) + 2 * MINUTE_MS,
      (second ?? 0) + 5 * MINUTE_MS,
      undefined,
    ]);
    expect(scene.facts('callback-ended')).toMatchObject([{ reason: 'attempts-exhausted' }]);
  });

  test('the cap of a day for one number', async () => {
    const capped = (text: string): string =>
      text.replace(
        'max-per-destination-per-hour: 20',
        'max-per-destination-per-hour: 20\n  max-per-destination-per-day: 1',
      );
    const scene = await openScene({ centre: capped });
    await promised(scene);
    scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 500 });
    scene.agentComes('ana');
    await scene.advance(20 * MINUTE_MS, 500);
    expect(scene.facts('callback-attempt-failed').map(({ reason }) => reason)).toEqual(['busy', 'daily-cap']);
    expect(scene.dialled().filter((line) => line.startsWith(EVA))).toHaveLength(1);
  });
});

describe('a call-back belongs to an agent', () => {
  const OWNED = 'callbacks: { owner-wait: 10m }';

  async function owned() {
    const scene = await openScene(withSupport(OWNED, { agents: ['ana', 'bruno'] }));
    const ana = scene.call('1001', LUIS);
    await scene.until('somebody is busy', () => ana.leg?.partner !== undefined);
    const busy = scene.agentStates()['ana'] === 'busy' ? 'ana' : 'bruno';
    const { callbackDesk } = scene.node.centre;
    await callbackDesk.request({ number: EVA, queue: 'support', when: 'asap', owner: busy });
    await scene.advance(1_000);
    return { scene, luis: ana, busy, free: busy === 'ana' ? 'bruno' : 'ana' };
  }

  test('it waits for that agent, although another one is free', async () => {
    const { scene, luis, busy } = await owned();
    expect(scene.facts('callback-requested')).toMatchObject([{ source: 'api', owner: { agent: busy } }]);
    await scene.advance(MINUTE_MS, 500);
    expect(scene.network.ringing(EVA)).toBeUndefined();
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    luis.hangUp();
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking(`${busy}-desk`));
  });

  test('for ten minutes; then anybody of the queue makes it', async () => {
    const { scene, free } = await owned();
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    await scene.advance(9 * MINUTE_MS, 1_000);
    expect(scene.network.talking(EVA)).toBeUndefined();
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined, 2 * MINUTE_MS);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking(`${free}-desk`));
  });
});

describe('a queue that rings all', () => {
  async function bothFree(rules: string): Promise<Scene> {
    const scene = await openScene(withSupport(rules, { agents: ['ana', 'bruno'] }));
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    scene.network.habits.set('bruno-desk', { does: 'answers', afterMs: 3_000 });
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.node.centre.callbackDesk.request({ number: EVA, queue: 'support', when: 'asap' });
    return scene;
  }

  test('agent first: all ring, the first answer has it, the others fall silent and are free', async () => {
    const scene = await bothFree('strategy: ring-all');
    await scene.until('both ring', () => scene.network.rung.length === 2, 2_000);
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined, 10_000);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking('bruno-desk'));
    expect(scene.dialled().toSorted()).toEqual([`${EVA}: answered`, 'ana-desk: withdrawn', 'bruno-desk: answered']);
    expect(scene.agentStates()).toMatchObject({ ana: 'available', bruno: 'busy' });
  });

  test('customer first: one agent is kept, the others stay free for callers', async () => {
    const scene = await bothFree(`strategy: ring-all, ${CUSTOMER_FIRST}`);
    await scene.until('Eva is rung', () => scene.network.ringing(EVA) !== undefined, 2_000);
    const free = Object.values(scene.agentStates()).toSorted();
    expect(free).toEqual(['available', 'offline', 'ringing']);
  });
});
