import { describe, expect, it } from 'vitest';
import type { AgentPresence } from '../../../src/core/acd/agent.js';
import { DEFAULT_CHANNELS } from '../../../src/core/acd/choice/capacity.js';
import type { Entry } from '../../../src/core/acd/entry.js';
import { isSomebodyFree, mayJoin } from '../../../src/core/acd/join.js';
import { positionOf, positionText } from '../../../src/core/acd/position.js';
import { whyText, whyWaiting } from '../../../src/core/acd/why.js';
import { available, floorOf, NOON, offerTo, queue, waiting } from '../../support/floor.js';

describe('the position in a queue', () => {
  const me = waiting('me', 'support', 60_000);
  const others: Entry[] = [
    waiting('urgent', 'support', 1_000, { priority: 1 }),
    waiting('longer', 'support', 90_000),
    { ...waiting('being offered', 'support', 80_000), state: 'offered', offer: offerTo('ana') },
    { ...waiting('taken', 'support', 99_000), state: 'accepted', offer: offerTo('ana') },
    waiting('later', 'support', 10_000),
    waiting('elsewhere', 'sales', 99_000),
  ];

  it('counts those before and says why they are', () => {
    const position = positionOf(me, [me, ...others], NOON);
    expect(position).toEqual({ queue: 'support', position: 4, waiting: 5, ahead: { byPriority: 1, bySeniority: 2 } });
    expect(position && positionText(position, 'en')).toBe(
      'Number 4 of 5 in support; ahead: 1 with higher priority and 2 waiting for longer.',
    );
    expect(position && positionText(position, 'es')).toBe(
      'Puesto 4 de 5 en support; antes: 1 con más prioridad y 2 con más tiempo de espera.',
    );
  });

  it('is the first of one when nobody else is there, and none when an agent has taken it', () => {
    const task = { ...me, entry: 'task', priority: 0, kind: 'task' } as const;
    expect(positionOf(me, [me, task], NOON)).toMatchObject({ position: 1, waiting: 1 });
    const alone = positionOf(me, [], NOON);
    expect(alone && positionText(alone, 'es')).toBe('Puesto 1 de 1 en support.');
    expect(positionOf({ ...me, state: 'accepted', offer: offerTo('ana') }, [], NOON)).toBeUndefined();
  });
});

describe('somebody free for a queue', () => {
  const { agentConfigs } = floorOf({ queues: [], waiting: [], agents: [[available('ana'), { support: 1 }]] });

  it.each<[string, AgentPresence, string, boolean]>([
    ['available, with the skill', available('ana'), 'support', true],
    ['available, without the skill', available('ana'), 'sales', false],
    ['on a break', { ...available('ana'), state: 'break', reason: 'x' }, 'support', false],
    ['backing off', { ...available('ana'), backOffUntilMs: NOON + 1 }, 'support', false],
    ['unknown to the centre', available('bruno'), 'support', false],
  ])('%s', (_name, presence, name, free) => {
    expect(isSomebodyFree(queue(name), [presence], agentConfigs, NOON)).toBe(free);
  });

  it('not who has a task, where the centre lets calls interrupt nothing', () => {
    const work = { state: 'open', entry: 't', kind: 'task', interaction: 'i', queue: 'support', sinceMs: 0 } as const;
    const presence = { ...available('ana'), works: [work] };
    const { agentConfigs } = floorOf({ queues: [], waiting: [], agents: [[presence, { support: 1 }]] });
    const strict = { ...DEFAULT_CHANNELS, call: { perAgent: 1, interrupts: [] } };
    expect(isSomebodyFree(queue('support'), [presence], agentConfigs, NOON)).toBe(true);
    expect(isSomebodyFree(queue('support'), [presence], agentConfigs, NOON, strict)).toBe(false);
  });
});

