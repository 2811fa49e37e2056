// Calls that agents place: their own telephone first, then the customer, in the customer's matter, and never two at once.
import { describe, expect, test } from 'vitest';
import { OWN_RING_MS } from '../../src/app/callback/placed-call.js';
import type { HiloError } from '../../src/app/errors.js';
import { EVA, LUIS, openScene, type Scene } from './scene.js';

/** Somebody abandons and is offered a call-back. */
async function lost(scene: Scene, number = EVA): Promise<string> {
  const caller = scene.call('1001', number);
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(1_000);
  return scene.records.interactions.at(-1)?.summary.id ?? '';
}

/** An agent at the desk phone, on a break so that nothing else is offered. */
async function atWork(scene: Scene, ...agents: readonly string[]): Promise<void> {
  for (const agent of agents) {
    scene.agentComes(agent);
    await scene.advance(500);
    await scene.node.centre.agents.setState(agent, { state: 'break', reason: 'calls' });
  }
}

async function why(asked: Promise<unknown>, scene: Scene): Promise<unknown> {
  const told = asked.then(
    () => 'done',
    (error: HiloError) => ({ code: error.code, ...error.why }),
  );
  await scene.settle();
  return told;
}

const placed = ({ node }: Scene) => node.centre.placedCalls;
const progress = (scene: Scene, agent = 'ana') => placed(scene).of(agent)?.progress;

describe('an agent calls somebody', () => {
  test('a number: the own phone rings, then the customer; they talk; the agent is what they were before', async () => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 3_000 });
    const call = await placed(scene).place({ agent: 'ana', number: '600 123 123' });
    expect(call).toMatchObject({ number: EVA, progress: { state: 'ringing-agent' } });
    expect(scene.agentStates()['ana']).toBe('busy');
    await scene.until('Eva is rung', () => scene.network.ringing(EVA) !== undefined);
    expect(scene.dialled()).toEqual(['ana-desk: answered', `${EVA}: ringing`]);
    expect(progress(scene)).toEqual({ state: 'ringing-customer' });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking('ana-desk'));
    expect(progress(scene)).toEqual({ state: 'talking' });
    await scene.advance(5_000);
    scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(progress(scene)).toEqual({ state: 'over', result: 'talked' });
    await scene.until('it is written up', () => scene.agentStates()['ana'] === 'break');
    expect(scene.agent('ana')).toMatchObject({ state: 'break', reason: 'calls' });
    expect(scene.facts('call-placed')).toMatchObject([{ agent: 'ana', number: EVA }]);
    expect(scene.facts('connected')).toMatchObject([{ agent: 'ana', device: 'ana-desk' }]);
    expect(scene.facts('call-ended')).toMatchObject([{ result: 'served' }]);
    expect(scene.state()).toBe('closed');
    expect(scene.complaints).toEqual([]);
  });

  test('a lost customer: in the same matter, which is recovered by us, and the offer ends', async () => {
    const scene = await openScene();
    const interaction = await lost(scene);
    await atWork(scene, 'ana');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    const call = await placed(scene).place({ agent: 'ana', interaction });
    expect(call).toMatchObject({ interaction, number: EVA });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(5_000);
    scene.network.talking('ana-desk')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.records.interactions).toHaveLength(1);
    const thread = await scene.node.centre.interactions.resume(interaction);
    expect(thread.state.lost).toMatchObject({ state: 'recovered', by: 'callback' });
    expect(thread.state.callback).toMatchObject({ state: 'ended', result: 'superseded', reason: 'agent-called' });
  });

  test('a number that nobody knows: on behalf of the first queue the agent serves, or the one they choose', async () => {
    const scene = await openScene();
    await atWork(scene, 'bruno');
    const served = placed(scene).queuesOf('bruno');
    expect(served.map(({ name }) => name)).toEqual(['support', 'promised', 'recorded']);
    expect(placed(scene).queuesOf('nobody')).toEqual([]);
    const talk = async (wish: { readonly queue?: string }): Promise<void> => {
      scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
      await placed(scene).place({ agent: 'bruno', number: EVA, ...wish });
      await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
      await scene.advance(2_000);
      scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
    };
    await talk({});
    await scene.until('it is written up', () => scene.agentStates()['bruno'] === 'wrap-up');
    expect(scene.agent('bruno')).toMatchObject({ call: { queue: 'support' } });
    await scene.until('the break goes on', () => scene.agentStates()['bruno'] === 'break');
    expect(scene.facts('recording-started')).toEqual([]);
    await talk({ queue: 'recorded' });
    await scene.until('it is over', () => scene.agentStates()['bruno'] !== 'busy');
    expect(scene.facts('recording-started')).toHaveLength(1);
    expect(scene.complaints).toEqual([]);
  });

  test('by the number alone: it belongs to the matter in which something is owed', async () => {
    const scene = await openScene();
    const interaction = await lost(scene);
    await atWork(scene, 'ana');
    expect(await placed(scene).place({ agent: 'ana', number: EVA })).toMatchObject({ interaction });
  });

  test('somebody who was promised a call-back for later: it is made now, and kept', async () => {
    const scene = await openScene();
    const { callbackDesk, interactions } = scene.node.centre;
    const when = { atMs: scene.clock.nowMs() + 3_600_000 };
    const asking = callbackDesk.request({ number: EVA, queue: 'support', when });
    await scene.settle();
    const { interaction } = await asking;
    await atWork(scene, 'ana');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await placed(scene).place({ agent: 'ana', interaction: interaction.id });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.facts('callback-attempted')).toMatchObject([{ attempt: 1, agent: 'ana' }]);
    const thread = await interactions.resume(interaction.id);
    expect(thread.state.callback).toMatchObject({ state: 'ended', result: 'connected' });
    await scene.advance(2 * 3_600_000, 60_000);
    expect(scene.dialled()).toHaveLength(2);
  });

  test('a call-back that rings at a colleague just now: it is theirs no longer, and rings here', async () => {
    const scene = await openScene();
    await lost(scene);
    await scene.messenger.receive(EVA, '1');
    scene.network.habits.set('bruno-desk', { does: 'nothing' });
    scene.network.register('bruno-desk');
    await scene.until('Bruno is rung', () => scene.agentStates()['bruno'] === 'ringing');
    await atWork(scene, 'ana');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await placed(scene).place({ agent: 'ana', number: EVA });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking('ana-desk'));
    expect(scene.agentStates()).toMatchObject({ ana: 'busy', bruno: 'available' });
    expect(scene.entries()).toEqual([]);
    expect(scene.dialled().filter((line) => line.startsWith(EVA))).toEqual([`${EVA}: answered`]);
  });
});

