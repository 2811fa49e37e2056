// How each strategy chooses, and that the explanation says the same again.
import { describe, expect, it } from 'vitest';
import type { AgentPresence, ServingAgent } from '../../../src/core/acd/agent.js';
import { DEFAULT_CHANNELS } from '../../../src/core/acd/choice/capacity.js';
import { compareContestants, contestant } from '../../../src/core/acd/choice/strategy.js';
import type { Entry } from '../../../src/core/acd/entry.js';
import { type QueueConfig, STRATEGIES } from '../../../src/core/acd/queue.js';
import { EXPLAINED_MAX, type Floor, selectOffers } from '../../../src/core/acd/select.js';
import { NO_TALLY, type Tally } from '../../../src/core/acd/tally/tally.js';
import type { Work } from '../../../src/core/acd/work/work.js';
import { workTransition } from '../../../src/core/acd/work/work-transition.js';
import { agentConfig, available, NOON, queue, waiting } from '../../support/floor.js';

interface Person {
  readonly presence?: Partial<AgentPresence>;
  readonly tally?: Partial<Tally>;
  readonly config?: Partial<ServingAgent>;
}

function floorWith(
  config: Partial<QueueConfig>,
  people: Readonly<Record<string, Person>>,
  entries: readonly Entry[],
  rest: Partial<Floor> = {},
): Floor {
  const agents = Object.entries(people).map(([name, { presence, tally }]): AgentPresence => {
    const base = { ...available(name, 1_000), ...presence } as AgentPresence;
    return tally === undefined ? base : { ...base, tally: { ...NO_TALLY, ...tally } };
  });
  const configs = Object.entries(people).map(
    ([name, person]) => [name, { ...agentConfig(name, { sales: 3 }), ...person.config }] as const,
  );
  return {
    waiting: entries,
    agents,
    agentConfigs: new Map(configs),
    queues: new Map([['sales', queue('sales', config)]]),
    nowMs: NOON,
    ...rest,
  };
}

function who(floor: Floor): string[] {
  return selectOffers(floor).map(({ entry, agent, beside }) =>
    [entry.entry, agent, ...beside.map((other) => other.agent)].join(' '),
  );
}

const one = [waiting('e1', 'sales')];
const two = [waiting('e1', 'sales', 5), waiting('e2', 'sales')];

describe('who is chosen', () => {
  it('round robin: who was offered something longest ago', () => {
    const people = { ana: { tally: { lastOfferedMs: 50 } }, bruno: { tally: { lastOfferedMs: 20 } }, carla: {} };
    expect(who(floorWith({ strategy: 'round-robin' }, people, two))).toEqual(['e1 carla', 'e2 bruno']);
  });

  it('round robin: a task or message that was offered counts as well', () => {
    const task = { entry: 't', kind: 'task', interaction: 'i', queue: 'sales' } as const;
    const offer = { type: 'work-offered', offer: 'o', expiresAtMs: NOON + 1_000, ...task } as const;
    const offered = workTransition(available('ana', 60_000), offer, NOON);
    const done = offered.ok ? workTransition(offered.next, { type: 'work-refused', offer: 'o' }, NOON) : offered;
    if (!done.ok) throw new Error(done.refused);
    const people = { ana: { presence: done.next }, bruno: { tally: { lastOfferedMs: NOON - 1 } } };
    expect(who(floorWith({ strategy: 'round-robin' }, people, one))).toEqual(['e1 bruno']);
  });

  it('fewest calls today', () => {
    const people = { ana: { tally: { calls: 5 } }, bruno: { tally: { calls: 2 } } };
    expect(who(floorWith({ strategy: 'fewest-calls' }, people, one))).toEqual(['e1 bruno']);
  });

  it('least talk time today', () => {
    const people = { ana: { tally: { talkMs: 5, calls: 1 } }, bruno: { tally: { talkMs: 9 } } };
    expect(who(floorWith({ strategy: 'least-talk-time' }, people, one))).toEqual(['e1 ana']);
  });

  it('top down: in the order of the queue, then of the centre', () => {
    const people = { ana: {}, bruno: {}, carla: { presence: { idleSinceMs: 0 } } };
    const floor = floorWith({ strategy: 'top-down', order: ['bruno'] }, people, [...two, waiting('e3', 'sales')]);
    expect(who(floor)).toEqual(['e1 bruno', 'e2 ana', 'e3 carla']);
  });

  it('random: another seed, another choice; the same seed, the same', () => {
    const people = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`agent${n}`, {}]));
    const chosen = (seed: number) => who(floorWith({ strategy: 'random' }, people, one, { seed })).join();
    const all = new Set(Array.from({ length: 200 }, (_, seed) => chosen(seed)));
    expect(all.size).toBeGreaterThan(15);
    expect(chosen(7)).toBe(chosen(7));
  });

  it('weighted: in proportion to the weights', () => {
    const people = { ana: { config: { weight: 3 } }, bruno: {} };
    let ana = 0;
    for (let seed = 0; seed < 2_000; seed += 1) {
      if (who(floorWith({ strategy: 'weighted' }, people, one, { seed: seed * 7919 })).includes('e1 ana')) ana += 1;
    }
    expect(ana / 2_000).toBeGreaterThan(0.7);
    expect(ana / 2_000).toBeLessThan(0.8);
  });

  it('ring all: several at once, no more than said, the next in line gets who is left', () => {
    const people = { ana: {}, bruno: {}, carla: {}, dora: {} };
    const floor = floorWith({ strategy: 'ring-all', ringAtMost: 3 }, people, two);
    expect(who(floor)).toEqual(['e1 ana bruno carla', 'e2 dora']);
    expect(selectOffers(floor)[0]?.why).toMatchObject({ together: 3, strategy: 'ring-all' });
  });
});

