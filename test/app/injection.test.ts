// Any one call of any port fails, the 1st, the 2nd, the 3rd …: the story may go worse for it, but nothing is left behind.
import { describe, expect, test } from 'vitest';
import type { FaultMoment } from '../support/fakes/gate.js';
import { EVA, openScene, type Scene, type SceneOptions } from './scene.js';

/** So long everything may take to come to rest: leases, back-offs, a second attempt of the call-back at once. */
const RECOVERY_ROUNDS = 20;

interface Story {
  readonly tell: (scene: Scene) => Promise<void>;
  readonly options?: SceneOptions;
}

/** Everybody hangs up, as often as somebody is called back, until nothing happens any more. */
async function recovers(scene: Scene): Promise<void> {
  for (const caller of scene.callers) caller.hangUp();
  for (let round = 0; round < RECOVERY_ROUNDS; round += 1) {
    await scene.recorded();
    await scene.advance(5_000, 250);
    scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
    const atRest = scene.node.centre.busy() === 0 && scene.node.centre.interactions.snapshot().state === 'direct';
    if (atRest && round >= 9) break;
  }
}

/** Fails one port call of `story`, lets everything recover, and looks; false when the story makes no n-th call. */
async function survives(n: number, moment: FaultMoment, { tell, options }: Story): Promise<boolean> {
  const scene = await openScene({ agents: ['ana'], ...options });
  scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
  scene.node.faults.arm(n, moment);
  await tell(scene);
  const { hit } = scene.node.faults;
  await recovers(scene);
  const where = `call ${n}: ${hit}`;
  const segments = [...scene.facts('call-arrived'), ...scene.facts('call-dialled')].map(({ segment }) => segment);
  const ends = scene.facts('call-ended').map(({ segment }) => segment);
  expect({ where, agents: scene.agentStates() }).toEqual({
    where,
    agents: { ana: expect.stringMatching(/^(available|break)$/), bruno: 'offline', carla: 'offline' },
  });
  expect({ where, entries: scene.entries() }).toEqual({ where, entries: [] });
  expect({ where, ends: ends.toSorted() }).toEqual({ where, ends: [...new Set(segments)].toSorted() });
  expect({ where, gone: scene.callers.every(({ isGone }) => isGone) }).toEqual({ where, gone: true });
  expect({ where, legs: scene.node.telephony.legs.filter(({ end }) => end === undefined) }).toEqual({
    where,
    legs: [],
  });
  expect({ where, busy: scene.node.centre.busy() }).toEqual({ where, busy: 0 });
  expect({ where, most: scene.network.mostLegs.get('ana-desk') ?? 0 }).toEqual({
    where,
    most: expect.toSatisfy((most) => Number(most) <= 1),
  });
  return hit !== undefined;
}

/** Menu, queue, agent, five words, and the caller hangs up. */
async function served(scene: Scene): Promise<void> {
  const caller = scene.call('1000');
  await scene.advance(500);
  if (caller.leg !== undefined && !caller.isGone) caller.press('1');
  await scene.advance(2_500);
  caller.hangUp();
  await scene.advance(500);
}

/** Waits in vain, hangs up, answers the message, is called back while Ana is there. */
async function abandoned(scene: Scene): Promise<void> {
  scene.network.unregister('ana-desk');
  const caller = scene.call('1001');
  await scene.advance(4_000);
  caller.hangUp();
  await scene.advance(500);
  // Providers send again what was not taken.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const taken = await scene.messenger.receive(EVA, '1', 'm1').then(
      () => true,
      () => false,
    );
    if (taken) break;
    await scene.advance(2_000);
  }
  scene.network.register('ana-desk');
  await scene.advance(3_000);
  scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
  await scene.advance(500);
}

/** Presses the key for a call-back, is rung first, accepts, and talks with Ana. */
async function customerFirst(scene: Scene): Promise<void> {
  scene.network.unregister('ana-desk');
  const caller = scene.call('1001');
  await scene.advance(1_500);
  if (caller.leg !== undefined && !caller.isGone) caller.press('1');
  await scene.advance(1_500);
  caller.hangUp();
  scene.network.register('ana-desk');
  await scene.advance(7_500);
  scene.network.talking(EVA)?.press('1');
  await scene.advance(2_500);
  scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
  await scene.advance(500);
}

const CUSTOMER_FIRST: SceneOptions = {
  centre: (text) =>
    text.replace(
      'max-length: 3, wrap-up: 5s',
      'max-length: 3, wrap-up: 5s, exits: { 1: callback }, callbacks: { first: customer }',
    ),
};

const SLICE = 15;
const MOST_CALLS = 600;

describe.each(['before', 'after'] as const)('%s the port did it', (moment) => {
  test.each([
    ['a served call', { tell: served }],
    ['an abandoned call', { tell: abandoned }],
    ['a call-back by a key, customer first', { tell: customerFirst, options: CUSTOMER_FIRST }],
  ] as readonly (readonly [string, Story])[])('%s', { timeout: 300_000 }, async (_name, story) => {
    let n = 1;
    for (; n < MOST_CALLS; n += SLICE) {
      const round = Array.from({ length: SLICE }, (_, index) => survives(n + index, moment, story));
      if ((await Promise.all(round)).includes(false)) break;
    }
    expect(n).toBeGreaterThan(30);
    expect(n).toBeLessThan(MOST_CALLS);
  });
});

test('without a fault the customer who is rung first talks with Ana', async () => {
  const scene = await openScene({ agents: ['ana'], ...CUSTOMER_FIRST });
  scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
  await customerFirst(scene);
  expect(scene.facts('connected')).toMatchObject([{ agent: 'ana' }]);
});