describe('it does not come about', () => {
  test('the agent does not answer the own phone: nobody is dialled, the agent is free', async () => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    await placed(scene).place({ agent: 'ana', number: EVA });
    await scene.advance(OWN_RING_MS + 1_000, 500);
    expect(progress(scene)).toMatchObject({ state: 'over', who: 'agent', reason: 'no-answer' });
    expect(scene.facts('call-not-placed')).toMatchObject([{ agent: 'ana', reason: 'agent-not-reached' }]);
    expect(scene.dialled()).toHaveLength(1);
    expect(scene.agentStates()['ana']).toBe('break');
  });

  test('the customer is busy: the agent reads why; nothing is tried again by itself', async () => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 500 });
    await placed(scene).place({ agent: 'ana', number: EVA });
    await scene.until('it is over', () => progress(scene)?.state === 'over');
    expect(progress(scene)).toMatchObject({ who: 'customer', reason: 'busy' });
    await scene.advance(2_000);
    expect(scene.agentStates()['ana']).toBe('break');
    expect(scene.jobs.waiting).toEqual([]);
  });

  test('a promised call-back is busy: it is tried again as the policy says', async () => {
    const scene = await openScene();
    await lost(scene);
    await scene.messenger.receive(EVA, '1');
    await atWork(scene, 'ana');
    scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 500 });
    await placed(scene).place({ agent: 'ana', number: EVA });
    await scene.until('it is over', () => progress(scene)?.state === 'over');
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ reason: 'busy', nextAtMs: expect.any(Number) }]);
    await scene.advance(1_000);
    expect(scene.jobs.waiting).toHaveLength(1);
  });

  test('given up while it rings: whoever rings falls silent', async () => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    const { id } = await placed(scene).place({ agent: 'ana', number: EVA });
    await scene.until('Eva is rung', () => scene.network.ringing(EVA) !== undefined);
    placed(scene).cancel('ana', id);
    await scene.advance(1_000);
    expect(scene.dialled()).toEqual(['ana-desk: answered', `${EVA}: withdrawn`]);
    expect(progress(scene)).toMatchObject({ state: 'over', reason: 'withdrawn' });
    expect(scene.agentStates()['ana']).toBe('break');
    expect(() => placed(scene).cancel('ana', id)).toThrow('no such call');
  });
});

