// Something is left behind on one side only: it is found after the grace time, told once, counted, and ended in its own way.
import { describe, expect, test } from 'vitest';
import { ENDED_PER_LOOK_MAX, GRACE_MS } from '../../src/app/reconciler.js';
import { joinQueue } from '../../src/core/acd/entry-transition.js';
import { EVA, LUIS, openScene, type Scene } from './scene.js';

/** A look comes every ten seconds. */
const FOUND_MS = GRACE_MS + 21_000;

function leaveEntry(scene: Scene, entry: string): void {
  const nowMs = scene.clock.nowMs();
  const place = { queue: 'support', priority: 5, seniorityMs: nowMs, joinedAtMs: nowMs };
  const value = joinQueue({ entry, interaction: `i-${entry}`, kind: 'call', node: 'n1', ...place });
  scene.live.commit([{ kind: 'entry', id: entry, expected: 0, value }]);
}

function unaccounted(scene: Scene): string[] {
  return scene.complaints.filter((line) => line.includes('unaccounted'));
}

/** An hour of ordinary work must not look like something left behind. */
function expectNothingFound(scene: Scene): void {
  expect(unaccounted(scene)).toEqual([]);
  expect(scene.node.centre.reconciler.unaccounted).toBe(0);
}

describe('in the live state', () => {
  test('a place that nobody waits on is removed, also while it rings at an agent, who loses nothing', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    leaveEntry(scene, 'ghost');
    await scene.advance(GRACE_MS - 1_000, 500);
    expect(scene.entries()).toHaveLength(1);
    expectNothingFound(scene);
    await scene.advance(22_000, 500);
    expect(scene.entries()).toEqual([]);
    expect(unaccounted(scene)).toEqual(['error: unaccounted: entry ghost without caller']);
    expect(scene.node.centre.reconciler.found).toMatchObject({ entry: 1, agent: 0 });
    await scene.advance(GRACE_MS, 500);
    expect(unaccounted(scene)).toHaveLength(1);
    expect(scene.node.centre.reconciler.unaccounted).toBe(0);
  });

  test('an agent who talks to nobody is free again', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const ana = scene.live.documents().find(({ id }) => id === 'ana');
    if (ana?.kind !== 'agent') throw new Error('Ana is not there');
    const call = { interaction: 'i', entry: 'e', node: 'n1', afterwards: { state: 'available' } } as const;
    scene.live.commit([
      { kind: 'agent', id: 'ana', expected: ana.version, value: { ...ana.value, ...call, state: 'busy' } },
    ]);
    await scene.advance(FOUND_MS, 500);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(unaccounted(scene)).toEqual(['error: unaccounted: agent ana in e without leg']);
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
  });

  test('more than can be ended at one look are ended at the next', async () => {
    const scene = await openScene();
    for (let n = 0; n < ENDED_PER_LOOK_MAX + 5; n += 1) leaveEntry(scene, `ghost-${n}`);
    await scene.until('found', () => unaccounted(scene).length > 0);
    await scene.advance(1_000);
    expect(scene.entries()).toHaveLength(5);
    await scene.advance(11_000);
    expect(scene.entries()).toEqual([]);
  });
});

describe('in the record', () => {
  test('a call without a line and a story is closed with a cause, and its customer is owed what every lost one is', async () => {
    const scene = await openScene();
    const { centre } = scene.node;
    const segment = 'lost';
    const address = { channel: 'voice', value: EVA } as const;
    const { contact } = await scene.records.contactByAddress(address);
    const thread = centre.interactions.open(contact, address);
    const place = { queue: 'support', priority: 5, seniorityMs: scene.clock.nowMs(), kind: 'call' } as const;
    thread.note(
      { type: 'call-arrived', data: { segment, callId: 'c', from: EVA, to: '1001', trunk: 'lab', node: 'n1' } },
      { type: 'call-answered', data: { segment } },
      { type: 'queued', data: { segment, entry: 'e', ...place } },
    );
    await scene.advance(20_000, 500);
    thread.note({
      type: 'left-queue',
      data: { entry: 'e', queue: 'support', reason: 'caller-hung-up', waitedMs: 20_000 },
    });
    await scene.advance(FOUND_MS - 20_000, 500);
    expect(scene.ends()).toEqual(['failed by hilo: leg-gone']);
    expect(unaccounted(scene)).toEqual([`error: unaccounted: call ${segment} without leg`]);
    expect(scene.messenger.sent).toHaveLength(1);
  });
});

