import { describe, expect, it } from 'vitest';
import type { AgentPresence, AgentState, ResumeState } from '../../../src/core/acd/agent.js';
import { type AgentEvent, agentTransition, newAgent, wakeAtMs } from '../../../src/core/acd/agent-transition.js';
import { BACK_OFF, type BackOff, UNANSWERED } from '../../../src/core/acd/back-off.js';
import { NO_TALLY } from '../../../src/core/acd/tally/tally.js';
import { NOON } from '../../support/floor.js';

const LATER = NOON + 30_000;
const common = { agent: 'ana', sinceMs: NOON, idleSinceMs: NOON - 60_000, backOffUntilMs: 0, refusals: 0 };
const afterwards: ResumeState = { state: 'available' };

const states: Readonly<Record<AgentState, AgentPresence>> = {
  offline: { ...common, state: 'offline' },
  available: { ...common, state: 'available' },
  break: { ...common, state: 'break', reason: 'lunch' },
  ringing: { ...common, state: 'ringing', offer: 'o1', entry: 'e1', expiresAtMs: NOON + 60_000, afterwards },
  busy: { ...common, state: 'busy', interaction: 'i1', entry: 'e1', node: 'n1', afterwards },
  'wrap-up': { ...common, state: 'wrap-up', untilMs: LATER, afterwards },
};

const events = {
  'asks to be available': { type: 'set-state', to: { state: 'available' }, reachable: true },
  'asks to be available without a phone': { type: 'set-state', to: { state: 'available' }, reachable: false },
  'asks for a break': { type: 'set-state', to: { state: 'break', reason: 'coffee' }, reachable: true },
  'asks to go offline': { type: 'set-state', to: { state: 'offline' }, reachable: true },
  'is forced on a break': { type: 'forced', to: { state: 'break', reason: 'supervisor' } },
  'first phone comes': { type: 'device-registered', first: true, availableOnRegister: true },
  'first phone comes, sign-in by hand': { type: 'device-registered', first: true, availableOnRegister: false },
  'second phone comes': { type: 'device-registered', first: false, availableOnRegister: true },
  'last phone goes': { type: 'device-unregistered', last: true },
  'one of two phones goes': { type: 'device-unregistered', last: false },
  'is offered': { type: 'offered', offer: 'o2', entry: 'e2', expiresAtMs: LATER + 20_000 },
  'is offered too late': { type: 'offered', offer: 'o2', entry: 'e2', expiresAtMs: LATER },
  accepts: { type: 'accepted', offer: 'o1', interaction: 'i1', node: 'n1' },
  'accepts another offer': { type: 'accepted', offer: 'o0', interaction: 'i1', node: 'n1' },
  refuses: { type: 'refused', offer: 'o1', reason: 'rejected' },
  'offer is withdrawn': { type: 'withdrawn', offer: 'o1' },
  'another offer is withdrawn': { type: 'withdrawn', offer: 'o0' },
  'offer expires early': { type: 'expired', offer: 'o1' },
  'call ends': { type: 'call-ended', entry: 'e1', wrapUpMs: 10_000 },
  'call ends without wrap-up': { type: 'call-ended', entry: 'e1', wrapUpMs: 0 },
  'another call ends': { type: 'call-ended', entry: 'e0', wrapUpMs: 10_000 },
  'wrap-up is over': { type: 'wrap-up-over' },
  'is done with the wrap-up': { type: 'wrap-up-finished' },
  'wants more time': { type: 'wrap-up-prolonged', byMs: 20_000, mostMs: 60_000 },
  'wants more time than there is': { type: 'wrap-up-prolonged', byMs: 20_000, mostMs: 30_000 },
  'calls somebody': { type: 'connected-outside', interaction: 'i3', entry: 'e3', node: 'n1', why: 'own-call' },
  'node of the call dies': { type: 'node-lost', node: 'n1' },
  'another node dies': { type: 'node-lost', node: 'n2' },
} as const satisfies Record<string, AgentEvent>;