describe('joining a queue', () => {
  const agents = [available('ana')];
  const { agentConfigs } = floorOf({ queues: [], waiting: [], agents: [[available('ana'), { support: 1 }]] });
  const entries = [waiting('e1', 'support'), waiting('e2', 'support'), waiting('e3', 'sales')];
  const question = { kind: 'call', queue: queue('support', { maxLength: 3 }), entries, agents, agentConfigs } as const;
  const overflow = { kind: 'hangup' };

  it('is possible below the maximum length and not at it', () => {
    expect(mayJoin(question)).toEqual({ join: true });
    expect(mayJoin({ ...question, queue: queue('support', { maxLength: 2 }) })).toEqual({
      join: false,
      cause: 'queue-full',
      overflow,
    });
    expect(mayJoin({ ...question, entries: [], queue: queue('support', { maxLength: 0 }) }).join).toBe(false);
  });

  it('a call-back that was promised always finds room, and takes none from callers', () => {
    expect(mayJoin({ ...question, kind: 'callback', queue: queue('support', { maxLength: 0 }) }).join).toBe(true);
    const callbacks = entries.map((entry) => ({ ...entry, kind: 'callback' as const }));
    expect(mayJoin({ ...question, entries: callbacks, queue: queue('support', { maxLength: 1 }) }).join).toBe(true);
  });

  it.each<[string, AgentPresence[], boolean]>([
    ['nobody at all', [], false],
    ['somebody offline', [{ ...available('ana'), state: 'offline' }], false],
    ['somebody on a break', [{ ...available('ana'), state: 'break', reason: 'x' }], true],
    ['somebody without the skill', [available('bruno')], false],
  ])('an empty queue overflows at once where the centre says so: %s', (_name, present, join) => {
    const emptied = { ...question, agents: present };
    expect(mayJoin(emptied).join).toBe(true);
    expect(mayJoin({ ...emptied, queue: queue('support', { whenEmpty: 'overflow' }) }).join).toBe(join);
  });
});

describe('why somebody is still waiting', () => {
  const entry = waiting('e1', 'support', 5_000);
  const busy: AgentPresence = {
    ...available('ana'),
    state: 'busy',
    interaction: 'i',
    entry: 'e0',
    node: 'n',
    afterwards: { state: 'available' },
  };
  const place = 'Number 1 of 1 in support. ';

  const cases: readonly (readonly [
    string,
    Entry,
    readonly (readonly [AgentPresence, Record<string, number>])[],
    string,
  ])[] = [
    ['nobody can do it', entry, [[available('ana'), { sales: 1 }]], `${place}No agent has the skill support.`],
    [
      'nobody is signed in',
      entry,
      [[{ ...available('ana'), state: 'offline' }, { support: 1 }]],
      `${place}Nobody with the skill support is signed in.`,
    ],
    [
      'all are occupied',
      entry,
      [
        [busy, { support: 1 }],
        [{ ...available('b'), state: 'break', reason: 'x' }, { support: 1 }],
        [{ ...available('c'), backOffUntilMs: NOON + 1 }, { support: 1 }],
        [{ ...available('d'), state: 'offline' }, { support: 1 }],
      ],
      `${place}Nobody with the skill support is free: 1 talking, 1 on a break, 1 at rest after an offer that was not taken.`,
    ],
    [
      'the free one did not take it',
      { ...entry, refusedBy: { ana: { reason: 'no-answer', untilMs: NOON + 1 } } },
      [[available('ana'), { support: 1 }]],
      `${place}Free, but did not take it a moment ago: ana.`,
    ],
    [
      'the next round is near',
      entry,
      [[available('ana'), { support: 1 }]],
      `${place}An agent is free; it is about to be offered.`,
    ],
    ['it rings', { ...entry, state: 'offered', offer: offerTo('ana') }, [], `${place}It is ringing at ana.`],
    [
      'it is taken',
      { ...entry, state: 'accepted', offer: offerTo('ana') },
      [],
      'ana has taken it and is being connected.',
    ],
    [
      'the queue is gone',
      { ...entry, queue: 'old' },
      [],
      'Number 1 of 1 in old. The queue old no longer exists in the centre.',
    ],
  ];

  it.each(cases)('%s', (_name, waitingEntry, agents, sentence) => {
    const floor = floorOf({ queues: [queue('support')], waiting: [waitingEntry], agents });
    const why = whyWaiting(waitingEntry, floor);
    expect(whyText(why, 'en')).toBe(sentence);
    expect(whyText(why, 'es')).not.toMatch(/undefined|Number/);
  });

  it('says when the one who refused may be asked again', () => {
    const refusedBy = {
      ana: { reason: 'no-answer', untilMs: NOON + 9 },
      bruno: { reason: 'busy', untilMs: NOON + 5 },
    } as const;
    const agents = [
      [available('ana'), { support: 1 }],
      [available('bruno'), { support: 1 }],
    ] as const;
    const floor = floorOf({ queues: [queue('support')], waiting: [], agents });
    expect(whyWaiting({ ...entry, refusedBy }, floor)).toMatchObject({ cause: 'refused', againAtMs: NOON + 5 });
  });
});
