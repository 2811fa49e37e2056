// What is promised is promised once and kept, whatever happens in the same moment.
import { describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import { MUSIC_AGAIN_MS } from '../../src/app/waiting/announcer.js';
import { EVA, openScene, type SceneOptions } from './scene.js';

const MINUTE_MS = 60_000;
const SUPPORT = 'wrap-up: 5s, overflow: message }';

/** The queue `support` with other rules. */
function support(rules: string, options: SceneOptions = {}): SceneOptions {
  return {
    ...options,
    centre: (text) => {
      expect(text).toContain(SUPPORT);
      const changed = text.replace(SUPPORT, `wrap-up: 5s, ${rules}, overflow: message }`);
      return options.centre?.(changed) ?? changed;
    },
  };
}

/** What the media server does not do in time. */
const failing = async (): Promise<never> => {
  throw new HiloError('media-time-out', 'as the test wants it');
};

const EXIT = 'exits: { 1: callback }';

describe('who talks with an agent is promised nothing by a key', () => {
  test('the key of the way out is an ordinary key once they talk', async () => {
    const scene = await openScene(support(EXIT, { agents: ['ana'] }));
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
    const scene = await openScene(support(EXIT, { agents: ['ana'] }));
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
    const scene = await openScene(support('callbacks: { first: customer }', { agents: ['ana'] }));
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
    const scene = await openScene(support('announce: 10s'));
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
