import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentPresence } from '../../../src/core/acd/agent.js';
import { compareEntries } from '../../../src/core/acd/choice/line.js';
import { LEASE_MARGIN_MS, leaseMsOf } from '../../../src/core/acd/lease.js';
import { EXPLAINED_MAX, selectOffers } from '../../../src/core/acd/select.js';
import { agentConfig, available, floorOf, NO_REASON, NOON, offerTo, queue, waiting } from '../../support/floor.js';

const support = queue('support');
const sales = queue('sales');

function pairs(floor: Parameters<typeof selectOffers>[0]): string[] {
  return selectOffers(floor).map(({ entry, agent }) => `${entry.entry}→${agent}`);
}

describe('who gets the call', () => {
  it('the agent with the skill who has been idle for longest', () => {
    const floor = floorOf({
      queues: [support],
      waiting: [waiting('e1', 'support')],
      agents: [
        [available('ana', 60_000), { support: 1 }],
        [available('bruno', 90_000), { support: 1 }],
        [available('carla', 300_000), { sales: 5 }],
      ],
    });
    expect(pairs(floor)).toEqual(['e1→bruno']);
  });

  it('of two idle equally long, the one who knows it better, then by name', () => {
    const agents = [
      [available('carla'), { support: 2 }],
      [available('bruno'), { support: 2 }],
      [available('ana'), { support: 1 }],
    ] as const;
    const entries = [waiting('e1', 'support', 2), waiting('e2', 'support', 1), waiting('e3', 'support', 0)];
    expect(pairs(floorOf({ queues: [support], waiting: entries, agents }))).toEqual(['e1→bruno', 'e2→carla', 'e3→ana']);
  });

  it.each<[string, AgentPresence]>([
    ['backing off', { ...available('ana'), backOffUntilMs: NOON + 1 }],
    ['offline', { ...available('ana'), state: 'offline' }],
    ['on a break', { ...available('ana'), state: 'break', reason: 'lunch' }],
    ['in wrap-up', { ...available('ana'), state: 'wrap-up', untilMs: NOON + 1, afterwards: { state: 'available' } }],
  ])('nobody who is %s', (_name, presence) => {
    const floor = floorOf({
      queues: [support],
      waiting: [waiting('e1', 'support')],
      agents: [[presence, { support: 1 }]],
    });
    expect(selectOffers(floor)).toEqual([]);
  });

  it('never the agent who calls, even while nothing else is known of them', () => {
    const floor = floorOf({
      queues: [support],
      waiting: [{ ...waiting('e1', 'support'), fromAgent: 'ana' }],
      agents: [
        [available('ana', 90_000), { support: 5 }],
        [available('bruno', 10_000), { support: 1 }],
      ],
    });
    const [offer] = selectOffers(floor);
    expect(offer).toMatchObject({
      agent: 'bruno',
      why: { removed: [{ agent: 'ana', filter: 'own-call' }], counts: { candidates: 1, removed: { 'own-call': 1 } } },
    });
  });

  it('nobody without a configuration, and nobody from a queue that is gone', () => {
    const floor = floorOf({
      queues: [support],
      waiting: [waiting('e1', 'gone')],
      agents: [[available('ana'), { gone: 1 }]],
    });
    expect(selectOffers(floor)).toEqual([]);
    const stranger = { ...floor, waiting: [waiting('e1', 'support')], agentConfigs: new Map() };
    expect(selectOffers(stranger)).toEqual([]);
  });

  it('a skill with the name of something inherited is no skill', () => {
    const odd = queue('odd', { skill: 'constructor' });
    const floor = floorOf({ queues: [odd], waiting: [waiting('e1', 'odd')], agents: [[available('ana'), {}]] });
    expect(selectOffers(floor)).toEqual([]);
  });

  it('not the agent who has just refused this entry, until that is forgotten', () => {
    const refusedBy = { bruno: { reason: 'rejected', untilMs: NOON + 1 } } as const;
    const agents = [
      [available('ana', 1_000), { support: 1 }],
      [available('bruno', 9_000), { support: 1 }],
    ] as const;
    const entries = [waiting('e1', 'support', 0, { refusedBy })];
    expect(pairs(floorOf({ queues: [support], waiting: entries, agents }))).toEqual(['e1→ana']);
    const later = { ...floorOf({ queues: [support], waiting: entries, agents }), nowMs: NOON + 1 };
    expect(pairs(later)).toEqual(['e1→bruno']);
  });
});

