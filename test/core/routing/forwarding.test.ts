import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/core/acd/queue.js';
import type { AgentConfig, Centre, ForwardRule, ForwardWhen } from '../../../src/core/routing/centre.js';
import { ringRounds } from '../../../src/core/routing/devices.js';
import {
  type ForwardDecision,
  type ForwardQuestion,
  MAX_FORWARDS,
  resolveForward,
} from '../../../src/core/routing/forwarding.js';
import { sampleCentre } from '../../support/sample-centre.js';

const sample = sampleCentre();
const to = (when: ForwardWhen, destination: Destination): ForwardRule => ({ when, to: destination });
const agent = (name: string): Destination => ({ kind: 'agent', agent: name });

/** Agents with these forwards; all are ready unless said otherwise. */
function ask(
  forwards: Readonly<Record<string, readonly ForwardRule[]>>,
  question: Partial<ForwardQuestion> & { busy?: string[]; gone?: string[] } = {},
): ForwardDecision {
  const [base] = sample.agents.values();
  if (base === undefined) throw new Error('the sample has agents');
  const agents = new Map(
    Object.entries(forwards).map(([name, rules]): [string, AgentConfig] => [name, { ...base, name, forwards: rules }]),
  );
  const centre: Centre = { ...sample, agents };
  const { busy = [], gone = [], ...rest } = question;
  return resolveForward({
    centre,
    place: { kind: 'agent', agent: 'ana' },
    moment: 'arrived',
    trail: [],
    reachOf: (name) => (busy.includes(name) ? 'busy' : gone.includes(name) ? 'unregistered' : 'ready'),
    ...rest,
  });
}

const number: Destination = { kind: 'number', number: '600 123 123' };

describe('a call for an agent', () => {
  const all = [
    to('busy', { kind: 'queue', queue: 'support' }),
    to('no-answer', { kind: 'voicemail' }),
    to('unregistered', number),
  ];

  test('rings when no rule applies', () => {
    expect(ask({ ana: all })).toEqual({ kind: 'stay', place: { kind: 'agent', agent: 'ana' }, forwards: [] });
  });

  test('always goes away, whatever the agent does', () => {
    const decision = ask({ ana: [...all, to('always', { kind: 'hangup' })] }, { busy: ['ana'] });
    expect(decision).toMatchObject({ kind: 'to', destination: { kind: 'hangup' } });
  });

  test('goes to the queue when busy, and says by which rule', () => {
    expect(ask({ ana: all }, { busy: ['ana'] })).toEqual({
      kind: 'to',
      destination: { kind: 'queue', queue: 'support' },
      forwards: [{ from: 'agent ana', to: 'queue support', rule: 'busy' }],
    });
  });

  test('goes to the number, as it is dialled, when no device is registered', () => {
    expect(ask({ ana: all }, { gone: ['ana'] })).toMatchObject({
      kind: 'to',
      destination: { kind: 'number', number: '+34600123123' },
    });
  });

  test('goes on after ringing by what ringing came to', () => {
    expect(ask({ ana: all }, { moment: 'no-answer' })).toMatchObject({ destination: { kind: 'voicemail' } });
    expect(ask({ ana: all }, { moment: 'busy' })).toMatchObject({ destination: { kind: 'queue' } });
    expect(ask({ ana: [] }, { moment: 'busy' })).toMatchObject({ kind: 'stay' });
  });

  test('follows the next agent, who has rules too', () => {
    const decision = ask(
      { ana: [to('always', agent('bruno'))], bruno: [to('busy', agent('carla'))], carla: [to('no-answer', number)] },
      { busy: ['bruno'] },
    );
    expect(decision).toEqual({
      kind: 'stay',
      place: { kind: 'agent', agent: 'carla' },
      forwards: [
        { from: 'agent ana', to: 'agent bruno', rule: 'always' },
        { from: 'agent bruno', to: 'agent carla', rule: 'busy' },
      ],
    });
  });
});