// Columns: offline, available, break, ringing, busy, wrap-up. `=`: nothing changes; `!`: refused with that reason;
// `(x)`: same state, x kept for afterwards.
const table: Readonly<Record<keyof typeof events, readonly [string, string, string, string, string, string]>> = {
  'asks to be available': ['available', '=', 'available', '(available)', '(available)', 'available'],
  'asks to be available without a phone': [
    '!no-device',
    '!no-device',
    '!no-device',
    '!no-device',
    '!no-device',
    '!no-device',
  ],
  'asks for a break': ['break', 'break', 'break', '(break)', '(break)', 'break'],
  'asks to go offline': ['offline', 'offline', 'offline', '(offline)', '(offline)', 'offline'],
  'is forced on a break': ['break', 'break', 'break', 'break', 'break', 'break'],
  'first phone comes': ['available', '=', '=', '=', '=', '='],
  'first phone comes, sign-in by hand': ['=', '=', '=', '=', '=', '='],
  'second phone comes': ['=', '=', '=', '=', '=', '='],
  'last phone goes': ['=', 'offline', '=', '(offline)', '(offline)', '(offline)'],
  'one of two phones goes': ['=', '=', '=', '=', '=', '='],
  'is offered': ['!not-available', 'ringing', '!not-available', '!not-available', '!not-available', '!not-available'],
  'is offered too late': [
    '!not-available',
    '!offer-expired',
    '!not-available',
    '!not-available',
    '!not-available',
    '!not-available',
  ],
  accepts: ['!no-such-offer', '!no-such-offer', '!no-such-offer', 'busy', '!no-such-offer', '!no-such-offer'],
  'accepts another offer': [
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
  ],
  refuses: ['!no-such-offer', '!no-such-offer', '!no-such-offer', 'available', '!no-such-offer', '!no-such-offer'],
  'offer is withdrawn': [
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    'available',
    '!no-such-offer',
    '!no-such-offer',
  ],
  'another offer is withdrawn': [
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
  ],
  'offer expires early': [
    '!no-such-offer',
    '!no-such-offer',
    '!no-such-offer',
    '!not-expired',
    '!no-such-offer',
    '!no-such-offer',
  ],
  'call ends': ['!no-such-call', '!no-such-call', '!no-such-call', '!no-such-call', 'wrap-up', '!no-such-call'],
  'call ends without wrap-up': [
    '!no-such-call',
    '!no-such-call',
    '!no-such-call',
    '!no-such-call',
    'available',
    '!no-such-call',
  ],
  'another call ends': [
    '!no-such-call',
    '!no-such-call',
    '!no-such-call',
    '!no-such-call',
    '!no-such-call',
    '!no-such-call',
  ],
  'wrap-up is over': [
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    'available',
  ],
  'is done with the wrap-up': [
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    'available',
  ],
  'wants more time': [
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '(available)',
  ],
  'wants more time than there is': [
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!not-in-wrap-up',
    '!wrap-up-at-its-most',
  ],
  'calls somebody': ['busy', 'busy', 'busy', '!ringing', '!busy', 'busy'],
  'node of the call dies': ['=', '=', '=', '=', 'available', '='],
  'another node dies': ['=', '=', '=', '=', '=', '='],
};

const columns = ['offline', 'available', 'break', 'ringing', 'busy', 'wrap-up'] as const;

function outcomeOf(before: AgentPresence, event: AgentEvent): string {
  const result = agentTransition(before, event, LATER);
  if (!result.ok) return `!${result.refused}`;
  const { next } = result;
  if (next === before) return '=';
  return next.state === before.state && 'afterwards' in next ? `(${next.afterwards.state})` : next.state;
}

describe('what an agent does in each state', () => {
  for (const name of Object.keys(table) as (keyof typeof table)[]) {
    it(name, () => {
      expect(columns.map((state) => outcomeOf(states[state], events[name]))).toEqual(table[name]);
    });
  }
});

function following(before: AgentPresence, event: AgentEvent, nowMs = LATER): AgentPresence {
  const result = agentTransition(before, event, nowMs);
  if (!result.ok) throw new Error(`refused: ${result.refused}`);
  return result.next;
}

