// A node dies while two talk: the switch has kept the talk, another node takes it over, and the record has one true end.
import { describe, expect, test } from 'vitest';
import type { LegEnd } from '../../src/app/ports.js';
import type { SurvivingCall } from '../../src/app/survivors/surviving.js';
import { writeTalkWords } from '../../src/app/survivors/talk-words.js';
import { EVA, openScene, type Scene } from './scene.js';

class FakeSurvivor implements SurvivingCall {
  readonly over = new AbortController();
  state: 'orphaned' | 'taken' | 'ended' = 'orphaned';
  readonly words?: string;
  constructor(
    words: string | undefined,
    private readonly allowed = true,
  ) {
    if (words !== undefined) this.words = words;
  }
  async takeOver() {
    if (!this.allowed || this.state !== 'orphaned') return undefined;
    this.state = 'taken';
    return { ended: this.over.signal, hangUp: async (end: LegEnd) => this.finish(end) };
  }
  async end(): Promise<void> {
    this.state = 'ended';
  }
  finish(end: LegEnd): void {
    this.state = 'ended';
    this.over.abort(end);
  }
}

/** Ana talks with Eva on n1, which dies; the words that the switch kept. */
async function orphaned(): Promise<{ scene: Scene; words: string }> {
  const scene = await openScene({ nodes: ['n1'], agents: ['ana'] });
  const caller = scene.call('1001', EVA);
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  await scene.advance(5_000);
  const [interaction = ''] = scene.records.interactions.map(({ summary }) => summary.id);
  const [connected] = scene.facts('connected');
  if (connected === undefined) throw new Error('nobody talks');
  const { segment, entry, agent } = connected;
  scene.node.kill();
  return { scene, words: writeTalkWords({ interaction, segment, entry, agent, queue: 'support' }) };
}

async function nextNode(scene: Scene, call: SurvivingCall): Promise<void> {
  scene.survivors.set('n1', [call]);
  await scene.openNode('n2', `${scene.node.dataFolder}-2`);
  await scene.until('n1 is buried', () => scene.facts('call-taken-over').length + scene.facts('node-lost').length > 0);
  await scene.advance(1_000);
}

