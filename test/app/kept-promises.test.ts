// What is promised is promised once and kept, whatever happens in the same moment.
import { describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import { MUSIC_AGAIN_MS } from '../../src/app/waiting/announcer.js';
import { EVA, openScene } from './scene.js';
import { withSupport } from './texts.js';

const MINUTE_MS = 60_000;
/** What the media server does not do in time. */
const failing = async (): Promise<never> => {
  throw new HiloError('media-time-out', 'as the test wants it');
};

const EXIT = 'exits: { 1: callback }';

describe('who talks with an agent is promised nothing by a key', () => {
  test('the key of the way out is an ordinary key once they talk', async () => {
    const scene = await openScene(withSupport(EXIT, { agents: ['ana'] }));
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    caller.press('1');
    await scene.advance(1_000);
    expect(scene.facts('callback-requested')).toEqual([]);
    expect(caller.leg?.partner).toBeDefined();
    caller.hangUp();
    await scene.advance(1_000);
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
    expect(scene.state()).toBe('closed');
  });

  test('nor in the moment in which they are being connected', async () => {
    const scene = await openScene(withSupport(EXIT, { agents: ['ana'] }));
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1001');
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    const { feed, life } = scene.node;
    const commit = feed.commit.bind(feed);
    feed.commit = async (...asked) => {
      await new Promise<void>((resolve) => life.after(500, resolve));
      return commit(...asked);
    };
    scene.network.ringing('ana-desk')?.answer();
    await scene.advance(100);
    caller.press('1');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.facts('callback-requested')).toEqual([]);
    expect(caller.heard).not.toContain('callback-promised');
  });
});

describe('the media server fails for a moment', () => {
  test('customer first: nobody is left on a silent line, and it is tried again', async () => {
    const scene = await openScene(withSupport('callbacks: { first: customer }', { agents: ['ana'] }));
    await scene.node.centre.callbackDesk.request({ number: EVA, queue: 'support', when: 'asap' });
    await scene.until('Eva is rung', () => scene.network.ringing(EVA) !== undefined);
    const leg = scene.network.ringing(EVA)?.answer();
    if (leg !== undefined) leg.collect = failing;
    await scene.until('the attempt is over', () => scene.facts('callback-attempt-failed').length === 1);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([
      { reason: 'media-failed', nextAtMs: expect.any(Number) },
    ]);
    expect(scene.ends()).toEqual(['failed by hilo: media-failed']);
    expect(scene.network.talking(EVA)).toBeUndefined();
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    await scene.until('Eva is asked', () => scene.network.talking(EVA)?.heard.length === 1, 16 * MINUTE_MS);
    scene.network.talking(EVA)?.press('1');
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
  });

  test('a caller who waits hears what comes next, and the music again', async () => {
    const scene = await openScene(withSupport('announce: 10s'));
    const caller = scene.call('1001');
    await scene.until('music', () => caller.heard.at(-1) === '♪ moh');
    const { leg } = caller;
    if (leg === undefined) throw new Error('not answered');
    const { play, startMusic } = leg;
    Object.assign(leg, { play: failing, startMusic: failing });
    await scene.advance(11_000);
    Object.assign(leg, { play, startMusic });
    const before = caller.heard.length;
    await scene.advance(MUSIC_AGAIN_MS);
    expect(caller.heard.slice(before)).toEqual(['♪ moh']);
    await scene.advance(10_000);
    expect(caller.heard.slice(before + 1)).toEqual([expect.stringContaining('siguiente'), '♪ moh']);
  });
});

describe('asked for again', () => {
  const WISH = { number: EVA, queue: 'support' } as const;

  test('for later, while it waits: nobody is rung before that', async () => {
    const scene = await openScene();
    const { callbackDesk } = scene.node.centre;
    await callbackDesk.request({ ...WISH, when: 'asap' });
    await scene.until('it waits', () => scene.entries().length === 1);
    const atMs = scene.clock.nowMs() + 20 * MINUTE_MS;
    const { callback } = await callbackDesk.request({ ...WISH, when: { atMs } });
    expect(callback).toMatchObject({ state: 'requested', dueAtMs: atMs });
    scene.agentComes('ana');
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    await scene.advance(19 * MINUTE_MS, 1_000);
    expect([scene.dialled(), scene.entries()]).toEqual([[], []]);
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined, 2 * MINUTE_MS);
  });

  test('as soon as may be, while it waits: it stands where it stood', async () => {
    const scene = await openScene();
    const { callbackDesk } = scene.node.centre;
    await callbackDesk.request({ ...WISH, when: 'asap' });
    await scene.until('it waits', () => scene.entries().length === 1);
    const before = scene.entries();
    expect((await callbackDesk.request({ ...WISH, when: 'asap' })).callback.state).toBe('waiting');
    await scene.advance(1_000);
    expect(scene.entries()).toEqual(before);
    expect(scene.facts('callback-requested')).toHaveLength(1);
  });

  test('on two nodes, and twice on one, at the same moment: one promise', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    const asked = [...scene.nodes, ...scene.nodes].map(({ centre }) =>
      centre.callbackDesk.request({ ...WISH, when: 'asap' }),
    );
    await scene.advance(1_000);
    const ids = (await Promise.all(asked)).map(({ callback }) => callback.id);
    expect(new Set(ids).size).toBe(1);
    expect(scene.records.interactions).toHaveLength(1);
  });

  test('by a node that has died over it: the next one gets its turn', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    const [first, second] = scene.nodes;
    first?.faults.arm(1, 'after');
    await expect(first?.centre.callbackDesk.request({ ...WISH, when: 'asap' })).rejects.toThrow();
    const asked = second?.centre.callbackDesk.request({ ...WISH, when: 'asap' });
    await scene.advance(15_000, 500);
    await asked;
    expect(scene.facts('callback-requested')).toHaveLength(1);
  });
});