describe('refusing', () => {
  function ringing(before: AgentPresence, nowMs: number): AgentPresence {
    return following(before, { type: 'offered', offer: 'o1', entry: 'e1', expiresAtMs: nowMs + 20_000 }, nowMs);
  }

  it('passes the agent over for longer each time, and ends in a break when nobody answers', () => {
    const missed: AgentEvent = { type: 'refused', offer: 'o1', reason: 'no-answer' };
    let agent: AgentPresence = states.available;
    let nowMs = NOON;
    for (let refusal = 1; refusal < BACK_OFF.pauseAfter; refusal += 1) {
      agent = following(ringing(agent, nowMs), missed, nowMs);
      const restMs = BACK_OFF.restMs['no-answer'][refusal - 1] ?? 0;
      expect(agent).toMatchObject({ state: 'available', backOffUntilMs: nowMs + restMs });
      expect(agentTransition(agent, { ...events['is offered'], expiresAtMs: nowMs + 20_000 }, nowMs)).toEqual({
        ok: false,
        refused: 'backing-off',
      });
      nowMs = agent.backOffUntilMs;
    }
    agent = following(ringing(agent, nowMs), missed, nowMs);
    expect(agent).toMatchObject({ state: 'break', reason: UNANSWERED });
    const back = following(agent, events['asks to be available'], nowMs);
    expect(back).toMatchObject({ refusals: 0, backOffUntilMs: 0 });
    expect(back.unanswered).toBeUndefined();
  });

  it('is not being away: who rejects rests, and is never sent on a break', () => {
    let agent: AgentPresence = states.available;
    let nowMs = NOON;
    for (let refusal = 0; refusal < 10; refusal += 1) {
      agent = following(ringing(agent, nowMs), events.refuses, nowMs);
      expect(agent.state).toBe('available');
      nowMs = agent.backOffUntilMs;
    }
    agent = following(ringing(agent, nowMs), { type: 'refused', offer: 'o1', reason: 'no-answer' }, nowMs);
    expect(agent.unanswered).toBe(1);
    agent = following(ringing(agent, agent.backOffUntilMs), events.refuses, agent.backOffUntilMs);
    expect(agent.unanswered).toBe(0);
  });

  it('rests as long as the centre says for that reason, and pauses after as many as it says', () => {
    const backOff: BackOff = {
      restMs: { rejected: [1_000], busy: [2_000], 'no-answer': [3_000, 4_000], unreachable: [0], 'not-registered': [] },
      pauseAfter: 0,
    };
    const restAfter = (before: AgentPresence, event: AgentEvent, nowMs: number): number => {
      const next = following(ringing(before, nowMs), event, nowMs + 20_000);
      return next.backOffUntilMs - nowMs - 20_000;
    };
    const rests = (['rejected', 'busy', 'no-answer', 'unreachable', 'not-registered'] as const).map((reason) =>
      restAfter(states.available, { type: 'refused', offer: 'o1', reason, backOff }, NOON),
    );
    expect(rests).toEqual([1_000, 2_000, 3_000, 0, 0]);
    expect(restAfter(states.available, { type: 'expired', offer: 'o1', backOff }, NOON)).toBe(3_000);
    const often = { ...states.available, refusals: 7, unanswered: 7 };
    expect(restAfter(often, { type: 'expired', offer: 'o1', backOff }, NOON)).toBe(4_000);
    expect(following(ringing(often, NOON), { type: 'expired', offer: 'o1', backOff }, LATER).state).toBe('available');
  });

  it('an answer in between starts the count anew', () => {
    const once = following(ringing(states.available, NOON), events.refuses, NOON);
    const answered = following(ringing(once, once.backOffUntilMs), events.accepts, once.backOffUntilMs + 1);
    expect(answered).toMatchObject({ state: 'busy', refusals: 0, backOffUntilMs: 0 });
  });

  it('does not cost the agent the place among the idle', () => {
    expect(following(ringing(states.available, NOON), events.refuses, NOON).idleSinceMs).toBe(common.idleSinceMs);
  });

  it('an offer withdrawn costs nothing at all', () => {
    const freed = following(ringing(states.available, NOON), events['offer is withdrawn'], NOON + 5_000);
    const tally = { ...NO_TALLY, lastOfferedMs: NOON };
    expect(freed).toEqual({ ...states.available, tally, sinceMs: NOON + 5_000 });
  });

  it('an unanswered offer counts like a refusal, but only when its time is over', () => {
    const agent = ringing(states.available, NOON);
    expect(following(agent, { type: 'expired', offer: 'o1' }, NOON + 20_000)).toMatchObject({
      state: 'available',
      refusals: 1,
    });
    expect(agentTransition(agent, events.accepts, NOON + 20_000)).toEqual({ ok: false, refused: 'offer-expired' });
  });

  it('a break asked for while it rang is taken instead', () => {
    const asked = following(ringing(states.available, NOON), events['asks for a break'], NOON);
    expect(following(asked, events.refuses, NOON)).toMatchObject({ state: 'break', reason: 'coffee' });
  });
});