describe('refused, with the reason', () => {
  test.each([
    ['premium numbers', { number: '+34806123456' }, { code: 'not-allowed', reason: 'premium-number' }],
    ['another country', { number: '+442071838750' }, { code: 'not-allowed', reason: 'prefix-not-allowed' }],
    ['no number', { number: '12' }, { code: 'not-allowed' }],
    ['an unknown queue', { number: EVA, queue: 'nowhere' }, { code: 'not-found', reason: 'unknown-queue' }],
    ['a matter that is not there', { interaction: 'nowhere' }, { code: 'not-found' }],
  ])('%s', async (_name, wish, refusal) => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    expect(await why(placed(scene).place({ agent: 'ana', ...wish }), scene)).toMatchObject(refusal);
    expect(scene.dialled()).toEqual([]);
    expect(scene.agentStates()['ana']).toBe('break');
  });

  test('without a telephone, and for who is no agent', async () => {
    const scene = await openScene();
    const ana = placed(scene).place({ agent: 'ana', number: EVA });
    expect(await why(ana, scene)).toEqual({ code: 'wrong-state', reason: 'no-phone' });
    const boss = placed(scene).place({ agent: 'boss', number: EVA });
    expect(await why(boss, scene)).toEqual({ code: 'not-found', reason: 'not-an-agent' });
  });

  test('in a call already; a second press changes nothing', async () => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    const both = [EVA, EVA].map((number) => why(placed(scene).place({ agent: 'ana', number }), scene));
    await scene.advance(500);
    expect(await Promise.all(both)).toEqual(['done', expect.objectContaining({ code: 'wrong-state' })]);
    const other = placed(scene).place({ agent: 'ana', number: LUIS });
    expect(await why(other, scene)).toEqual({ code: 'wrong-state', reason: 'agent-busy' });
  });

  test('the customer waits in a queue, or talks with somebody', async () => {
    const scene = await openScene();
    await atWork(scene, 'ana');
    const caller = scene.call('1001', EVA);
    await scene.advance(10_000);
    const interaction = scene.records.interactions[0]?.summary.id ?? '';
    const waiting = placed(scene).place({ agent: 'ana', interaction });
    expect(await why(waiting, scene)).toEqual({ code: 'wrong-state', reason: 'customer-on-line' });
    scene.agentComes('bruno');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    const talking = placed(scene).place({ agent: 'ana', interaction });
    expect(await why(talking, scene)).toEqual({ code: 'wrong-state', reason: 'taken', agent: 'bruno' });
  });

  test('the record is away: nothing rings, and the agent is what they were', async () => {
    const scene = await openScene();
    const interaction = await lost(scene);
    await atWork(scene, 'ana');
    scene.node.gates.record.state = 'refusing';
    const asked = placed(scene).place({ agent: 'ana', interaction });
    expect(await why(asked, scene)).toMatchObject({ code: 'store-unavailable' });
    await scene.advance(1_000);
    expect(scene.dialled()).toEqual([]);
    expect(scene.agentStates()['ana']).toBe('break');
  });
});

describe('two agents press at once', () => {
  test.each([
    ['on one node', ['n1']],
    ['on two nodes', ['n1', 'n2']],
  ])('%s: exactly one gets the customer, the other reads who', async (_name, nodes) => {
    const scene = await openScene({ nodes });
    const interaction = await lost(scene);
    await atWork(scene, 'ana', 'bruno');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    const [one, other = one] = scene.nodes;
    const asked = [
      why(one?.centre.placedCalls.place({ agent: 'ana', interaction }) ?? Promise.reject(), scene),
      why(other?.centre.placedCalls.place({ agent: 'bruno', interaction }) ?? Promise.reject(), scene),
    ];
    await scene.advance(1_000);
    const told = await Promise.all(asked);
    expect(told.filter((what) => what === 'done')).toHaveLength(1);
    const winner = told[0] === 'done' ? 'ana' : 'bruno';
    expect(told).toContainEqual({ code: 'wrong-state', reason: 'taken', agent: winner });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.network.talking(EVA)?.partner).toBe(scene.network.talking(`${winner}-desk`));
    expect(scene.dialled().filter((line) => line.startsWith(EVA))).toHaveLength(1);
  });
});
