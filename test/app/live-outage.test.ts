// The live store goes away, is late, or loses its memory: calls go on, nobody is left busy or waiting, everything recovers.
import { describe, expect, test } from 'vitest';
import { EVA, LUIS, openScene } from './scene.js';

describe('the live store is away', () => {
  test('when a caller wants to wait: on to the overflow', async () => {
    const scene = await openScene();
    scene.node.loseLiveStore();
    const caller = scene.call('1001');
    await scene.advance(2_000);
    expect(caller.isGone).toBe(true);
    expect(scene.facts('overflowed')).toMatchObject([{ cause: 'queue-unavailable' }]);
    scene.node.findLiveStore();
    await scene.advance(10_000);
    expect(scene.entries()).toEqual([]);
  });

  test('while two talk: they talk on, and the agent is free as soon as it can be said', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.node.loseLiveStore();
    await scene.advance(10_000);
    expect(caller.leg?.partner).toBeDefined();
    caller.hangUp();
    await scene.advance(10_000);
    scene.node.findLiveStore();
    await scene.advance(15_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
  });

  test('while somebody waits: the place is kept and served afterwards', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(5_000);
    scene.node.loseLiveStore();
    await scene.advance(20_000);
    expect(caller.leg?.music).toBe('moh');
    scene.agentComes('ana');
    scene.node.findLiveStore();
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
  });

  test('the caller leaves meanwhile: the place is given up when it can be said', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(5_000);
    scene.node.loseLiveStore();
    caller.hangUp();
    await scene.advance(20_000);
    scene.node.findLiveStore();
    await scene.advance(6_000);
    expect(scene.entries()).toEqual([]);
    expect(scene.messenger.sent).toHaveLength(1);
  });

  test('it does not write a line for every millisecond of it', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    caller.hangUp();
    await scene.advance(500);
    scene.node.loseLiveStore();
    await scene.advance(60_000);
    expect(scene.complaints.length).toBeLessThan(300);
  });

  test('whether the place was taken is not known: nobody is left in the queue', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    const join = scene.live.commit.bind(scene.live);
    scene.live.commit = (changes, lease) => {
      const outcome = join(changes, lease);
      if (changes.some(({ kind, expected }) => kind === 'entry' && expected === 0)) {
        scene.live.commit = join;
        throw new Error('connection lost');
      }
      return outcome;
    };
    await scene.advance(15_000);
    expect(caller.isGone).toBe(true);
    expect(scene.entries()).toEqual([]);
  });

  test('whether the offer was accepted is not known: the agent is not left in a call, the caller is served', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    const caller = scene.call('1001');
    const commit = scene.live.commit.bind(scene.live);
    scene.live.commit = (changes, lease) => {
      const outcome = commit(changes, lease);
      if (changes.some(({ value }) => value?.state === 'accepted')) {
        scene.live.commit = commit;
        throw new Error('connection lost');
      }
      return outcome;
    };
    await scene.until('they talk', () => caller.leg?.partner !== undefined, 40_000);
    const talking = scene.network.talking('ana-desk') === undefined ? 'bruno' : 'ana';
    const other = talking === 'ana' ? 'bruno' : 'ana';
    expect(scene.agentStates()).toMatchObject({ [talking]: 'busy', [other]: 'available' });
  });

  test('somebody else is always quicker: tried again, a few times', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('Ana is offered', () => scene.agentStates()['ana'] === 'ringing');
    scene.live.interfere(5);
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.dialled()).toEqual(['ana-desk: answered']);
  });

  test('changes are told late: an offer that is gone is not taken', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    scene.node.feed.feedDelayMs = 2_000;
    const first = scene.call('1001', EVA);
    const second = scene.call('1001', LUIS);
    await scene.until('both talk', () => first.leg?.partner !== undefined && second.leg?.partner !== undefined);
    expect([...scene.network.mostLegs.values()]).toEqual([1, 1]);
  });
});

describe('the live store loses its memory', () => {
  test('who waits keeps the place, who talks stays busy, who is free is offered again', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const first = scene.call('1001', EVA);
    await scene.until('they talk', () => first.leg?.partner !== undefined);
    const second = scene.call('1001', LUIS);
    await scene.advance(2_000);
    const [before] = scene.entries();
    scene.live.flushAll();
    await scene.advance(5_000);
    expect(scene.agentStates()).toEqual({ ana: 'busy', bruno: 'offline', carla: 'offline' });
    expect(scene.entries()).toMatchObject([
      { entry: before?.entry, seniorityMs: before?.seniorityMs, state: 'waiting' },
    ]);
    expect(first.leg?.partner).toBeDefined();
    first.hangUp();
    await scene.until('Luis talks', () => second.leg?.partner !== undefined);
    expect(scene.network.mostLegs.get('ana-desk')).toBe(1);
    expect(scene.facts('queued')).toHaveLength(2);
  });

  test('a break is a break, also afterwards', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno'] });
    await scene.node.centre.agents.setState('ana', { state: 'break', reason: 'lunch' });
    const idleSinceMs = scene.agent('bruno')?.idleSinceMs;
    scene.live.flushAll();
    await scene.advance(3_000);
    expect(scene.agent('ana')).toMatchObject({ state: 'break', reason: 'lunch' });
    expect(scene.agent('bruno')).toMatchObject({ state: 'available', idleSinceMs });
  });

  test('in the moment in which a call ends: the agent is not left busy', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.live.flushAll();
    caller.hangUp();
    await scene.advance(10_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.entries()).toEqual([]);
  });

  test('while a phone rings: the ringing stops, the caller keeps the place and is offered again', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    scene.live.flushAll();
    await scene.until('it stops', () => scene.network.rung[0]?.outcome === 'withdrawn', 3_000);
    scene.network.habits.set('ana-desk', { does: 'answers', afterMs: 500 });
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.facts('queued')).toHaveLength(1);
  });

  test('the first reading after it fails: read again', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1002');
    await scene.advance(1_000);
    const all = scene.live.documents.bind(scene.live);
    let failures = 2;
    scene.live.documents = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('connection lost');
      return all();
    };
    scene.live.flushAll();
    await scene.advance(5_000);
    expect(scene.entries()).toHaveLength(1);
    expect(caller.isGone).toBe(false);
  });

  test('the alarms of the jobs are gone as well: promised call-backs are set anew', async () => {
    const scene = await openScene();
    scene.call('1003');
    await scene.advance(2_000);
    for (const id of scene.jobs.waiting) scene.jobs.drop(id);
    scene.live.flushAll();
    scene.agentComes('ana');
    await scene.until('Eva is called back', () => scene.network.rung.some(({ phone }) => phone === EVA), 70_000);
  });
});
