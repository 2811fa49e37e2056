// The tour is ticked by facts: the story of the sandbox, step by step.
import { describe, expect, test } from 'vitest';
import { hindranceOf, progressOf, STEPS, type Step } from '../../src/web/sandbox/progress.js';

type Facts = Parameters<typeof progressOf>[0];

let version = 0;
const fact = (type: string, data: Record<string, unknown> = {}): Facts[number] => {
  version += 1;
  return { version, type, at: '2026-11-23T04:00:00.000Z', data };
};

/** What happens in each step when one does as one is told. */
const STORY: Readonly<Record<Step, Facts>> = {
  call: [fact('interaction-opened'), fact('call-arrived', { segment: 's1' }), fact('flow-entered', { segment: 's1' })],
  press: [fact('queued', { segment: 's1', kind: 'call' }), fact('offered')],
  'give-up': [fact('call-ended', { segment: 's1', result: 'abandoned' }), fact('callback-offered')],
  reply: [fact('message-received'), fact('callback-requested'), fact('queued', { kind: 'callback' })],
  'call-back': [fact('call-dialled', { segment: 's2', purpose: 'callback' })],
  talk: [fact('connected', { segment: 's2' }), fact('callback-ended', { result: 'connected' })],
  'hang-up': [fact('call-ended', { segment: 's2', result: 'served' })],
};

describe('the tour', () => {
  test('begins with the call', () => {
    expect(progressOf([])).toMatchObject({ present: 'call', detour: undefined });
  });

  test.each(STEPS.map((step, at) => [step, at] as const))('after %s comes the next step', (step, at) => {
    const events = STEPS.slice(0, at + 1).flatMap((done) => STORY[done]);
    const { done, present } = progressOf(events);
    expect([...done]).toEqual(STEPS.slice(0, at + 1));
    expect(present).toBe(STEPS[at + 1]);
    expect(done.has(step)).toBe(true);
  });

  test('the talk of a first call is none of the call-back', () => {
    const { done } = progressOf([...STORY.call, fact('connected', { segment: 's1' })]);
    expect(done.has('talk')).toBe(false);
  });

  test.each([
    ['short-abandoned', 'too-soon'],
    ['served', 'served'],
    ['abandoned', undefined],
  ])('a call that ends as %s: %s, until the next one', (result, detour) => {
    const over = [...STORY.call, fact('call-ended', { segment: 's1', result })];
    expect(progressOf(over).detour).toBe(detour);
    expect(progressOf([...over, fact('call-arrived', { segment: 's2' })]).detour).toBeUndefined();
  });
});

describe('what keeps Ana from ringing', () => {
  test.each([
    ['give-up', 'break', 'resting'],
    ['call-back', 'offline', 'resting'],
    ['give-up', 'busy', 'busy'],
    ['call-back', 'wrap-up', 'busy'],
    ['give-up', 'ringing', undefined],
    ['call', 'offline', undefined],
    ['talk', 'busy', undefined],
    [undefined, 'break', undefined],
  ] as const)('at %s she is %s: %s', (step, state, hindrance) => {
    expect(hindranceOf(step, state)).toBe(hindrance);
  });
});