describe('who goes first', () => {
  const agents = [[available('ana'), { support: 1, sales: 1 }]] as const;

  it('priority, then seniority, then time of joining, then id', () => {
    const inOrder = [
      waiting('d', 'support', 0, { priority: 0 }),
      waiting('c', 'support', 50, { seniorityMs: NOON - 900 }),
      waiting('b', 'support', 100, { seniorityMs: NOON - 500 }),
      waiting('a', 'support', 50, { seniorityMs: NOON - 500 }),
      waiting('a2', 'support', 50, { seniorityMs: NOON - 500 }),
    ];
    expect(inOrder.toReversed().sort((a, b) => compareEntries(a, b, NOON))).toEqual(inOrder);
    expect(pairs(floorOf({ queues: [support], waiting: inOrder.toReversed(), agents }))).toEqual(['d→ana']);
  });

  it('a call-back at its old seniority goes before a later caller and after an earlier one', () => {
    const callback = waiting('cb', 'support', 10, { kind: 'callback', seniorityMs: NOON - 300_000 });
    const later = waiting('later', 'support', 60_000);
    const earlier = waiting('earlier', 'sales', 400_000);
    const queues = [support, sales];
    expect(pairs(floorOf({ queues, waiting: [later, callback], agents }))).toEqual(['cb→ana']);
    expect(pairs(floorOf({ queues, waiting: [later, callback, earlier], agents }))).toEqual(['earlier→ana']);
  });

  it('one call for each agent, across queues', () => {
    const two = [...agents, [available('bruno', 5), { sales: 1 }] as const];
    const entries = [waiting('e1', 'support', 30), waiting('e2', 'sales', 20), waiting('e3', 'sales', 10)];
    expect(pairs(floorOf({ queues: [support, sales], waiting: entries, agents: two }))).toEqual(['e1→ana', 'e2→bruno']);
  });

  it('entries that are being offered are left alone', () => {
    const offered = {
      ...waiting('e1', 'support', 10),
      state: 'offered',
      offer: { id: 'o', agent: 'x', madeAtMs: NOON, expiresAtMs: NOON + 1, why: NO_REASON },
    } as const;
    expect(selectOffers(floorOf({ queues: [support], waiting: [offered], agents }))).toEqual([]);
  });
});

