// A candidate on some calls: who gets it, when it ends by itself, and that nothing of it is lost on the way.
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { Flows } from '../../../src/app/flows.js';
import {
  BEHIND_MS,
  JUDGE_EVERY_MS,
  LOOK_EVERY_MS,
  PROMOTED_AFTER_MS,
  type RolloutRequest,
  Rollouts,
} from '../../../src/app/publishing/rollouts.js';
import { type ArmCall, compareArms } from '../../../src/core/rollout/comparison.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeFlowHistory } from '../../support/fakes/flow-history.js';
import { FakeFlowFiles } from '../../support/fakes/texts.js';

const TEXTS = Object.fromEntries(
  ['centre.yaml', 'main.yaml'].map((file) => [file, readFileSync(`ivr-flows/${file}`, 'utf8')]),
);
const MAIN = TEXTS['main.yaml'] ?? '';
const EVA = { author: 'eva' };
const OTHER = MAIN.replace('gracias por llamar a Hilo', 'bienvenido a Hilo');

let clock: FakeClock;
let history: FakeFlowHistory;
let files: FakeFlowFiles;
let node: Awaited<ReturnType<typeof openNode>>;

/** A node of the centre: its own texts in force, the history and the folder are everybody's. */
async function openNode(folder = files) {
  const flows = new Flows({ files: folder, store: history, extend: (centre) => centre, clock, log: silentLog });
  await flows.start();
  const rollouts = new Rollouts({ flows, history, clock, ids: seededIds(seededRandom(3)), log: silentLog });
  await rollouts.start();
  return { flows, rollouts };
}

beforeEach(async () => {
  clock = new FakeClock();
  history = new FakeFlowHistory();
  files = new FakeFlowFiles(TEXTS);
  node = await openNode();
});

const request = (changes: Partial<RolloutRequest> = {}): RolloutRequest => ({
  ...{ flow: 'main', candidate: { text: OTHER }, percent: 30, watch: {}, note: 'warmer' },
  ...changes,
});
const callers = Array.from({ length: 1_000 }, (_, index) => `+34600${String(100_000 + index)}`);
/** Callers of a node who get another text than the one in force. */
const staged = ({ flows }: typeof node) =>
  callers.filter((caller) => flows.catalogueFor(caller).flows.get('main')?.revision !== flows.source('main').revision);