describe('a forward is refused', () => {
  test('in a circle', () => {
    const decision = ask({ ana: [to('always', agent('bruno'))], bruno: [to('always', agent('ana'))] });
    expect(decision).toMatchObject({ kind: 'refused', reason: 'loop' });
  });

  test('to itself', () => {
    expect(ask({ ana: [to('always', agent('ana'))] })).toMatchObject({ kind: 'refused', reason: 'loop' });
  });

  test('to where the call has been before', () => {
    const forwards = { ana: [to('no-answer', { kind: 'queue', queue: 'support' } as const)] };
    expect(ask(forwards, { moment: 'no-answer', trail: ['queue support', 'agent ana'] })).toMatchObject({
      kind: 'refused',
      reason: 'loop',
    });
  });

  test('after too many of them', () => {
    const names = ['ana', ...Array.from({ length: MAX_FORWARDS + 1 }, (_, index) => `agent${index}`)];
    const chain = Object.fromEntries(
      names.map((name, index) => [name, [to('always', agent(names[index + 1] ?? 'end'))]]),
    );
    const decision = ask(chain);
    expect(decision).toMatchObject({ kind: 'refused', reason: 'too-many-forwards' });
    expect(decision.forwards).toHaveLength(MAX_FORWARDS);
  });

  test('to an agent who is not there', () => {
    expect(ask({ ana: [to('always', agent('nemo'))] })).toMatchObject({ kind: 'refused', reason: 'unknown-agent' });
  });

  test.each([
    ['806123123', 'premium-number'],
    ['+14155550100', 'prefix-not-allowed'],
    ['+34118123', 'not-a-number'],
  ])('to %s: %s', (dialled, reason) => {
    const decision = ask({ ana: [to('always', { kind: 'number', number: dialled })] });
    expect(decision).toMatchObject({ kind: 'refused', reason });
  });
});

describe('a number of the centre', () => {
  const place = { kind: 'number', number: '2001' } as const;
  const question = { centre: sample, place, trail: [], reachOf: (): 'ready' | 'unregistered' => 'ready' };

  test('is as reachable as the agent behind it', () => {
    expect(resolveForward({ ...question, moment: 'arrived' })).toMatchObject({ kind: 'stay', place });
    expect(resolveForward({ ...question, moment: 'arrived', reachOf: () => 'unregistered' })).toMatchObject({
      destination: { kind: 'voicemail' },
    });
  });

  test('goes on after ringing', () => {
    expect(resolveForward({ ...question, moment: 'no-answer' })).toMatchObject({
      destination: { kind: 'queue', queue: 'support' },
    });
  });

  test('that leads to a flow has no busy line', () => {
    const decision = resolveForward({
      ...question,
      place: { kind: 'number', number: '1000' },
      moment: 'arrived',
      reachOf: () => 'busy',
    });
    expect(decision).toMatchObject({ kind: 'stay' });
  });
});

describe('the devices of an agent ring', () => {
  const desk = { name: 'desk', kind: 'sip' } as const;
  const soft = { name: 'soft', kind: 'sip' } as const;
  const mobile = { name: 'mobile', kind: 'number', number: '+34600123123' } as const;
  const names = (ring: 'together' | 'in-order', registered: string[]) => {
    const [base] = sample.agents.values();
    if (base === undefined) throw new Error('the sample has agents');
    const rounds = ringRounds({ ...base, ring, devices: [desk, soft, mobile] }, (device) =>
      registered.includes(device),
    );
    return rounds.map((round) => round.map(({ name }) => name));
  };

  test('one after the other, without those that are not registered', () => {
    expect(names('in-order', ['desk', 'soft'])).toEqual([['desk'], ['soft'], ['mobile']]);
    expect(names('in-order', ['soft'])).toEqual([['soft'], ['mobile']]);
  });

  test('together', () => {
    expect(names('together', ['desk', 'soft'])).toEqual([['desk', 'soft', 'mobile']]);
  });

  test('not at all when none can be reached', () => {
    const [base] = sample.agents.values();
    expect(base === undefined ? undefined : ringRounds(base, () => false)).toEqual([]);
  });
});