describe('the wrap-up', () => {
  it('knows the call it is about, and ends when the agent is done', () => {
    const wrapUp = following(states.busy, { type: 'call-ended', entry: 'e1', wrapUpMs: 60_000, queue: 'sales' }, NOON);
    expect(wrapUp).toMatchObject({ call: { interaction: 'i1', entry: 'e1', queue: 'sales' } });
    const done = following(wrapUp, { type: 'wrap-up-finished' }, NOON + 5_000);
    expect(done).toMatchObject({ state: 'available', sinceMs: NOON + 5_000 });
    expect(done).not.toHaveProperty('call');
  });

  it('is prolonged in steps, up to its most', () => {
    const prolong: AgentEvent = { type: 'wrap-up-prolonged', byMs: 20_000, mostMs: 45_000 };
    let agent = following(states.busy, { type: 'call-ended', entry: 'e1', wrapUpMs: 15_000 }, NOON);
    const ends = [1, 2].map(() => {
      agent = following(agent, prolong, NOON + 1_000);
      return wakeAtMs(agent);
    });
    expect(ends).toEqual([NOON + 35_000, NOON + 45_000]);
    expect(agentTransition(agent, prolong, NOON + 1_000)).toEqual({ ok: false, refused: 'wrap-up-at-its-most' });
  });
});

describe('skills set by a supervisor', () => {
  it('stay through calls and breaks until they are taken back', () => {
    const steps: readonly AgentEvent[] = [
      { type: 'skills-set', skills: { sales: 2 } },
      events['is offered'],
      { ...events.accepts, offer: 'o2' },
      { type: 'call-ended', entry: 'e2', wrapUpMs: 1_000 },
      events['asks for a break'],
      events['asks to go offline'],
    ];
    const agent = steps.reduce((before, event) => following(before, event), states.available);
    expect(agent).toMatchObject({ state: 'offline', skills: { sales: 2 } });
    expect(following(agent, { type: 'skills-set', skills: undefined }).skills).toBeUndefined();
  });
});

describe('what was asked for during a call', () => {
  it('is taken after the wrap-up', () => {
    const asked = following(states.busy, events['asks for a break']);
    const wrapUp = following(asked, events['call ends'], NOON);
    expect(wrapUp).toMatchObject({ state: 'wrap-up', untilMs: NOON + 10_000 });
    expect(agentTransition(wrapUp, { type: 'wrap-up-over' }, NOON + 9_999)).toEqual({
      ok: false,
      refused: 'wrap-up-not-over',
    });
    expect(following(wrapUp, { type: 'wrap-up-over' }, NOON + 10_000)).toMatchObject({
      state: 'break',
      reason: 'coffee',
    });
  });

  it('a phone that came back during the call takes the agent back', () => {
    const gone = following(states.busy, events['last phone goes']);
    expect(following(gone, events['first phone comes'])).toMatchObject({
      state: 'busy',
      afterwards: { state: 'available' },
    });
  });

  it('an agent who called from a break goes back to it', () => {
    const calling = following(states.break, events['calls somebody']);
    expect(calling).toMatchObject({ state: 'busy', outside: 'own-call' });
    expect(following(calling, { type: 'call-ended', entry: 'e3', wrapUpMs: 0 })).toMatchObject({
      state: 'break',
      reason: 'lunch',
    });
  });
});

describe('idle time', () => {
  it('starts when the last call ended, whatever the wrap-up takes', () => {
    const wrapUp = following(states.busy, events['call ends'], NOON);
    expect(following(wrapUp, events['wrap-up is over'], NOON + 60_000)).toMatchObject({
      state: 'available',
      idleSinceMs: NOON,
    });
  });

  it('starts anew for an agent who comes in, from outside or from a break', () => {
    for (const state of ['offline', 'break'] as const) {
      expect(following(states[state], events['asks to be available'], LATER).idleSinceMs).toBe(LATER);
    }
  });
});

it('a new agent is offline, and says when to look again', () => {
  expect(newAgent('ana', NOON)).toMatchObject({ state: 'offline', agent: 'ana' });
  expect(columns.map((state) => wakeAtMs(states[state]))).toEqual([
    undefined,
    undefined,
    undefined,
    NOON + 60_000,
    undefined,
    LATER,
  ]);
  expect(wakeAtMs({ ...common, state: 'available', backOffUntilMs: LATER })).toBe(LATER);
});
