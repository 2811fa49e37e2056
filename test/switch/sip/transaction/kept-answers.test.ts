import { expect, it } from 'vitest';
import { FakeClock } from '../../../../src/lib/clock.js';
import { KeptAnswers, MAX_KEPT_ANSWERS, MAX_KEPT_BYTES } from '../../../../src/switch/sip/transaction/kept-answers.js';

const KEEP_MS = 32_000;

function kept(): { readonly answers: KeptAnswers; readonly clock: FakeClock; readonly sent: string[] } {
  const clock = new FakeClock();
  return { answers: new KeptAnswers(clock, KEEP_MS), clock, sent: [] };
}

const answer = (name: string, sent: string[] = []) => ({
  exact: name,
  merge: `merge ${name}`,
  bytes: Buffer.from(name),
  reply: (bytes: Buffer): void => void sent.push(bytes.toString()),
});

it('repeats an answer until its time is over, each at its own', () => {
  const { answers, clock, sent } = kept();
  answers.keep(answer('a', sent));
  clock.advance(1_000);
  answers.keep(answer('b', sent));
  clock.advance(KEEP_MS - 1_001);
  expect([answers.repeat('a'), answers.hasMerged('merge a'), answers.repeat('c')]).toEqual([true, true, false]);
  clock.advance(1);
  expect([answers.repeat('a'), answers.hasMerged('merge a'), answers.repeat('b')]).toEqual([false, false, true]);
  clock.advance(1_000);
  expect([answers.size, clock.pending, sent]).toEqual([0, 0, ['a', 'b']]);
});

it(`keeps ${MAX_KEPT_ANSWERS}: the oldest makes room`, () => {
  const { answers } = kept();
  for (let n = 0; n <= MAX_KEPT_ANSWERS; n++) answers.keep(answer(String(n)));
  expect(answers.size).toBe(MAX_KEPT_ANSWERS);
  expect([answers.repeat('0'), answers.repeat('1'), answers.repeat(String(MAX_KEPT_ANSWERS))]).toEqual([
    false,
    true,
    true,
  ]);
});

it('leaves nothing running when it is cleared', () => {
  const { answers, clock } = kept();
  answers.keep(answer('a'));
  answers.clear();
  expect([answers.size, clock.pending]).toEqual([0, 0]);
});

it('keeps no more bytes than it may, whatever the number', () => {
  const { answers } = kept();
  const large = Buffer.alloc(MAX_KEPT_BYTES / 16);
  for (let n = 0; n < 20; n++) answers.keep({ ...answer(String(n)), bytes: large });
  expect([answers.size, answers.repeat('3'), answers.repeat('4'), answers.hasMerged('merge 3')]).toEqual([
    16,
    false,
    true,
    false,
  ]);
  for (let n = 20; n < 40; n++) answers.keep(answer(String(n)));
  expect(answers.size).toBe(35); // one large one made room for all the small
});
