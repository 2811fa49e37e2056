// Several nodes, one centre: one of them leads, any may die, callers are not lost with it and nothing is done twice.
import { describe, expect, test } from 'vitest';
import { Waiting } from '../../src/app/floor/queueing.js';
import { SAME_MATTER_MS } from '../../src/core/policy/returning-caller.js';
import { EVA, LUIS, type Node, openScene, type Scene } from './scene.js';

const TWO = { nodes: ['n1', 'n2'] };

function nodes(scene: Scene): [Node, Node] {
  const [first, second] = scene.nodes;
  if (first === undefined || second === undefined) throw new Error('two nodes, please');
  return [first, second];
}

function leaders(scene: Scene): string[] {
  return scene.nodes.filter(({ life, centre }) => !life.dead && centre.dispatcher.leading).map(({ name }) => name);
}

describe('the dispatcher', () => {
  test('a caller of one node, matched by the other', async () => {
    const scene = await openScene({ ...TWO, agents: ['ana'] });
    expect(leaders(scene)).toEqual(['n1']);
    const caller = scene.call('1001', EVA, nodes(scene)[1]);
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['ana-desk: answered']);
  });

  test.each([0, 100, 250, 400, 599])('dies %i ms after a renewal: the standby offers within 3 s', async (phaseMs) => {
    const scene = await openScene(TWO);
    const [first, second] = nodes(scene);
    const caller = scene.call('1001', EVA, second);
    await scene.advance(1_000 + phaseMs);
    first.kill();
    scene.agentComes('ana');
    await scene.until('Ana is rung', () => scene.network.rung.length > 0, 3_000);
    expect(leaders(scene)).toEqual(['n2']);
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
  });

  test('ends in order: the other one leads at its next look', async () => {
    const scene = await openScene(TWO);
    await nodes(scene)[0].centre.close();
    await scene.until('n2 leads', () => leaders(scene).includes('n2'), 700);
  });

  test('was cut off and comes back: it follows, nobody was offered twice', async () => {
    const scene = await openScene({ ...TWO });
    const [first, second] = nodes(scene);
    first.loseLiveStore();
    await scene.advance(3_000);
    expect(leaders(scene)).toEqual(['n2']);
    const callers = [scene.call('1001', EVA, second), scene.call('1001', LUIS, second)];
    scene.agentComes('ana');
    await scene.advance(1_000);
    first.findLiveStore();
    await scene.until('one talks', () => callers.some(({ leg }) => leg?.partner !== undefined));
    await scene.advance(5_000);
    expect(leaders(scene)).toEqual(['n2']);
    expect(scene.network.mostLegs.get('ana-desk')).toBe(1);
  });

  test('an old leader that does not know it yet is refused by its number', async () => {
    const scene = await openScene(TWO);
    const [first] = nodes(scene);
    const lease = await first.feed.lease('dispatcher', 'n1', 2_000);
    first.kill();
    await scene.advance(4_000);
    expect(leaders(scene)).toEqual(['n2']);
    expect(scene.live.commit([{ kind: 'agent', id: 'ana', expected: 0, value: null }], lease)).toEqual({
      ok: false,
      cause: 'fenced',
    });
  });
});

