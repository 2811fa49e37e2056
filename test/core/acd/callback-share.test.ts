import { describe, expect, it } from 'vitest';
import type { AgentPresence } from '../../../src/core/acd/agent.js';
import { selectOffers } from '../../../src/core/acd/select.js';
import { whyText, whyWaiting } from '../../../src/core/acd/why.js';
import { available, floorOf, offerTo, queue, waiting } from '../../support/floor.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `a${n}`);

function busyWith(agent: string, callbackOf?: string): AgentPresence {
  const { backOffUntilMs, refusals, sinceMs, idleSinceMs } = available(agent);
  const common = { agent, backOffUntilMs, refusals, sinceMs, idleSinceMs };
  const call = { interaction: 'i', entry: `e-${agent}`, node: 'n1', afterwards: { state: 'available' } } as const;
  return { ...common, state: 'busy', ...call, ...(callbackOf === undefined ? {} : { callbackOf }) };
}

interface Case {
  readonly name: string;
  readonly share?: number;
  readonly free: number;
  /** Agents on call-backs of this queue, and on customers' own calls. */
  readonly onCallbacks?: number;
  readonly onCalls?: number;
  readonly callbacks: number;
  readonly calls: number;
  /** Offered, call-backs and calls. */
  readonly offered: readonly [number, number];
}

const cases: readonly Case[] = [
  { name: 'half of the agents serve those on the line', free: 10, callbacks: 50, calls: 50, offered: [5, 5] },
  { name: 'without callers the other half waits for them', free: 10, callbacks: 50, calls: 0, offered: [5, 0] },
  { name: 'call-backs under way count', free: 6, onCallbacks: 4, callbacks: 50, calls: 50, offered: [1, 5] },
  { name: 'agents on calls count as at work', free: 2, onCalls: 8, callbacks: 50, calls: 0, offered: [2, 0] },
  { name: 'as many as may be: callers alone', free: 5, onCallbacks: 5, callbacks: 50, calls: 50, offered: [0, 5] },
  { name: 'one agent alone still calls back', free: 1, callbacks: 2, calls: 0, offered: [1, 0] },
  { name: 'a queue may give all its agents', share: 1, free: 10, callbacks: 50, calls: 50, offered: [10, 0] },
  { name: 'or a tenth of them', share: 0.1, free: 10, callbacks: 50, calls: 50, offered: [1, 9] },
];

describe('a wave of call-backs, all of them older than any caller', () => {
  it.each(cases)('$name', ({ share, free, onCallbacks = 0, onCalls = 0, callbacks, calls, offered }) => {
    const support = queue('support', share === undefined ? {} : { callbackShare: share });
    const presences: AgentPresence[] = names(free + onCallbacks + onCalls).map((agent, n) => {
      if (n < free) return available(agent);
      return busyWith(agent, n < free + onCallbacks ? 'support' : undefined);
    });
    const decisions = selectOffers(
      floorOf({
        queues: [support],
        agents: presences.map((presence) => [presence, { support: 1 }]),
        waiting: [
          ...Array.from({ length: callbacks }, (_, n) => waiting(`b${n}`, 'support', 90_000, { kind: 'callback' })),
          ...Array.from({ length: calls }, (_, n) => waiting(`c${n}`, 'support', 1_000)),
        ],
      }),
    );
    const kinds = decisions.map(({ entry }) => entry.kind);
    expect([
      kinds.filter((kind) => kind === 'callback').length,
      kinds.filter((kind) => kind === 'call').length,
    ]).toEqual(offered);
  });

  it('agents who serve the queue by a later ring, without its first skill, count as at work', () => {
    const rings = [
      { afterMs: 0, skills: { support: 3 } },
      { afterMs: 10_000, skills: { sales: 1 } },
    ];
    const floor = floorOf({
      queues: [queue('support', { rings })],
      agents: [
        ...names(2).map((agent) => [available(agent), { support: 3 }] as const),
        ...names(4).map((agent) => [available(`s${agent}`), { sales: 1 }] as const),
      ],
      waiting: names(6).map((name) => waiting(name, 'support', 60_000, { kind: 'callback' })),
    });
    expect(selectOffers(floor)).toHaveLength(3);
  });

  it('offered ones count until they are answered, and a supervisor is told what it waits for', () => {
    const offer = offerTo('a0', 'o1');
    const ringing: AgentPresence = {
      ...available('a0'),
      ...{
        state: 'ringing',
        offer: 'o1',
        entry: 'b0',
        expiresAtMs: offer.expiresAtMs,
        afterwards: { state: 'available' },
      },
    };
    const second = waiting('b1', 'support', 80_000, { kind: 'callback' });
    const floor = floorOf({
      queues: [queue('support')],
      agents: [
        [ringing, { support: 1 }],
        [available('a1'), { support: 1 }],
      ],
      waiting: [{ ...waiting('b0', 'support', 90_000, { kind: 'callback' }), state: 'offered', offer }, second],
    });
    expect(selectOffers(floor)).toEqual([]);
    expect(whyWaiting(second, floor)).toMatchObject({ cause: 'callbacks-under-way', queue: 'support', most: 1 });
    expect(whyText(whyWaiting(second, floor), 'en')).toContain('1 call-backs of the queue support are under way');
  });
});
