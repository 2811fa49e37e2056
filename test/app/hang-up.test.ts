// The caller leaves at each point of the way: the agent is free at once, the place is given up, the record says where it was.
import { describe, expect, test } from 'vitest';
import { EVA, openScene, type Scene } from './scene.js';

/** Nobody rings, nobody is busy, nobody waits, every call ended once. */
function expectNothingLeft(scene: Scene): void {
  expect(scene.entries()).toEqual([]);
  expect(Object.values(scene.agentStates()).filter((state) => state === 'ringing' || state === 'busy')).toEqual([]);
  expect(scene.network.rung.filter(({ outcome, leg }) => outcome === 'ringing' || leg?.end === null)).toEqual([]);
  const arrived = scene.facts('call-arrived').map(({ segment }) => segment);
  expect(scene.facts('call-ended').map(({ segment }) => segment)).toEqual(arrived);
  expect(scene.node.centre.busy()).toBe(0);
}

describe('the caller hangs up', () => {
  test('before being answered: no offer, no message', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    caller.hangUp();
    await scene.advance(2_000);
    expectNothingLeft(scene);
    expect(scene.ends()).toEqual(['short-abandoned by customer: cancelled']);
    expect(scene.dialled()).toEqual([]);
    expect(scene.messenger.sent).toEqual([]);
  });

  test('in the menu: abandoned in the flow, nothing is owed', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1000');
    await scene.advance(1_000);
    caller.hangUp();
    await scene.advance(2_000);
    expectNothingLeft(scene);
    expect(scene.ends()).toEqual(['abandoned by customer: hung-up-in-flow']);
    expect(scene.facts('message-declined')).toMatchObject([{ purpose: 'callback-offer', reason: 'never-queued' }]);
  });

  test('waiting, before any offer', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(2_000);
    expectNothingLeft(scene);
    expect(scene.told().slice(-5)).toEqual([
      'left-queue',
      'call-ended',
      'callback-offered',
      'message-queued',
      'message-status',
    ]);
    expect(scene.ends()).toEqual(['abandoned by customer: hung-up-in-queue']);
  });

  test('within the short-abandon limit: counted apart, no message', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(2_000);
    caller.hangUp();
    await scene.advance(2_000);
    expect(scene.ends()).toEqual(['short-abandoned by customer: hung-up-in-queue']);
    expect(scene.facts('message-declined')).toMatchObject([{ purpose: 'callback-offer', reason: 'short-abandon' }]);
    expect(scene.messenger.sent).toEqual([]);
  });

  test('between the offer and the dialling: nobody is rung, the offer is withdrawn', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    scene.node.centre.interactions.onEvent((_thread, { type }) => {
      if (type === 'offered') caller.hangUp();
    });
    await scene.advance(3_000);
    expectNothingLeft(scene);
    expect(scene.dialled()).toEqual([]);
    expect(scene.facts('offer-withdrawn')).toMatchObject([{ agent: 'ana', reason: 'caller-hung-up' }]);
    expect(scene.agent('ana')).toMatchObject({ state: 'available', refusals: 0, backOffUntilMs: 0 });
  });

  test('while the phone rings: it stops at once, the agent has lost nothing', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const idleSinceMs = scene.agent('ana')?.idleSinceMs;
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    await scene.advance(5_000);
    caller.hangUp();
    await scene.settle();
    expect(scene.dialled()).toEqual(['ana-desk: withdrawn']);
    await scene.advance(1_000);
    expectNothingLeft(scene);
    expect(scene.agent('ana')).toMatchObject({ state: 'available', refusals: 0, idleSinceMs });
    expect(scene.facts('offer-withdrawn')).toMatchObject([{ agent: 'ana', reason: 'caller-hung-up' }]);
  });

  test('in the moment in which the agent answers', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    const agentLeg = scene.network.ringing('ana-desk')?.answer();
    caller.hangUp();
    await scene.advance(1_000);
    expectNothingLeft(scene);
    expect(agentLeg?.end).toBeDefined();
    expect(scene.agent('ana')?.state).toBe('available');
    expect(scene.facts('connected')).toEqual([]);
  });

  test('after the answer, before the offer is accepted', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    caller.leg?.ended.addEventListener('abort', () => undefined);
    const agentLeg = scene.network.ringing('ana-desk')?.answer();
    // One turn: the story has the leg and asks for the offer.
    await Promise.resolve();
    await Promise.resolve();
    caller.hangUp();
    await scene.advance(1_000);
    expectNothingLeft(scene);
    expect(agentLeg?.end).toBeDefined();
    expect(scene.agent('ana')?.state).toBe('available');
  });

  test('after the acceptance, before they are connected', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    scene.node.centre.live.onChange(({ id }) => {
      if (scene.node.centre.live.agent(id)?.state === 'busy') caller.hangUp();
    });
    await scene.advance(3_000);
    expectNothingLeft(scene);
    expect(scene.facts('connected')).toEqual([]);
    expect(scene.agent('ana')?.state).toBe('available');
    expect(scene.ends()).toEqual(['short-abandoned by customer: hung-up-in-queue']);
  });

  test('while they are being connected', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    await scene.advance(900);
    const { leg } = caller;
    if (leg === undefined) throw new Error('not answered');
    const bridge = leg.bridge.bind(leg);
    leg.bridge = async (other) => {
      caller.hangUp();
      return bridge(other);
    };
    await scene.advance(3_000);
    expectNothingLeft(scene);
    expect(scene.agent('ana')?.state).toBe('available');
    expect(scene.network.talking('ana-desk')).toBeUndefined();
  });
});