describe('two nodes at once', () => {
  test('two answers to one offer: one of them wins', async () => {
    const scene = await openScene({ ...TWO, agents: ['ana'] });
    const [first, second] = nodes(scene);
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    const [entry] = scene.entries();
    if (entry?.state !== 'offered') throw new Error('not offered');
    const claims = [first, second].map(({ name, centre, life }) => {
      const thread = centre.interactions.open(
        { id: 'c', addresses: [], consent: 'unknown' },
        { channel: 'voice', value: EVA },
      );
      const eventually = { do: () => undefined } as never;
      return new Waiting(
        entry,
        thread,
        { live: centre.live, centre: centre.centre, node: name, clock: life, ids: scene.ids, eventually },
        () => undefined,
      );
    });
    const won = await Promise.all(claims.map((claim) => claim.accept(entry.offer)));
    expect(won.filter((won) => won)).toHaveLength(1);
  });

  test('a promised call-back is begun once, however many alarms ring', async () => {
    const scene = await openScene(TWO);
    scene.call('1003');
    await scene.advance(2_000);
    const [{ callback } = { callback: '' }] = scene.facts('callback-requested');
    const interaction = scene.events()[0]?.interaction ?? '';
    const job = { kind: 'callback-due', interaction, callback } as const;
    for (let alarm = 0; alarm < 4; alarm += 1) scene.jobs.set(`alarm-${alarm}`, scene.clock.nowMs(), job);
    await scene.advance(1_000);
    expect(scene.entries()).toHaveLength(1);
    await scene.advance(70_000, 200);
    expect(scene.entries()).toHaveLength(1);
    scene.jobs.set('alarm-late', scene.clock.nowMs(), job);
    nodes(scene)[0].life.dead = true;
    await scene.advance(1_000);
    nodes(scene)[0].life.dead = false;
    expect(scene.entries()).toHaveLength(1);
  });

  test('an answer that comes to another node than the call: that node and this one know it', async () => {
    const scene = await openScene(TWO);
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    await scene.messenger.receive(EVA, '1', 'm1', 1);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    scene.agentComes('ana');
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(1_000);
    expect(scene.facts('callback-requested')).toHaveLength(1);
    expect(scene.facts('callback-attempted')).toHaveLength(1);
    expect(scene.events().map(({ version }) => version)).toEqual(scene.events().map((_event, at) => at + 1));
  });

  test('the live store loses its memory: no living node is taken for dead', async () => {
    const scene = await openScene({ ...TWO, agents: ['ana', 'bruno'] });
    const [first, second] = nodes(scene);
    const callers = [scene.call('1001', EVA, first), scene.call('1001', LUIS, second)];
    await scene.until('both talk', () => callers.every(({ leg }) => leg?.partner !== undefined));
    scene.live.flushAll();
    await scene.advance(15_000);
    expect(scene.facts('node-lost')).toEqual([]);
    expect(scene.agentStates()).toMatchObject({ ana: 'busy', bruno: 'busy' });
    for (const caller of callers) caller.hangUp();
    await scene.advance(10_000);
    expect(scene.agentStates()).toMatchObject({ ana: 'available', bruno: 'available' });
    expect(scene.ends()).toHaveLength(2);
  });
});

test('a node that starts does not send anybody home before it knows who is registered', async () => {
  const scene = await openScene({ agents: ['ana', 'bruno'] });
  await scene.node.centre.agents.setState('bruno', { state: 'break', reason: 'lunch' });
  const before = ['ana', 'bruno'].map((name) => scene.agent(name));
  await scene.openNode('n2', `${scene.node.dataFolder}-2`, 'starting');
  await scene.advance(5_000);
  expect(['ana', 'bruno'].map((name) => scene.agent(name))).toEqual(before);
});

