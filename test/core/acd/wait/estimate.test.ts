// Estimated waits: what they are made of, how they are said, and whom they divert.
import { describe, expect, test } from 'vitest';
import { agentsAtWork, isEmpty } from '../../../../src/core/acd/wait/at-work.js';
import { diversion } from '../../../../src/core/acd/wait/divert.js';
import { estimateWait, PADDING, SAMPLE_AGE_MS, type WaitSample } from '../../../../src/core/acd/wait/estimate.js';
import { waitWords } from '../../../../src/core/acd/wait/words.js';
import { agentConfig, available, NOON, queue } from '../../../support/floor.js';

const MINUTE_MS = 60_000;
const calls = (kind: WaitSample['kind'], minutes: readonly number[], agoMs = 0): WaitSample[] =>
  minutes.map((ms) => ({ kind, ms: ms * MINUTE_MS, atMs: NOON - agoMs }));
const FIVE = calls('handled', [2, 3, 4, 5, 6]);
const ask = (samples: readonly WaitSample[], position = 1, agentsAtWork = 1) =>
  estimateWait({ position, agentsAtWork, samples, nowMs: NOON });

describe('the estimated wait', () => {
  test('a place comes free every mean handling time over agents at work', () => {
    expect(ask(FIVE, 1, 1)?.waitMs).toBe(4 * MINUTE_MS * PADDING);
    expect(ask(FIVE, 3, 1)?.waitMs).toBe(12 * MINUTE_MS * PADDING);
    expect(ask(FIVE, 3, 4)?.waitMs).toBe(3 * MINUTE_MS * PADDING);
  });

  test('silent below five calls to learn from, and without anybody at work', () => {
    expect(ask(FIVE.slice(1))).toBeUndefined();
    expect(ask(FIVE, 1, 0)).toBeUndefined();
    expect(ask([...FIVE.slice(1), ...calls('advanced', [1, 1, 1, 1, 1])])).toBeUndefined();
  });

  test('calls of more than an hour ago teach nothing', () => {
    const [old = [], fresh = FIVE.slice(1)] = [calls('handled', [2], SAMPLE_AGE_MS + 1)];
    expect(ask([...fresh, ...old])).toBeUndefined();
    expect(ask([...fresh, ...calls('handled', [2], SAMPLE_AGE_MS)])).toBeDefined();
  });

  test('a line that moves more slowly than the handling times say is believed, from five customers on', () => {
    expect(ask([...FIVE, ...calls('advanced', [9, 9, 9, 9])], 2)?.waitMs).toBe(8 * MINUTE_MS * PADDING);
    expect(ask([...FIVE, ...calls('advanced', [9, 9, 9, 9, 9])], 2)?.waitMs).toBe(18 * MINUTE_MS * PADDING);
    expect(ask([...FIVE, ...calls('advanced', [1, 1, 1, 1, 1])], 2)?.waitMs).toBe(8 * MINUTE_MS * PADDING);
  });

  test('only the newest fifty count', () => {
    const old = calls(
      'handled',
      Array.from({ length: 60 }, () => 60),
      30 * MINUTE_MS,
    );
    const fresh = calls(
      'handled',
      Array.from({ length: 50 }, () => 1),
    );
    expect(ask([...old, ...fresh])).toMatchObject({ waitMs: MINUTE_MS * PADDING, samples: 50 });
  });
});

describe('is said in rounded words', () => {
  test.each([
    [10, 'un minuto', 'one minute'],
    [60, 'un minuto', 'one minute'],
    [61, 'unos dos minutos', 'about two minutes'],
    [4 * 60 + 30, 'unos cinco minutos', 'about five minutes'],
    [11 * 60, 'un cuarto de hora', 'a quarter of an hour'],
    [29 * 60, 'media hora', 'half an hour'],
    [60 * 60, 'una hora', 'an hour'],
    [61 * 60, 'más de una hora', 'more than an hour'],
  ])('%i s', (seconds, spanish, english) => {
    expect(waitWords(seconds * 1_000, 'es')).toBe(spanish);
    expect(waitWords(seconds * 1_000, 'en-GB')).toBe(english);
  });

  test('in another language as that language counts minutes', () => {
    expect(waitWords(4 * MINUTE_MS, 'de')).toBe('4 Minuten');
  });
});

describe('who would wait too long is sent elsewhere', () => {
  const to = { kind: 'callback' } as const;
  const asked = { position: 6, agentsAtWork: 1, estimate: { waitMs: 11 * MINUTE_MS, samples: 9 } };

  test.each([
    ['by the estimate', { whenWaitOverMs: 10 * MINUTE_MS }, {}, 'long-wait'],
    ['an estimate just within is not too long', { whenWaitOverMs: 11 * MINUTE_MS }, {}, undefined],
    ['nobody is diverted by what nobody knows', { whenWaitOverMs: 1 }, { estimate: undefined }, undefined],
    ['by callers per agent', { whenWaitingPerAgentOver: 4 }, {}, 'too-many-waiting'],
    ['just as many as may be', { whenWaitingPerAgentOver: 5 }, {}, undefined],
    ['more agents, more callers', { whenWaitingPerAgentOver: 4 }, { agentsAtWork: 2 }, undefined],
    [
      'nobody at work: the second one goes',
      { whenWaitingPerAgentOver: 4 },
      { agentsAtWork: 0, position: 2 },
      'too-many-waiting',
    ],
  ])('%s', (_name, rule, change, cause) => {
    const found = diversion({ queue: queue('support', { divert: { ...rule, to } }), ...asked, ...change });
    expect(found).toEqual(cause === undefined ? undefined : { cause, to });
  });

  test('a queue that diverts nobody', () => {
    expect(diversion({ queue: queue('support'), ...asked })).toBeUndefined();
  });
});

describe('whom a queue has', () => {
  const staff = (...agents: readonly object[]) => ({
    agents: agents.map((change, index) => ({ ...available(`a${index}`), ...change })) as never,
    agentConfigs: new Map(agents.map((_, index) => [`a${index}`, agentConfig(`a${index}`, { support: 3 })])),
  });
  const onBreak = { state: 'break', reason: 'lunch' };
  const offline = { state: 'offline' };

  test('at work are those who have calls or could get one', () => {
    expect(agentsAtWork(queue('support'), staff({}, onBreak, offline, { state: 'wrap-up', untilMs: 0 }))).toBe(2);
    expect(agentsAtWork(queue('sales'), staff({}))).toBe(0);
  });

  test('empty is a matter of the queue’s own rule', () => {
    const strict = queue('support', { emptyMeans: 'nobody-at-work' });
    expect(isEmpty(queue('support'), staff(onBreak))).toBe(false);
    expect(isEmpty(strict, staff(onBreak))).toBe(true);
    expect(isEmpty(queue('support'), staff(offline))).toBe(true);
    expect(isEmpty(strict, staff({}))).toBe(false);
  });
});
