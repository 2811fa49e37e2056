// Tasks beside calls in the running centre: offered by the one dispatcher, found again after a loss, counted by the day.
import { describe, expect, test } from 'vitest';
import { tallyOf } from '../../src/core/acd/tally/tally.js';
import { worksOf } from '../../src/core/acd/work/work.js';
import { openScene } from './scene.js';

const ANA = { name: 'ana', forOthers: false };

describe('a task', () => {
  test('is found again in the record when the live store has lost its memory', async () => {
    const scene = await openScene();
    const { works } = scene.node.centre;
    const first = await works.open({ queue: 'support', kind: 'task', title: 'Call the bank', priority: 2 });
    const second = await works.open({ queue: 'support', kind: 'message', title: 'Answer Eva' });
    await scene.advance(200);
    scene.live.flushAll();
    await scene.until('both wait again', () => scene.entries().length === 2);
    const back = scene.entries().toSorted((a, b) => a.priority - b.priority);
    expect(back).toMatchObject([
      {
        entry: first.entry,
        kind: 'task',
        title: 'Call the bank',
        priority: 2,
        joinedAtMs: first.joinedAtMs,
        state: 'waiting',
      },
      { entry: second.entry, kind: 'message', joinedAtMs: second.joinedAtMs },
    ]);
  });

  test('that is finished does not come back', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const { works, live } = scene.node.centre;
    const task = await works.open({ queue: 'support', kind: 'task', title: 'Call the bank' });
    const held = () => worksOf(live.agent('ana') ?? {});
    await scene.until('Ana is offered it', () => held().length === 1);
    const [offer] = held();
    await works.accept(offer?.state === 'offered' ? offer.offer : '', ANA);
    await works.finish(task.entry, ANA);
    await scene.advance(500);
    scene.live.flushAll();
    await scene.advance(2_000);
    expect(scene.entries()).toEqual([]);
    await expect(works.finish(task.entry, ANA)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('goes on beside a call, and a call comes beside it', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const { works, live } = scene.node.centre;
    await works.open({ queue: 'support', kind: 'task', title: 'Call the bank' });
    const held = () => worksOf(live.agent('ana') ?? {});
    await scene.until('Ana is offered it', () => held().length === 1);
    const [offer] = held();
    await works.accept(offer?.state === 'offered' ? offer.offer : '', ANA);
    const caller = scene.call('1001');
    await scene.until('Ana talks', () => scene.agentStates()['ana'] === 'busy');
    expect(held()).toMatchObject([{ state: 'open', kind: 'task' }]);
    await works.open({ queue: 'support', kind: 'message', title: 'Answer Eva' });
    await scene.advance(1_000);
    expect(held()).toHaveLength(1);
    caller.hangUp();
    await scene.advance(7_000);
    expect(held()).toMatchObject([{ kind: 'task' }, { kind: 'message', state: 'offered' }]);
  });
});

test('what an agent did today begins anew at midnight of the centre', async () => {
  const scene = await openScene({ agents: ['ana'] });
  const today = () => {
    const presence = scene.node.centre.live.agent('ana');
    return presence === undefined ? undefined : tallyOf(presence);
  };
  const caller = scene.call('1001');
  await scene.until('Ana talks', () => scene.agentStates()['ana'] === 'busy');
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(7_000);
  expect(today()).toMatchObject({ calls: 1 });
  expect(today()?.talkMs).toBeGreaterThanOrEqual(10_000);
  const { dayMs = 0, lastOfferedMs } = today() ?? {};
  await scene.advance(dayMs + 24 * 3_600_000 - scene.clock.nowMs() + 1_000, 60_000);
  // Where the clock jumps the lease runs out: somebody has to lead again first.
  await scene.advance(2_000);
  expect(today()).toEqual({ dayMs: dayMs + 24 * 3_600_000, calls: 0, talkMs: 0, lastOfferedMs });
});

test('who is new in the middle of the day counts from today: the next leader takes nothing for yesterday’s', async () => {
  const scene = await openScene({ nodes: ['n1', 'n2'], agents: ['ana'] });
  const { agents } = scene.node.centre;
  const tally = (agent: string) => tallyOf(scene.agent(agent) ?? {});
  await scene.until('the day of those who are here has begun', () => tally('ana').dayMs > 0);
  await agents.apply('zoe', { type: 'device-registered', first: true, availableOnRegister: true });
  const offer = { type: 'offered', offer: 'o', entry: 'e', expiresAtMs: scene.clock.nowMs() + 60_000 } as const;
  await agents.apply('zoe', offer);
  await agents.apply('zoe', { type: 'accepted', offer: 'o', interaction: 'i', node: 'n2' });
  const before = tally('zoe');
  expect(before).toMatchObject({ calls: 1, dayMs: tally('ana').dayMs });
  scene.node.kill();
  await scene.until('the other node leads', () => scene.nodes[1]?.centre.dispatcher.leading === true);
  await scene.advance(1_000);
  expect(tally('zoe')).toEqual(before);
});