describe('at the switch', () => {
  test('a channel without a line is ended', async () => {
    const scene = await openScene();
    scene.node.telephony.strayChannels.add('stray');
    await scene.advance(FOUND_MS, 500);
    expect(scene.node.telephony.strayChannels.size).toBe(0);
    expect(scene.node.centre.reconciler.found).toMatchObject({ channel: 1 });
  });

  test('a line whose channel is gone is hung up, and the call ends as when the media server is lost', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.node.telephony.lostChannels.add(caller.leg?.id ?? '');
    await scene.advance(FOUND_MS, 500);
    expect(scene.ends()).toEqual(['failed by network: media-lost']);
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
    expect(scene.messenger.sent).toHaveLength(1);
  });

  test('a line that no call has is hung up', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const dialled = scene.node.telephony.dial({
      targets: [{ kind: 'device', agent: 'ana', device: 'ana-desk' }],
      ...{ order: 'together', ringMs: 5_000, from: { number: '', name: '' }, headers: {}, interaction: 'gone' },
      signal: new AbortController().signal,
    });
    await scene.advance(2_000);
    const outcome = await dialled;
    if (outcome.kind !== 'answered') throw new Error('not answered');
    await scene.advance(FOUND_MS, 500);
    expect(outcome.leg.ended.reason).toEqual({ by: 'hilo', reason: 'no-call' });
  });
});

describe('nothing is taken for left behind', () => {
  const LONG_MS = GRACE_MS + 15_000;

  test('a long talk with a supervisor in it, an agent’s own call, somebody who waits', async () => {
    const scene = await openScene({ agents: ['ana', 'bruno', 'carla'] });
    await scene.node.centre.agents.setState('bruno', { state: 'break', reason: 'lunch' });
    await scene.node.centre.agents.setState('carla', { state: 'break', reason: 'lunch' });
    const eva = scene.call('1001', EVA);
    await scene.until('Eva talks', () => eva.leg?.partner !== undefined);
    const { monitoring } = scene.node.centre;
    const interaction = scene.events()[0]?.interaction ?? '';
    monitoring.start(interaction, { device: 'carla-desk' }, 'listen', 'sofia');
    const own = scene.agentCalls('bruno', '1001');
    const luis = scene.call('1001', LUIS);
    await scene.advance(LONG_MS, 500);
    expect(monitoring.of(interaction)).toMatchObject({ state: 'joined' });
    expect([eva, own, luis].map(({ isGone }) => isGone)).toEqual([false, false, false]);
    for (const caller of [eva, own, luis]) caller.hangUp();
    await scene.advance(LONG_MS, 500);
    expectNothingFound(scene);
  });

  test('a call-back that waits for long, then rings, then talks', async () => {
    const scene = await openScene();
    const caller = scene.call('1001', EVA);
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    await scene.messenger.receive(EVA, '1', 'm1');
    await scene.advance(LONG_MS, 500);
    expect(scene.entries()).toMatchObject([{ kind: 'callback' }]);
    scene.agentComes('ana');
    await scene.until('it rings at Eva', () => scene.network.ringing(EVA) !== undefined);
    await scene.advance(20_000, 500);
    scene.network.ringing(EVA)?.answer();
    await scene.advance(LONG_MS, 500);
    expect(scene.network.talking(EVA)?.partner).toBeDefined();
    scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(LONG_MS, 500);
    expectNothingFound(scene);
  });

  test('the live store is away while a call ends', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.node.loseLiveStore();
    caller.hangUp();
    await scene.advance(2 * GRACE_MS, 500);
    scene.node.findLiveStore();
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
    await scene.advance(GRACE_MS, 500);
    expectNothingFound(scene);
  });
});
