// The tour is ticked by facts: the story of the sandbox, step by step.
import { describe, expect, test } from 'vitest';
import { progressOf, STEPS, type Step } from '../../src/web/sandbox/progress.js';

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
  answer: [fact('connected', { segment: 's1' })],
  'hang-up': [fact('call-ended', { segment: 's1', result: 'served' })],
  'give-up': [
    fact('call-arrived', { segment: 's2' }),
    fact('queued', { segment: 's2', kind: 'call' }),
    fact('call-ended', { segment: 's2', result: 'abandoned' }),
    fact('callback-offered'),
  ],
  reply: [fact('message-received'), fact('callback-requested'), fact('queued', { kind: 'callback' })],
  'call-back': [fact('call-dialled', { segment: 's3', purpose: 'callback' })],
  talk: [fact('connected', { segment: 's3' }), fact('callback-ended', { result: 'connected' })],
};

describe('the tour', () => {
  test('begins with the call', () => {
    expect(progressOf([])).toMatchObject({ present: 'call', tooSoon: false });
  });

  test.each(STEPS.map((step, at) => [step, at] as const))('after %s comes the next step', (step, at) => {
    const events = STEPS.slice(0, at + 1).flatMap((done) => STORY[done]);
    const { done, present } = progressOf(events);
    expect([...done]).toEqual(STEPS.slice(0, at + 1));
    expect(present).toBe(STEPS[at + 1]);
    expect(done.has(step)).toBe(true);
  });

  test('the talk of the call-back is none of the first call', () => {
    const { done } = progressOf([...STORY['call-back'], ...STORY.talk]);
    expect(done.has('answer')).toBe(false);
  });

  test('says when one hung up too soon, until the next call', () => {
    const short = [...STORY.call, fact('call-ended', { segment: 's1', result: 'short-abandoned' })];
    expect(progressOf(short).tooSoon).toBe(true);
    expect(progressOf([...short, fact('call-arrived', { segment: 's2' })]).tooSoon).toBe(false);
  });
});