describe('the explanation', () => {
  it('tells candidates, removed agents with the filter that stopped them, and the place', () => {
    const refusedBy = { dora: { reason: 'busy', untilMs: NOON + 1 } } as const;
    const [first, second] = selectOffers(
      floorOf({
        queues: [support],
        waiting: [waiting('e1', 'support', 20_000), waiting('e2', 'support', 10_000, { refusedBy })],
        agents: [
          [available('ana', 3_000), { support: 4 }],
          [available('bruno', 2_000), { support: 1 }],
          [{ ...available('carla'), state: 'break', reason: 'x' }, { support: 1 }],
          [available('dora', 9_000), { support: 1 }],
          [available('eva', 9_000), { sales: 1 }],
        ],
      }),
    );
    expect(first?.agent).toBe('dora');
    expect(first?.why.removed).toEqual([
      { agent: 'carla', filter: 'break' },
      { agent: 'eva', filter: 'missing-skill' },
    ]);
    expect(second?.why).toEqual({
      strategy: 'longest-idle',
      candidates: [
        { agent: 'ana', values: { idleMs: 3_000, skillLevel: 4 } },
        { agent: 'bruno', values: { idleMs: 2_000, skillLevel: 1 } },
      ],
      removed: [
        { agent: 'dora', filter: 'taken' },
        { agent: 'carla', filter: 'break' },
        { agent: 'eva', filter: 'missing-skill' },
      ],
      counts: { candidates: 2, removed: { taken: 1, break: 1, 'missing-skill': 1 } },
      order: { priority: 5, seniorityMs: NOON - 10_000, joinedAtMs: NOON - 10_000 },
      ahead: 0,
      passedOver: [],
      heldBack: [],
    });
  });

  it('names those who were passed over because this agent had refused them', () => {
    const refusedBy = { ana: { reason: 'no-answer', untilMs: NOON + 1 } } as const;
    const entries = [waiting('first', 'support', 30, { refusedBy }), waiting('second', 'support', 20)];
    const [decision] = selectOffers(
      floorOf({ queues: [support], waiting: entries, agents: [[available('ana'), { support: 1 }]] }),
    );
    expect(decision).toMatchObject({ entry: { entry: 'second' }, agent: 'ana' });
    expect(decision?.why).toMatchObject({ ahead: 1, passedOver: ['first'] });
  });

  it('names the call-backs that waited on because enough of their queue were under way', () => {
    const rings = waiting('ringing', 'support', 50, { kind: 'callback' });
    const offered = { ...rings, state: 'offered', offer: offerTo('bruno') } as const;
    const entries = [offered, waiting('held', 'support', 30, { kind: 'callback' }), waiting('caller', 'support', 20)];
    const agents = [
      [available('ana'), { support: 1 }],
      [{ ...available('bruno'), state: 'break', reason: 'lunch' }, { support: 1 }],
    ] as const;
    const decisions = selectOffers(floorOf({ queues: [support], waiting: entries, agents }));
    expect(decisions.map(({ entry, agent }) => [entry.entry, agent])).toEqual([['caller', 'ana']]);
    expect(decisions[0]?.why).toMatchObject({ ahead: 1, passedOver: [], heldBack: ['held'] });
  });

  it('stays short in a large centre, but counts everybody', () => {
    const agents = Array.from({ length: 50 }, (_, n) => [available(`a${n}`, n), { support: 1 }] as const);
    const [decision] = selectOffers(floorOf({ queues: [support], waiting: [waiting('e1', 'support')], agents }));
    expect(decision?.why.candidates).toHaveLength(EXPLAINED_MAX);
    expect(decision?.why.counts.candidates).toBe(50);
  });
});

it('an offer lives as long as all the ringing, and a margin', () => {
  const config = agentConfig('ana', { support: 1 });
  const twoDevices = { ...config, devices: [...config.devices, ...config.devices] };
  expect(leaseMsOf(support, twoDevices)).toBe(15_000 + LEASE_MARGIN_MS);
  expect(leaseMsOf(support, { ...twoDevices, ring: 'in-order' })).toBe(30_000 + LEASE_MARGIN_MS);
});