describe('who may', () => {
  const rings = [
    { afterMs: 0, skills: { sales: 4 } },
    { afterMs: 20_000, skills: { sales: 2 } },
    { afterMs: 60_000, skills: { support: 1, english: 1 } },
  ];
  const people = {
    best: { config: { skills: { sales: 5 } }, presence: { idleSinceMs: NOON } },
    good: { config: { skills: { sales: 2 } } },
    other: { config: { skills: { support: 1, english: 3 } } },
    none: { config: { skills: { support: 5 } } },
  };

  it('the required level falls with the time waited; who was good enough stays so', () => {
    const at = (waitedMs: number) => who(floorWith({ rings }, people, [waiting('e', 'sales', waitedMs)]));
    expect(at(0)).toEqual(['e best']);
    expect(at(19_999)).toEqual(['e best']);
    const { best: _best, ...others } = people;
    const without = (waitedMs: number) => who(floorWith({ rings }, others, [waiting('e', 'sales', waitedMs)]));
    expect([without(19_999), without(20_000)]).toEqual([[], ['e good']]);
    const { good: _good, ...last } = others;
    const late = (waitedMs: number) => who(floorWith({ rings }, last, [waiting('e', 'sales', waitedMs)]));
    expect([late(59_999), late(60_000)]).toEqual([[], ['e other']]);
  });

  it('a later entry whose ring has widened takes nobody from the first one', () => {
    const entries = [waiting('old', 'sales', 30_000), waiting('new', 'sales', 0, { priority: 1 })];
    expect(who(floorWith({ rings }, people, entries))).toEqual(['new best', 'old good']);
  });

  it('the explanation says how far it had widened and whom that kept out', () => {
    const [decision] = selectOffers(floorWith({ rings }, people, [waiting('e', 'sales', 25_000)]));
    expect(decision?.why.ring).toEqual({ number: 2, of: 3 });
    expect(decision?.why.removed).toEqual([
      { agent: 'other', filter: 'outside-ring' },
      { agent: 'none', filter: 'missing-skill' },
    ]);
  });

  it('a team comes in after its delay', () => {
    const teams = { ana: { config: { team: 'backup' } } };
    const at = (waitedMs: number) =>
      who(floorWith({ teamDelaysMs: { backup: 30_000 } }, teams, [waiting('e', 'sales', waitedMs)]));
    expect([at(29_999), at(30_000)]).toEqual([[], ['e ana']]);
  });

  it('kept for the agent of the last time, as long as that one is at work and not longer than said', () => {
    const kept = waiting('e', 'sales', 0, { preferred: { agent: 'ana', untilMs: NOON + 10_000 } });
    const busy = {
      state: 'busy',
      interaction: 'i',
      entry: 'x',
      node: 'n',
      afterwards: { state: 'available' },
    } as const;
    const free = { ana: {}, bruno: { presence: { idleSinceMs: 0 } } };
    expect(who(floorWith({}, free, [kept]))).toEqual(['e ana']);
    const talks = { ...free, ana: { presence: busy } };
    expect(who(floorWith({}, talks, [kept]))).toEqual([]);
    expect(who(floorWith({}, talks, [kept], { nowMs: NOON + 10_000 }))).toEqual(['e bruno']);
    const gone = { ...free, ana: { presence: { state: 'offline' } as const } };
    expect(who(floorWith({}, gone, [kept]))).toEqual(['e bruno']);
    const refusedBy = { ana: { reason: 'rejected', untilMs: NOON + 1 } } as const;
    expect(who(floorWith({}, free, [{ ...kept, refusedBy }]))).toEqual(['e bruno']);
    const [overtaking] = selectOffers(floorWith({}, talks, [kept, waiting('later', 'sales', -1)]));
    expect(overtaking?.why.reserved).toEqual(['e']);
  });
});