/** Lets the clock run, and whatever hangs on it. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= LOOK_EVERY_MS) {
    clock.advance(LOOK_EVERY_MS);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

function badCalls(): ArmCall[] {
  const call = (arm: ArmCall['arm'], lost: boolean): ArmCall => ({
    arm,
    talked: false,
    result: lost ? 'abandoned' : 'served',
  });
  return Array.from({ length: 400 }, (_, index) => call(index % 2 === 0 ? 'candidate' : 'baseline', index % 4 === 0));
}

describe('while it runs', () => {
  test('its share of the callers gets the candidate, always the same ones', async () => {
    await node.rollouts.begin(request(), 'eva');
    const first = staged(node);
    expect(first.length).toBeGreaterThan(240);
    expect(first.length).toBeLessThan(360);
    expect(staged(node)).toEqual(first);
  });

  test('on every node, and after a restart', async () => {
    const second = await openNode();
    await node.rollouts.begin(request(), 'eva');
    await pass(LOOK_EVERY_MS);
    expect(staged(second)).toEqual(staged(node));
    expect(staged(await openNode())).toEqual(staged(node));
  });

  test('there is one at a time', async () => {
    await node.rollouts.begin(request(), 'eva');
    await expect(node.rollouts.begin(request(), 'eva')).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('another change of the centre leaves it as it is', async () => {
    await node.rollouts.begin(request(), 'eva');
    const before = staged(node);
    await node.flows.publish('centre', (TEXTS['centre.yaml'] ?? '').replace('Ana Molina', 'Ana M.'), EVA);
    await pass(LOOK_EVERY_MS);
    expect(staged(node)).toEqual(before);
    expect(node.flows.catalogueFor(before[0] ?? '').flows.get('main')?.steps.size).toBeGreaterThan(5);
  });
});

describe('it does not begin', () => {
  test.each([
    ['with mistakes', { candidate: { text: OTHER.replace('start: welcome', 'start: nowhere') } }, 'invalid-flow'],
    ['with the text in force', { candidate: { text: MAIN } }, 'wrong-state'],
    ['for a flow that is not there', { flow: 'mian' }, 'not-found'],
    ['for the centre, which is everybody’s', { flow: 'centre', candidate: { text: '' } }, 'not-found'],
    ['with a revision that is not there', { candidate: { revision: 'none' } }, 'not-found'],
  ])('%s', async (_, changes, code) => {
    await expect(node.rollouts.begin(request(changes), 'eva')).rejects.toMatchObject({ code });
    expect(await history.running()).toBeUndefined();
    expect(staged(node)).toEqual([]);
  });
});

describe('it ends', () => {
  beforeEach(async () => void (await node.rollouts.begin(request(), 'eva')));
  const state = async () => (await history.newestOf('main'))?.rollout.now;

  test('promoted: everybody gets the candidate, as a revision with its author', async () => {
    const { candidate } = await node.rollouts.promote('main', 'luis');
    expect(node.flows.source('main')).toMatchObject({ text: OTHER, revision: candidate });
    expect(await state()).toMatchObject({ state: 'promoted', by: 'luis' });
    expect((await history.revisions('main', 1))[0]).toMatchObject({ revision: candidate, author: 'luis' });
    expect(staged(node)).toEqual([]);
  });

  test('aborted: nobody gets it any more, here and elsewhere', async () => {
    const second = await openNode();
    await node.rollouts.abort('main', 'luis', 'wrong text');
    await pass(LOOK_EVERY_MS);
    expect([staged(node), staged(second)]).toEqual([[], []]);
    expect(await state()).toMatchObject({ state: 'aborted', by: 'luis', reason: 'wrong text' });
    await expect(node.rollouts.promote('main', 'luis')).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('by itself when its callers fare worse, once, with the figures in the journal', async () => {
    const second = await openNode();
    history.calls = badCalls();
    await pass(2 * JUDGE_EVERY_MS);
    expect(await state()).toMatchObject({ state: 'stopped', why: { worseIn: ['containment', 'abandonment'] } });
    expect([staged(node), staged(second)]).toEqual([[], []]);
    expect(history.lines.map(({ action }) => action)).toEqual(['rollout-started', 'rollout-stopped']);
    const { candidate, baseline } = (await history.newestOf('main'))?.rollout ?? expect.fail('there was one');
    expect(history.lines[1]).toMatchObject({
      by: 'hilo',
      detail: {
        ...{ candidate, baseline, worseIn: ['containment', 'abandonment'] },
        figures: { candidate: { abandoned: 100, calls: 200 }, baseline: { abandoned: 0 } },
      },
    });
    expect(node.flows.source('main').text).toBe(MAIN);
  });

  test('never by itself when nothing is watched', async () => {
    await node.rollouts.abort('main', 'eva', 'again');
    await node.rollouts.begin(request({ watch: { measures: [] } }), 'eva');
    history.calls = badCalls();
    await pass(2 * JUDGE_EVERY_MS);
    expect(await state()).toEqual({ state: 'running' });
  });

  test('by itself when another text comes into force', async () => {
    await node.flows.publish('main', MAIN.replace('Hola, gracias', 'Hola, muchas gracias'), EVA);
    await pass(LOOK_EVERY_MS);
    expect(await state()).toMatchObject({ state: 'aborted', by: 'hilo', reason: 'baseline-changed' });
    expect(staged(node)).toEqual([]);
  });

  test('by itself when the candidate is published in another way', async () => {
    await node.flows.publish('main', OTHER, EVA);
    await pass(PROMOTED_AFTER_MS / 2);
    expect(await state()).toEqual({ state: 'running' });
    await pass(PROMOTED_AFTER_MS);
    expect(await state()).toMatchObject({ state: 'promoted', by: 'hilo' });
    expect(history.lines.at(-1)).toMatchObject({ action: 'rollout-promoted', detail: { reason: 'in-force' } });
  });

  test('promoted, although it is stopped in that moment: what is in force is what counts', async () => {
    const publish = node.flows.publish.bind(node.flows);
    const stored = await history.running();
    node.flows.publish = async (...wish) => {
      const source = await publish(...wish);
      if (stored !== undefined) {
        const why = compareArms(badCalls(), stored.rollout.watch);
        await history.change({ ...stored, rollout: { ...stored.rollout, now: { state: 'stopped', atMs: 0, why } } });
      }
      return source;
    };
    await node.rollouts.promote('main', 'luis');
    expect(await state()).toMatchObject({ state: 'promoted', by: 'luis' });
    expect(node.flows.source('main').text).toBe(OTHER);
  });

  test('by itself when the centre changes so that the candidate has mistakes', async () => {
    await node.rollouts.abort('main', 'eva', 'again');
    const toHours = OTHER.replaceAll('hours: office', 'hours: always');
    await node.rollouts.begin(request({ candidate: { text: toHours } }), 'eva');
    const centre = TEXTS['centre.yaml'] ?? '';
    const without = centre
      .replace('  always:\n', '  night:\n')
      .replace('callback-hours: always', 'callback-hours: night');
    await node.flows.publish('centre', without, EVA);
    await pass(LOOK_EVERY_MS);
    expect(await state()).toMatchObject({ state: 'aborted', by: 'hilo', reason: 'candidate-does-not-compile' });
  });
});

describe('a node that sees the folder late', () => {
  /** A folder on a share that still shows the text of before the baseline. */
  async function late() {
    const before = new FakeFlowFiles({ ...TEXTS, 'main.yaml': MAIN.replace('Hola, gracias', 'Buenas, gracias') });
    return { before, behind: await openNode(before) };
  }

  test('does not end a roll-out whose baseline it has not got yet', async () => {
    const { before, behind } = await late();
    await node.rollouts.begin(request(), 'eva');
    await pass(BEHIND_MS / 2);
    expect(await history.running()).toBeDefined();
    await before.write('main.yaml', MAIN);
    await pass(2 * BEHIND_MS);
    expect(await history.running()).toBeDefined();
    expect(staged(behind)).toEqual(staged(node));
  });

  test('ends it when it never gets it', async () => {
    await late();
    await node.rollouts.begin(request(), 'eva');
    await pass(BEHIND_MS + LOOK_EVERY_MS);
    expect((await history.newestOf('main'))?.rollout.now).toMatchObject({ reason: 'baseline-changed' });
  });
});

