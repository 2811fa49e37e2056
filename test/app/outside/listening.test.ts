// Waiting for a written line or for keys, on a leg and a clock of the test.
import { expect, test } from 'vitest';
import { listen } from '../../../src/app/outside/listening.js';
import { Inbox } from '../../../src/app/writing/inbox.js';
import type { Answer } from '../../../src/core/ivr/ask.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { FakeLeg, PROMPT_MS } from '../../support/fakes/leg.js';

const WAIT_MS = 5_000;
const INTER_DIGIT_MS = 1_000;

function scene(max = 1, hasText = true) {
  const inbox = hasText ? new Inbox() : undefined;
  const clock = new FakeClock();
  const leg = new FakeLeg('leg', 'call', clock);
  const ask = { kind: 'listen', prompts: [], max, waitMs: WAIT_MS, interDigitMs: INTER_DIGIT_MS } as const;
  let answer: Answer | 'still listening' = 'still listening';
  const over = listen(ask, { leg, clock, paths: ['/p/question.wav'], inbox }).then((given) => {
    answer = given;
  });
  return { clock, leg, inbox, over, answer: () => answer };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

async function afterQuestion(one: ReturnType<typeof scene>): Promise<void> {
  await settle();
  one.clock.advance(PROMPT_MS);
  await settle();
}

test('a line that is written while the question is said cuts it off', async () => {
  const one = scene();
  await settle();
  one.inbox?.line('factura');
  await one.over;
  expect(one.answer()).toEqual({ kind: 'written', text: 'factura' });
  expect(one.clock.pending).toBe(0);
  expect(one.leg.keyListeners).toBe(0);
});

test('a line that is written afterwards', async () => {
  const one = scene();
  await afterQuestion(one);
  one.inbox?.line('factura');
  await one.over;
  expect(one.answer()).toEqual({ kind: 'written', text: 'factura' });
  expect(one.clock.pending).toBe(0);
  expect(one.leg.keyListeners).toBe(0);
});

test('time stands still while somebody types', async () => {
  const one = scene();
  await afterQuestion(one);
  one.clock.advance(WAIT_MS - 1);
  one.inbox?.typed();
  one.clock.advance(WAIT_MS - 1);
  await settle();
  expect(one.answer()).toBe('still listening');
  one.clock.advance(1);
  await one.over;
  expect(one.answer()).toEqual({ kind: 'time-out', digits: '' });
});

test('one key, in the question or after it', async () => {
  for (const when of ['in', 'after']) {
    const one = scene();
    await settle();
    if (when === 'after') await afterQuestion(one);
    one.leg.press('7');
    await one.over;
    expect(one.answer()).toEqual({ kind: 'digits', digits: '7' });
    expect(one.leg.keyListeners).toBe(0);
  }
});

test('several keys end with the last, with # or with a pause', async () => {
  for (const [keys, digits] of [
    ['123', '123'],
    ['12#', '12'],
    ['12', '12'],
  ] as const) {
    const one = scene(3);
    await afterQuestion(one);
    for (const key of keys) {
      one.leg.press(key);
      await settle();
    }
    one.clock.advance(PROMPT_MS + INTER_DIGIT_MS);
    await one.over;
    expect(one.answer()).toEqual({ kind: 'digits', digits });
  }
});

test('# alone is silence', async () => {
  const one = scene(3);
  await afterQuestion(one);
  one.leg.press('#');
  await one.over;
  expect(one.answer()).toEqual({ kind: 'time-out', digits: '' });
});

test('a phone without text: keys only', async () => {
  const one = scene(2, false);
  await settle();
  for (const key of '42') one.leg.press(key);
  await one.over;
  expect(one.answer()).toEqual({ kind: 'digits', digits: '42' });
});

test.each(['in', 'after'])('who hangs up %s the question is not waited for', async (when) => {
  const one = scene();
  await settle();
  if (when === 'after') await afterQuestion(one);
  one.leg.finish({ by: 'customer', reason: 'hung-up' });
  await expect(one.over).rejects.toThrow();
  expect(one.clock.pending).toBe(0);
});