describe('ageing', () => {
  it('improves the priority by one for each stretch waited, 0 at best', () => {
    const old = waiting('old', 'sales', 61_000, { priority: 7, ageingMs: 30_000 });
    const urgent = (priority: number) => waiting('urgent', 'sales', 0, { priority });
    const first = (priority: number) => who(floorWith({}, { ana: {} }, [urgent(priority), old]))[0];
    expect([first(4), first(5), first(6)]).toEqual(['urgent ana', 'old ana', 'old ana']);
    const [decision] = selectOffers(floorWith({}, { ana: {} }, [old]));
    expect(decision?.why.order.priority).toBe(5);
    const ancient = waiting('old', 'sales', 3_600_000, { priority: 7, ageingMs: 1_000 });
    expect(selectOffers(floorWith({}, { ana: {} }, [ancient]))[0]?.why.order.priority).toBe(0);
  });
});

describe('capacity', () => {
  const open = (kind: 'message' | 'task', n: number): Work[] =>
    Array.from({ length: n }, (_, i) => ({
      ...{ state: 'open', entry: `${kind}${i}`, kind, interaction: 'i', queue: 'sales', sinceMs: 0 },
    }));
  const entry = (kind: Entry['kind']) => [waiting('e', 'sales', 0, { kind })];
  const busy = { state: 'busy', interaction: 'i', entry: 'x', node: 'n', afterwards: { state: 'available' } } as const;
  const table: readonly (readonly [string, Partial<AgentPresence>, Entry['kind'], boolean])[] = [
    ['messages, gets a call', { works: open('message', 4) }, 'call', true],
    ['messages, gets a call-back', { works: open('message', 4) }, 'callback', true],
    ['three messages, gets a fourth', { works: open('message', 3) }, 'message', true],
    ['four messages, gets no fifth', { works: open('message', 4) }, 'message', false],
    ['a message, gets no task', { works: open('message', 1) }, 'task', false],
    ['a task, gets a message', { works: open('task', 1) }, 'message', true],
    ['a task, gets no second', { works: open('task', 1) }, 'task', false],
    ['a call, gets no message', busy, 'message', false],
    ['a break, gets no message', { state: 'break' } as Partial<AgentPresence>, 'message', false],
  ];
  for (const [name, presence, kind, gets] of table) {
    it(`an agent with ${name}`, () => {
      expect(who(floorWith({}, { ana: { presence } }, entry(kind)))).toEqual(gets ? ['e ana'] : []);
    });
  }

  it('is the agent’s own where that says so, and the centre’s rules may let messages beside calls', () => {
    const own = { ana: { presence: { works: open('message', 2) }, config: { capacity: { message: 2 } } } };
    expect(who(floorWith({}, own, entry('message')))).toEqual([]);
    const channels = { ...DEFAULT_CHANNELS, message: { perAgent: 1, interrupts: ['call'] as const } };
    expect(who(floorWith({}, { ana: { presence: busy } }, entry('message'), { channels }))).toEqual(['e ana']);
  });

  it('messages go to who has the fewest', () => {
    const people = { ana: { presence: { works: open('message', 2), idleSinceMs: 0 } }, bruno: {} };
    expect(who(floorWith({}, people, entry('message')))).toEqual(['e bruno']);
  });
});

it('a round that may only make so many offers makes the first ones, and the next round the others', () => {
  const people = { ana: {}, bruno: {}, carla: {} };
  const entries = [waiting('e3', 'sales', 1), waiting('e1', 'sales', 9), waiting('e2', 'sales', 5)];
  const all = who(floorWith({}, people, entries));
  expect(all).toEqual(['e1 ana', 'e2 bruno', 'e3 carla']);
  expect(who(floorWith({}, people, entries, { most: 2 }))).toEqual(all.slice(0, 2));
});

it('the values of an explanation alone give its order again', () => {
  for (const strategy of STRATEGIES) {
    const people = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [
        `agent${n}`,
        {
          presence: { idleSinceMs: NOON - ((n * 7919) % 5) * 1_000 },
          tally: { calls: (n * 31) % 4, talkMs: (n * 17) % 3, lastOfferedMs: (n * 13) % 6 },
          config: { weight: 1 + (n % 3), skills: { sales: 1 + (n % 5) } },
        },
      ]),
    );
    const [decision] = selectOffers(floorWith({ strategy }, people, one, { seed: 42 }));
    const told = decision?.why.candidates ?? [];
    expect(told).toHaveLength(EXPLAINED_MAX);
    const again = told.map(({ agent, values }) => contestant(agent, values)).toSorted(compareContestants);
    expect(again.map(({ agent }) => agent)).toEqual(told.map(({ agent }) => agent));
  }
});