test('the calls themselves are read only where a look can be due', async () => {
  let read = 0;
  const callsOf = history.callsOf.bind(history);
  history.callsOf = () => {
    read += 1;
    return callsOf();
  };
  await node.rollouts.begin(request({ watch: { minCalls: 300 } }), 'eva');
  history.calls = badCalls();
  await pass(3 * JUDGE_EVERY_MS);
  expect(read).toBe(0);
  history.calls = [...badCalls(), ...badCalls()].map((call) => ({ ...call, result: 'served' }));
  await pass(3 * JUDGE_EVERY_MS);
  expect(read).toBe(1);
  expect((await history.running())?.rollout.looks).toBe(1);
});

test('a look that is under way when the node is closed is waited for, and none begins after it', async () => {
  let answer: (() => void) | undefined;
  let asked = 0;
  history.running = async () => {
    asked += 1;
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return undefined;
  };
  await pass(LOOK_EVERY_MS);
  let closed = false;
  const closing = node.rollouts.close().then(() => {
    closed = true;
  });
  await pass(LOOK_EVERY_MS);
  expect([closed, asked]).toEqual([false, 1]);
  answer?.();
  await closing;
  await pass(2 * LOOK_EVERY_MS);
  expect(asked).toBe(1);
});

test('tests beside the flow are asked before it begins, unless it is forced', async () => {
  await files.write('main.test.yaml', 'cases: none');
  await expect(node.rollouts.begin(request(), 'eva')).rejects.toMatchObject({ code: 'tests-failed' });
  await node.rollouts.begin(request({ proof: 'untested' }), 'eva');
  await node.rollouts.promote('main', 'eva');
});

test('while the database is away, callers get what they got', async () => {
  await node.rollouts.begin(request(), 'eva');
  const before = staged(node);
  history.running = () => Promise.reject(new Error('away'));
  await pass(JUDGE_EVERY_MS);
  expect(staged(node)).toEqual(before);
});

describe('revisions', () => {
  test('tell who and why, and a text that is only read again tells nothing new', async () => {
    await node.flows.publish('main', OTHER, { author: 'eva', note: 'warmer' });
    await openNode();
    await node.flows.publish('main', MAIN, { author: 'luis' });
    const lines = await history.revisions('main', 10);
    expect(lines.map(({ author, note }) => [author, note])).toEqual([
      ['luis', ''],
      ['eva', 'warmer'],
      ['files', ''],
    ]);
    expect(history.rows.filter(({ name }) => name === 'main')).toHaveLength(3);
  });
});
