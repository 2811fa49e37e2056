// What the sides of a call say of it, compared: a table of calls that are whole, and of what is left of broken ones.
import { describe, expect, it } from 'vitest';
import {
  aged,
  compare,
  type Discrepancy,
  type HeldLeg,
  nameOf,
  type OpenCall,
  type Sides,
  type Stories,
} from '../../../src/core/interaction/accounts.js';

const NOBODY: Stories = {
  tendsCall: () => false,
  callsBack: () => false,
  tookOver: () => false,
  waits: () => false,
  occupies: () => false,
};

const NOTHING: Sides = {
  calls: [],
  arrived: new Set(),
  legs: [],
  entries: [],
  agents: [],
  servers: new Set(['m1']),
  channels: new Set(),
  stories: NOBODY,
};

const inbound: OpenCall = { segment: 's1', interaction: 'i1', callId: 'c1' };
const dialling: OpenCall = { segment: 's2', interaction: 'i1' };
const customer: HeldLeg = { id: 'l1', callId: 'c1', channel: 'u1', server: 'm1' };
const agent: HeldLeg = { id: 'l2', callId: 'c2', interaction: 'i1', channel: 'u2', server: 'm1' };
const ana = { agent: 'ana', entry: 'e1', interaction: 'i1' };

function sides(change: Partial<Omit<Sides, 'stories'>>, stories: Partial<Stories> = {}): Sides {
  const { legs = [] } = change;
  const channels = new Set(legs.map(({ channel }) => channel));
  return { ...NOTHING, channels, ...change, stories: { ...NOBODY, ...stories } };
}

describe('a call that is whole', () => {
  const tends = { tendsCall: (callId: string) => callId === 'c1' };
  it.each<[string, Sides]>([
    ['nothing is going on', NOTHING],
    ['has not been answered yet', sides({ calls: [inbound], arrived: new Set(['c1']) }, tends)],
    ['is not in the record yet', sides({ arrived: new Set(['c1']), legs: [customer] }, tends)],
    ['waits', sides({ calls: [inbound], legs: [customer], entries: ['e1'] }, { ...tends, waits: (id) => id === 'e1' })],
    ['talks to an agent', sides({ calls: [inbound], legs: [customer, agent], agents: [ana] }, tends)],
    ['is being forwarded to a number', sides({ calls: [inbound, dialling], legs: [customer] }, tends)],
    [
      'is a call-back that still looks for an agent',
      sides({ entries: ['e1'] }, { callsBack: () => true, waits: () => true }),
    ],
    [
      'is a call-back that rings at the customer, while the agent listens',
      sides({ calls: [dialling], legs: [agent], agents: [ana] }, { callsBack: (id) => id === 'i1' }),
    ],
    [
      'has outlived its node',
      sides(
        { calls: [{ segment: 's1', interaction: 'i1' }], agents: [ana] },
        { tookOver: (id) => id === 's1', occupies: (name) => name === 'ana' },
      ),
    ],
    [
      'is an agent’s own call, to a menu',
      sides({ calls: [inbound], legs: [customer], agents: [ana] }, { ...tends, occupies: (name) => name === 'ana' }),
    ],
    [
      'is on a media server that does not answer',
      sides({ calls: [inbound], legs: [customer], servers: new Set(), channels: new Set() }),
    ],
  ])('%s: nobody misses anything', (_name, given) => {
    expect(compare(given)).toEqual([]);
  });
});

describe('what is left of a broken one', () => {
  it.each<[string, Sides, readonly Discrepancy[]]>([
    [
      'the record has a call without a line, and nobody tends it',
      sides({ calls: [inbound] }),
      [{ kind: 'call', id: 's1', interaction: 'i1', missing: 'leg', tended: false }],
    ],
    [
      'the same, and its story has not noticed',
      sides({ calls: [inbound] }, { tendsCall: () => true }),
      [{ kind: 'call', id: 's1', interaction: 'i1', missing: 'leg', tended: true }],
    ],
    [
      'a number was dialled for a caller who is gone too',
      sides({ calls: [inbound, dialling] }),
      [
        { kind: 'call', id: 's1', interaction: 'i1', missing: 'leg', tended: false },
        { kind: 'call', id: 's2', interaction: 'i1', missing: 'leg', tended: false },
      ],
    ],
    [
      'a line that no call of the record has',
      sides({ legs: [customer] }),
      [{ kind: 'leg', id: 'l1', missing: 'call' }],
    ],
    ['an agent’s line whose matter is over', sides({ legs: [agent] }), [{ kind: 'leg', id: 'l2', missing: 'call' }]],
    [
      'a line whose channel the media server does not have',
      sides({ calls: [inbound], legs: [customer], channels: new Set() }),
      [{ kind: 'leg', id: 'l1', missing: 'channel' }],
    ],
    ['a place that nobody waits on', sides({ entries: ['e1'] }), [{ kind: 'entry', id: 'e1', missing: 'caller' }]],
    [
      'an agent who talks to nobody',
      sides({ agents: [ana] }),
      [{ kind: 'agent', id: 'ana', entry: 'e1', missing: 'leg' }],
    ],
    [
      'an agent left busy by the last call of a customer who rings in again',
      sides({ calls: [inbound], legs: [customer], agents: [ana] }, { tendsCall: () => true }),
      [{ kind: 'agent', id: 'ana', entry: 'e1', missing: 'leg' }],
    ],
    [
      'a channel of ours without a line',
      sides({ channels: new Set(['u9']) }),
      [{ kind: 'channel', id: 'u9', missing: 'leg' }],
    ],
  ])('%s', (_name, given, expected) => {
    expect(compare(given)).toEqual(expected);
  });
});

describe('the grace time', () => {
  const one: Discrepancy = { kind: 'entry', id: 'e1', missing: 'caller' };
  const other: Discrepancy = { kind: 'agent', id: 'ana', entry: 'e1', missing: 'leg' };

  it('counts from the first look that found it, and only what every look has found', () => {
    const first = aged(new Map(), [one, other], 1_000, 30_000);
    expect(first.overdue).toEqual([]);
    const second = aged(first.since, [one], 30_999, 30_000);
    expect(second.overdue).toEqual([]);
    const third = aged(second.since, [one, other], 31_000, 30_000);
    expect(third.overdue).toEqual([one]);
    expect(third.since.get(nameOf(other))).toBe(31_000);
  });

  it('begins anew for an agent who is stuck in another call', () => {
    const { since } = aged(new Map(), [other], 0, 30_000);
    expect(aged(since, [{ ...other, entry: 'e2' }], 30_000, 30_000).overdue).toEqual([]);
  });
});