describe('for any floor', () => {
  const skills = fc.dictionary(fc.constantFrom('support', 'sales', 'billing'), fc.integer({ min: 1, max: 5 }));
  const floors = fc
    .record({
      agents: fc.array(fc.record({ skills, idleMs: fc.nat(5), free: fc.boolean(), backingOff: fc.boolean() }), {
        maxLength: 8,
      }),
      entries: fc.array(
        fc.record({
          queue: fc.constantFrom('support', 'sales', 'billing', 'gone'),
          priority: fc.nat(2),
          waitedMs: fc.nat(5),
          kind: fc.constantFrom('call' as const, 'callback' as const),
          refusedBy: fc.uniqueArray(fc.nat(7), { maxLength: 4 }),
        }),
        { maxLength: 12 },
      ),
    })
    .map(({ agents, entries }) =>
      floorOf({
        // Without the bound on call-backs, which has cases of its own.
        queues: ['support', 'sales', 'billing'].map((name) => queue(name, { callbackShare: 1 })),
        agents: agents.map((one, n) => [
          {
            ...available(`a${n}`, one.idleMs),
            backOffUntilMs: one.backingOff ? NOON + 1 : 0,
            ...(one.free ? {} : { state: 'offline' as const }),
          },
          one.skills,
        ]),
        waiting: entries.map(({ queue: name, waitedMs, refusedBy, priority, kind }, n) =>
          waiting(`e${n}`, name, waitedMs, {
            priority,
            kind,
            refusedBy: Object.fromEntries(refusedBy.map((a) => [`a${a}`, { reason: 'busy', untilMs: NOON + (a % 2) }])),
          }),
        ),
      }),
    );

  it('gives each agent and each entry at most one offer, and the same ones every time', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const decisions = selectOffers(floor);
        expect(new Set(decisions.map(({ agent }) => agent)).size).toBe(decisions.length);
        expect(new Set(decisions.map(({ entry }) => entry.entry)).size).toBe(decisions.length);
        const shuffled = { ...floor, waiting: [...floor.waiting].reverse(), agents: [...floor.agents].reverse() };
        expect(selectOffers(shuffled).map(({ entry, agent }) => [entry.entry, agent])).toEqual(
          decisions.map(({ entry, agent }) => [entry.entry, agent]),
        );
      }),
    );
  });

  it('agrees with the slow and obvious way: each entry in order takes the best agent left', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const left = new Map([...floor.agents].map((presence) => [presence.agent, presence]));
        const expected: string[] = [];
        for (const entry of [...floor.waiting].sort((a, b) => compareEntries(a, b, NOON))) {
          const skill = floor.queues.get(entry.queue)?.skill ?? '';
          const level = (agent: string): number => floor.agentConfigs.get(agent)?.skills[skill] ?? 0;
          const best = [...left.values()]
            .filter(
              ({ agent, state, backOffUntilMs }) => level(agent) > 0 && state === 'available' && backOffUntilMs <= NOON,
            )
            .filter(({ agent }) => (entry.refusedBy[agent]?.untilMs ?? 0) <= NOON)
            .sort(
              (a, b) =>
                a.idleSinceMs - b.idleSinceMs || level(b.agent) - level(a.agent) || (a.agent < b.agent ? -1 : 1),
            )[0];
          if (best === undefined) continue;
          left.delete(best.agent);
          expected.push(`${entry.entry}→${best.agent}`);
        }
        expect(pairs(floor)).toEqual(expected);
      }),
    );
  });

  it('leaves nobody waiting whom a free agent could take, and names everybody it passed over', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const decisions = selectOffers(floor);
        const served = new Set(decisions.map(({ entry }) => entry.entry));
        const unserved = [...floor.waiting].filter(({ entry }) => !served.has(entry));
        for (const { agent, entry, why } of decisions) {
          const own = floor.agentConfigs.get(agent)?.skills ?? {};
          const before = unserved.filter((other) => compareEntries(other, entry, NOON) < 0 && other.queue in own);
          expect([...why.passedOver].sort()).toEqual(before.map((other) => other.entry).sort());
          for (const other of before) expect(other.refusedBy[agent]?.untilMs).toBeGreaterThan(NOON);
          expect(why.candidates[0]?.agent).toBe(agent);
          expect(why.ahead).toBe(
            unserved.filter((o) => o.queue === entry.queue && compareEntries(o, entry, NOON) < 0).length,
          );
        }
      }),
    );
  });
});

it('gives 500 waiting one agent of 600 each', () => {
  const names = Array.from({ length: 10 }, (_, n) => `q${n}`);
  const floor = floorOf({
    queues: names.map((name) => queue(name)),
    agents: Array.from({ length: 600 }, (_, n) => [
      available(`a${n}`, (n * 7_919) % 100_000),
      { [`q${n % 10}`]: 3, [`q${(n * 7 + 1) % 10}`]: 2 },
    ]),
    waiting: Array.from({ length: 500 }, (_, n) => waiting(`e${n}`, `q${n % 10}`, (n * 104_729) % 100_000)),
  });
  const decisions = selectOffers(floor);
  expect(decisions).toHaveLength(500);
  expect(new Set(decisions.map(({ agent }) => agent)).size).toBe(500);
});
