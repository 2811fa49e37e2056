// What one node asks of another: done once, answered; and what is said when letters are lost or nobody is there.
import { expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import {
  ANSWER_LIMIT_MS,
  ASKED_MAX,
  BEGIN_LIMIT_MS,
  DONE_MAX,
  Errands,
  SILENT_LIMIT_MS,
} from '../../../src/app/nodes/errands.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeLetters } from '../../support/fakes/letters.js';

const DOER = 'n2';

function scene() {
  const clock = new FakeClock();
  const letters = new FakeLetters(clock);
  const node = (name: string, seed: number) =>
    new Errands({ letters, node: name, clock, ids: seededIds(seededRandom(seed)), log: silentLog });
  const done: string[] = [];
  const asker = node('n1', 1);
  const doer = node(DOER, 2);
  let answer = async (text: string): Promise<string> => `${text}: done`;
  doer.onErrand((text) => {
    done.push(text);
    return answer(text);
  });
  return {
    ...{ clock, letters, asker, doer, done },
    /** The doer takes as long as the test wants. */
    holdAnswers(): (text: string) => void {
      let give: (text: string) => void = () => undefined;
      answer = () =>
        new Promise((resolve) => {
          give = resolve;
        });
      return (text) => give(text);
    },
    /** What becomes of it, as a word. */
    outcome: (asked: Promise<string>): Promise<string> =>
      asked.catch((error: unknown) => (error instanceof HiloError ? error.code : String(error))),
    async after(ms: number, stepMs = 250): Promise<void> {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await turns();
        clock.advance(stepMs);
      }
      await turns();
    },
  };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** So many of them are lost. */
function first(count: number, kind: string): (node: string, text: string) => boolean {
  let lost = 0;
  return (_node, text) => {
    if (JSON.parse(text).kind !== kind || lost >= count) return false;
    lost += 1;
    return true;
  };
}

test('is done by the other node, which answers', async () => {
  const { asker, done } = scene();
  expect(await asker.ask(DOER, 'hold')).toBe('hold: done');
  expect(done).toEqual(['hold']);
});

test('an answer that is lost is given again, and nothing is done twice', async () => {
  const { asker, done, letters, outcome, after } = scene();
  letters.loses = first(2, 'answer');
  const asked = outcome(asker.ask(DOER, 'hold'));
  await after(4_000);
  expect(await asked).toBe('hold: done');
  expect(done).toEqual(['hold']);
});

test('a letter that is lost is written again', async () => {
  const { asker, done, letters, outcome, after } = scene();
  letters.loses = first(1, 'errand');
  const asked = outcome(asker.ask(DOER, 'hold'));
  await after(2_000);
  expect(await asked).toBe('hold: done');
  expect(done).toEqual(['hold']);
});

test('nobody listens there: nothing was done, and it is said', async () => {
  const { asker, outcome, after } = scene();
  const asked = outcome(asker.ask('n3', 'hold'));
  await after(BEGIN_LIMIT_MS + 2_000);
  expect(await asked).toBe('node-away');
});

test('no answer ever comes: it is said that nobody knows', async () => {
  const { asker, done, letters, outcome, after } = scene();
  letters.loses = (node) => node === 'n1';
  const asked = outcome(asker.ask(DOER, 'hang up'));
  await after(BEGIN_LIMIT_MS + 2_000);
  expect(await asked).toBe('outcome-unknown');
  expect(done).toEqual(['hang up']);
});

test('what comes too late is not done any more', async () => {
  const { asker, done, letters, clock, outcome, after } = scene();
  const late: string[] = [];
  letters.loses = (node, text) => node === DOER && late.push(text) > 0;
  const asked = outcome(asker.ask(DOER, 'hold'));
  await after(BEGIN_LIMIT_MS + 2_000);
  expect(await asked).toBe('outcome-unknown');
  letters.loses = () => false;
  clock.advance(1_000);
  await letters.send(DOER, late[0] ?? '');
  await turns();
  expect(done).toEqual([]);
});

test('what takes long is waited for as long as the other node gives signs of life', async () => {
  const { asker, done, outcome, after, holdAnswers } = scene();
  const give = holdAnswers();
  const asked = outcome(asker.ask(DOER, 'take over'));
  await after(30_000, 1_000);
  give('answered');
  await after(1_000);
  expect(await asked).toBe('answered');
  expect(done).toEqual(['take over']);
});

test('the other node dies in the middle of it', async () => {
  const { asker, doer, outcome, after, holdAnswers } = scene();
  holdAnswers();
  const asked = outcome(asker.ask(DOER, 'take over'));
  await after(3_000);
  doer.close();
  await after(SILENT_LIMIT_MS + 2_000);
  expect(await asked).toBe('outcome-unknown');
});

test('nothing is waited for without end', async () => {
  const { asker, outcome, after, holdAnswers } = scene();
  holdAnswers();
  const asked = outcome(asker.ask(DOER, 'take over'));
  await after(ANSWER_LIMIT_MS + 3_000, 1_000);
  expect(await asked).toBe('outcome-unknown');
});

test('a store that fails before anything was sent: nothing was done', async () => {
  const { asker, letters, outcome } = scene();
  letters.timeMs = () => Promise.reject(new HiloError('store-unavailable', 'away'));
  expect(await outcome(asker.ask(DOER, 'hold'))).toBe('store-unavailable');
});

test('so many at a time, no more', async () => {
  const { asker, outcome, after, holdAnswers } = scene();
  holdAnswers();
  for (let count = 0; count < ASKED_MAX; count += 1) void outcome(asker.ask(DOER, `${count}`));
  await after(250);
  expect(await outcome(asker.ask(DOER, 'one more'))).toBe('too-many-requests');
});

test('old answers make room for new errands', async () => {
  const { asker, done } = scene();
  for (let count = 0; count < DONE_MAX + 10; count += 1) await asker.ask(DOER, `${count}`);
  expect(done).toHaveLength(DONE_MAX + 10);
});

test.each(['', 'null', '{', '{"kind":"other"}', '[]'])('%j is no letter, and does no harm', async (text) => {
  const { asker, letters } = scene();
  await letters.send(DOER, text);
  expect(await asker.ask(DOER, 'hold')).toBe('hold: done');
});