describe('a talk that outlived its node', () => {
  test('goes on; its end is the customer’s, the agent is busy until then and wraps up', async () => {
    const { scene, words } = await orphaned();
    const call = new FakeSurvivor(words);
    await nextNode(scene, call);
    expect(call.state).toBe('taken');
    expect(scene.facts('call-taken-over')).toMatchObject([{ node: 'n2' }]);
    expect(scene.facts('node-lost')).toEqual([]);
    expect(scene.agent('ana')).toMatchObject({ state: 'busy', node: 'n2' });
    const [, second] = scene.nodes;
    expect(second?.centre.busy()).toBe(1);
    await scene.advance(20_000, 500);
    expect(scene.agentStates()['ana']).toBe('busy');
    call.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
    expect(scene.facts('call-ended')[0]?.talkedMs).toBeGreaterThan(25_000);
    expect(scene.agentStates()['ana']).toBe('wrap-up');
    await scene.advance(10_000, 500);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.told().slice(-2)).toEqual(['interaction-closed', 'wrapped-up']);
    expect(second?.centre.busy()).toBe(0);
  });

  test('lost with the switch after all: the call failed, and the agent is free', async () => {
    const { scene, words } = await orphaned();
    const call = new FakeSurvivor(words);
    await nextNode(scene, call);
    call.finish({ by: 'network', reason: 'signalling-lost' });
    await scene.advance(10_000, 500);
    expect(scene.ends()).toEqual(['failed by network: signalling-lost']);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test.each(['signalling-lost', 'media-lost', 'media-time-out'])(
    'lost by %s: the customer is offered a call-back',
    async (reason) => {
      const { scene, words } = await orphaned();
      const call = new FakeSurvivor(words);
      await nextNode(scene, call);
      const [wait] = scene.facts('queued');
      call.finish({ by: 'network', reason });
      await scene.until('a message', () => scene.messenger.sent.length > 0);
      expect(scene.facts('callback-offered')).toMatchObject([{ queue: 'support' }]);
      expect(scene.facts('message-declined')).toEqual([]);
      await scene.messenger.receive(EVA, '1', 'm1', 1);
      await scene.advance(1_000);
      expect(scene.facts('callback-requested')).toMatchObject([{ queue: 'support', seniorityMs: wait?.seniorityMs }]);
    },
  );

  test('an agent who had called from their own phone is not offered a call while that talk goes on', async () => {
    const scene = await openScene({ nodes: ['n1'], agents: ['ana', 'bruno'] });
    await scene.node.centre.agents.setState('ana', { state: 'break', reason: 'lunch' });
    const call = scene.agentCalls('ana', '1001');
    await scene.until('Ana talks with Bruno', () => call.leg?.partner !== undefined);
    const [connected] = scene.facts('connected');
    const interaction = scene.events()[0]?.interaction ?? '';
    await scene.node.centre.agents.setState('ana', { state: 'available' });
    const { segment = '', entry = '' } = connected ?? {};
    scene.node.kill();
    const words = { interaction, segment, entry, agent: 'bruno', queue: 'support', fromAgent: 'ana' };
    const survivor = new FakeSurvivor(writeTalkWords(words));
    await nextNode(scene, survivor);
    const [, second] = scene.nodes;
    const before = scene.network.rung.length;
    const waiting = scene.call('1001', EVA, second);
    await scene.advance(10_000, 200);
    expect(scene.agentStates()).toMatchObject({ ana: 'busy', bruno: 'busy' });
    expect(scene.agent('ana')).toMatchObject({ node: 'n2', outside: 'own-call' });
    expect(scene.network.rung).toHaveLength(before);
    survivor.finish({ by: 'customer', reason: 'hung-up' });
    await scene.until('somebody serves the other', () => waiting.leg?.partner !== undefined);
  });

  test('an agent whom the live store has forgotten is not offered a call while they talk', async () => {
    const { scene, words } = await orphaned();
    const ana = scene.live.documents().find(({ id }) => id === 'ana');
    if (ana?.kind !== 'agent') throw new Error('Ana is not there');
    scene.live.commit([{ kind: 'agent', id: 'ana', expected: ana.version, value: null }]);
    const call = new FakeSurvivor(words);
    await nextNode(scene, call);
    const [, second] = scene.nodes;
    const before = scene.network.rung.length;
    scene.call('1001', '+34600999000', second);
    await scene.advance(10_000, 200);
    expect(scene.agentStates()['ana']).toBe('busy');
    expect(scene.network.rung).toHaveLength(before);
    call.finish({ by: 'agent', reason: 'hung-up' });
    await scene.until('Ana is rung', () => scene.network.rung.length > before);
  });

  test.each([
    ['the switch does not let us', (words: string) => new FakeSurvivor(words, false)],
    ['nobody knows whose it is', () => new FakeSurvivor(undefined)],
    ['its words are not ours', () => new FakeSurvivor('{"interaction":1}')],
  ])('%s: it is ended, closed in the record, and the agent is free', async (_name, make) => {
    const { scene, words } = await orphaned();
    const call = make(words);
    await nextNode(scene, call);
    expect(call.state).toBe('ended');
    expect(scene.facts('call-taken-over')).toEqual([]);
    expect(scene.ends()).toEqual(['failed by hilo: node-lost']);
    // Free for the call-back to the customer, which begins at once.
    expect(['available', 'ringing']).toContain(scene.agentStates()['ana']);
  });

  test('of a call that the record says is over: ended', async () => {
    const scene = await openScene({ nodes: ['n1'], agents: ['ana'] });
    const caller = scene.call('1001', EVA);
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    const [connected] = scene.facts('connected');
    const [interaction = ''] = scene.records.interactions.map(({ summary }) => summary.id);
    caller.hangUp();
    await scene.advance(1_000);
    const waiting = scene.call('1001', '+34600999000');
    await scene.advance(500);
    expect(waiting.isGone).toBe(false);
    scene.node.kill();
    const { segment = '', entry = '' } = connected ?? {};
    const call = new FakeSurvivor(writeTalkWords({ interaction, segment, entry, agent: 'ana' }));
    await nextNode(scene, call);
    expect(call.state).toBe('ended');
  });

  test('of a call-back whose node could not say that they met: the promise is kept, nobody is called twice', async () => {
    const scene = await openScene({
      nodes: ['n1'],
      agents: ['ana'],
      centre: (text) =>
        text.replace(
          'wrap-up: 5s, overflow: message }',
          'wrap-up: 5s, callbacks: { reached-after: 1m }, overflow: message }',
        ),
    });
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    await scene.node.centre.callbackDesk.request({ number: EVA, queue: 'support', when: 'asap' });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(2_000);
    const [interaction = ''] = scene.records.interactions.map(({ summary }) => summary.id);
    const [connected] = scene.facts('connected');
    if (connected === undefined) throw new Error('nobody talks');
    const { segment, entry, agent } = connected;
    scene.node.kill();
    const call = new FakeSurvivor(writeTalkWords({ interaction, segment, entry, agent, queue: 'support' }));
    await nextNode(scene, call);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'connected' }]);
    await scene.advance(20_000, 500);
    call.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(120_000, 500);
    expect(scene.facts('callback-attempted')).toHaveLength(1);
    expect(scene.state()).toBe('closed');
  });
});