describe('a node is lost', () => {
  test('its caller in the queue is called back, at the place of the first wait', async () => {
    const scene = await openScene(TWO);
    const [, second] = nodes(scene);
    scene.call('1001', EVA, second);
    await scene.advance(1_000);
    const [wait] = scene.facts('queued');
    scene.call('1001', LUIS);
    await scene.advance(10_000);
    second.kill();
    await scene.advance(9_000);
    expect(scene.ends()).toEqual(['failed by hilo: node-lost']);
    expect(scene.facts('callback-requested')).toMatchObject([{ source: 'node-lost', seniorityMs: wait?.seniorityMs }]);
    expect(
      scene
        .entries()
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['call', 'callback']);
    scene.agentComes('ana');
    await scene.until('Eva is rung first', () => scene.network.ringing(EVA) !== undefined);
  });

  test('its agents are free again, whoever led', async () => {
    const scene = await openScene({ ...TWO, agents: ['ana', 'bruno'] });
    const [first] = nodes(scene);
    const talking = scene.call('1001', EVA, first);
    await scene.until('they talk', () => talking.leg?.partner !== undefined);
    scene.network.habits.set('bruno-desk', { does: 'nothing' });
    scene.call('1001', LUIS, first);
    await scene.until('Bruno is rung', () => scene.network.ringing('bruno-desk') !== undefined);
    first.kill();
    scene.network.habits.set(EVA, { does: 'nothing' });
    await scene.advance(12_000);
    expect(scene.facts('node-lost')).toHaveLength(2);
    expect(scene.facts('callback-requested').map(({ number }) => number)).toEqual([EVA, LUIS]);
    expect(scene.ends()).toEqual(['failed by hilo: node-lost', 'failed by hilo: node-lost']);
  });

  test('the only node: its next run does it', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.node.kill();
    await scene.openNode('n1-again', scene.node.dataFolder);
    await scene.advance(8_000);
    expect(scene.ends()).toEqual(['failed by hilo: node-lost']);
    await scene.until('Ana calls Eva back', () => scene.network.ringing(EVA) !== undefined, 35_000);
  });

  test('an agent in a call of a node that nobody knows any more is freed as well', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const ana = scene.live.documents().find(({ id }) => id === 'ana');
    if (ana?.kind !== 'agent') throw new Error('Ana is not there');
    const { version: expected, value } = ana;
    const call = { interaction: 'i', entry: 'e', node: 'ghost', afterwards: { state: 'available' } } as const;
    scene.live.commit([{ kind: 'agent', id: 'ana', expected, value: { ...value, ...call, state: 'busy' } }]);
    await scene.advance(1_000);
    expect(scene.agentStates()['ana']).toBe('busy');
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available', 10_000);
  });

  test('an agent left busy by a run that ended in the middle of a call is freed as well', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    const closing = scene.node.centre.close();
    await scene.advance(20_000);
    await closing;
    scene.node.kill();
    expect(scene.agentStates()['ana']).toBe('busy');
    await scene.openNode('n1-again', scene.node.dataFolder);
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available', 10_000);
  });
});

describe('nothing is left behind', () => {
  test('a closed centre has no timers', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    caller.hangUp();
    await scene.advance(10_000);
    await scene.node.centre.close();
    scene.node.flows.close();
    await scene.settle();
    expect(scene.node.life.pending).toBe(0);
  });

  test('after many calls there are as many timers as before', async () => {
    const scene = await openScene({ agents: ['ana'] });
    await scene.advance(30_000);
    const before = scene.node.life.pending;
    for (let call = 0; call < 10; call += 1) {
      const caller = scene.call('1001', `+3460012300${call}`);
      await scene.until('they talk', () => caller.leg?.partner !== undefined);
      caller.hangUp();
      await scene.advance(7_000);
    }
    expect(scene.node.life.pending).toBeLessThanOrEqual(before + 1);
    expect(scene.node.centre.snapshot()).toMatchObject({ calls: 0, callbacks: 0, waiting: [], unfinished: 0 });
  });
});

describe('idle matters', () => {
  test('are closed when nobody can take them up again, also in a busy centre', async () => {
    const scene = await openScene();
    const caller = scene.call('1000');
    await scene.advance(1_000);
    caller.hangUp();
    await scene.advance(1_000);
    expect(scene.state()).toBe('idle');
    await scene.advance(SAME_MATTER_MS - 60_000, 5_000);
    for (let call = 0; call < 3; call += 1) scene.call('1000', `+3460012300${call}`).hangUp();
    expect(scene.state()).toBe('idle');
    await scene.advance(4 * 60_000, 1_000);
    expect(scene.state()).toBe('closed');
    expect(scene.state(1)).toBe('idle');
  });
});