describe('other ends', () => {
  test('the network loses the caller: failed, not abandoned, and an offer all the same', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.leg?.finish({ by: 'network', reason: 'media-lost' });
    await scene.advance(1_000);
    expect(scene.ends()).toEqual(['failed by network: media-lost']);
    expect(scene.messenger.sent).toHaveLength(1);
  });

  test.each([
    ['media-lost', 'media-lost'],
    ['signalling-lost', 'signalling-lost'],
    ['ack-timeout', 'agent-lost'],
  ])(
    'a talk cut off at the agent’s leg by %s: the record says %s, and the customer is offered a call-back',
    async (reason, cause) => {
      const scene = await openScene({ agents: ['ana'] });
      const caller = scene.call('1001');
      await scene.until('they talk', () => caller.leg?.partner !== undefined);
      scene.network.talking('ana-desk')?.finish({ by: 'network', reason });
      await scene.advance(1_000);
      expect(scene.ends()).toEqual([`failed by network: ${cause}`]);
      expect(caller.isGone).toBe(true);
      expect(scene.facts('message-declined')).toEqual([]);
      expect(scene.messenger.sent).toHaveLength(1);
      expect(scene.facts('callback-offered')).toMatchObject([{ queue: 'support' }]);
    },
  );

  test('the talk of a call-back cut off with the media server: failed, and the customer is offered another', async () => {
    const scene = await openScene({ centre: (text) => text.replace(/cool-down: \w+/, 'cool-down: 1s') });
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    await scene.messenger.receive(EVA, '1');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    scene.agentComes('ana');
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(5_000);
    const sent = scene.messenger.sent.length;
    scene.network.talking('ana-desk')?.finish({ by: 'network', reason: 'media-lost' });
    await scene.advance(2_000);
    expect(scene.ends().at(-1)).toBe('failed by network: media-lost');
    expect(scene.network.talking(EVA)).toBeUndefined();
    expect(scene.facts('callback-offered')).toHaveLength(2);
    expect(scene.messenger.sent.length).toBeGreaterThan(sent);
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
  });

  test('the media server cannot answer: 503, and the record knows', async () => {
    const scene = await openScene();
    scene.node.telephony.answer = () => Promise.reject(new Error('no media'));
    const caller = scene.call('1001');
    await scene.advance(500);
    expect(caller.refusedWith).toBe(503);
    expect(scene.ends()).toEqual(['failed by hilo: refused']);
  });

  test('while draining, new callers are sent elsewhere and old ones are served', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const old = scene.call('1001');
    await scene.until('they talk', () => old.leg?.partner !== undefined);
    scene.node.centre.inbound.drain();
    const late = scene.call('1001');
    await scene.advance(500);
    expect(late.refusedWith).toBe(503);
    expect(old.leg?.partner).toBeDefined();
    expect(scene.node.centre.busy()).toBe(1);
    old.hangUp();
    await scene.advance(500);
    expect(scene.node.centre.busy()).toBe(0);
  });
});