describe('an alarm is lost', () => {
  test('of an offer: a late "1" is told so all the same', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    const lapse = scene.jobs.waiting.find((id) => id.startsWith('lapse:'));
    scene.jobs.drop(lapse ?? '');
    await scene.advance(25 * 60 * MINUTE_MS, 10 * MINUTE_MS);
    await scene.messenger.receive(EVA, '1');
    await scene.advance(500);
    expect(scene.facts('callback-requested')).toEqual([]);
    expect(scene.facts('callback-ended')).toMatchObject([{ reason: 'offer-lapsed' }]);
    expect(scene.messenger.sent.at(-1)?.text).toContain('demasiado tiempo');
  });

  test('of a promise for another day: it is set again in time', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    const atMs = scene.clock.nowMs() + 3 * 60 * MINUTE_MS;
    await scene.node.centre.callbackDesk.request({ number: EVA, queue: 'support', when: { atMs } });
    await scene.settle();
    for (const id of scene.jobs.waiting) scene.jobs.drop(id);
    await scene.advance(MINUTE_MS, 1_000);
    // Nothing is set that is not needed for hours: there may be thousands.
    expect(scene.jobs.waiting).toEqual([]);
    await scene.advance(179 * MINUTE_MS, 1_000);
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined, 2 * MINUTE_MS);
    expect(scene.clock.nowMs()).toBeLessThan(atMs + MINUTE_MS);
  });
});

describe('the node dies', () => {
  test('with a call-back in its hands: another one takes it up, not half a minute later', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    await scene.node.centre.callbackDesk.request({ number: EVA, queue: 'support', when: 'asap' });
    await scene.until('it waits', () => scene.entries().length === 1);
    await scene.advance(25_000, 500);
    const [before] = scene.entries();
    scene.nodes.find(({ name }) => name === before?.node)?.kill();
    await scene.until('it waits elsewhere', () => scene.entries().some(({ node }) => node !== before?.node), 12_000);
    expect(scene.entries()).toMatchObject([{ kind: 'callback', seniorityMs: before?.seniorityMs }]);
  });

  test('at once with it: no later than both nodes could have begun', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    await scene.node.centre.callbackDesk.request({ number: EVA, queue: 'support', when: 'asap' });
    await scene.until('it waits', () => scene.entries().length === 1);
    const [before] = scene.entries();
    scene.nodes.find(({ name }) => name === before?.node)?.kill();
    await scene.until('it waits elsewhere', () => scene.entries().some(({ node }) => node !== before?.node), 29_000);
  });

  test('with a caller in the queue: the end of the call and the promise are stored in one', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    const [first, second] = scene.nodes;
    scene.call('1001', EVA, first);
    await scene.advance(5_000);
    const appended: string[][] = [];
    const append = scene.records.append.bind(scene.records);
    scene.records.append = async (asked) => {
      appended.push(asked.events.map(({ event }) => event.type));
      await append(asked);
    };
    first?.kill();
    await scene.until('it is promised', () => scene.facts('callback-requested').length === 1);
    expect(appended.find((types) => types.includes('node-lost'))).toEqual([
      'node-lost',
      'call-ended',
      'callback-requested',
    ]);
    expect(second?.life.dead).toBe(false);
  });

  test('with a customer who was being called back, and talked: owed one again', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'], agents: ['ana'] });
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    const [first] = scene.nodes;
    await first?.centre.callbackDesk.request({ number: EVA, queue: 'support', when: 'asap' });
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(5_000);
    const [dialled] = scene.facts('call-dialled');
    scene.network.habits.set(EVA, { does: 'nothing' });
    scene.nodes.find(({ name }) => name === dialled?.node)?.kill();
    await scene.until('it is promised again', () => scene.facts('callback-requested').length === 2);
    expect(scene.facts('callback-requested').at(-1)).toMatchObject({ number: EVA, source: 'node-lost' });
    await scene.until('Eva is rung again', () => scene.network.ringing(EVA) !== undefined);
  });
});
