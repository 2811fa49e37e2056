// What is owed to customers, and what people do about it: each matter listed once, taken by one, settled with a reason.
import { describe, expect, test } from 'vitest';
import type { HiloError } from '../../src/app/errors.js';
import { concerns, holderOf, type WorkItem } from '../../src/app/owed/work-list.js';
import { EVA, LUIS, openScene, type Scene } from './scene.js';

const ANA = { name: 'ana', role: 'agent' } as const;
const BRUNO = { name: 'bruno', role: 'agent' } as const;
const SOFIA = { name: 'sofia', role: 'supervisor' } as const;

async function lost(scene: Scene, number = EVA): Promise<string> {
  const caller = scene.call('1001', number);
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(1_000);
  return scene.records.interactions.at(-1)?.summary.id ?? '';
}

async function promised(scene: Scene, number = EVA): Promise<string> {
  const when = { atMs: scene.clock.nowMs() + 3_600_000 };
  const asking = scene.node.centre.callbackDesk.request({ number, queue: 'support', when });
  await scene.settle();
  return (await asking).interaction.id;
}

/** Somebody spoke on the machine, as the record tells it. */
async function spoke(scene: Scene, queue = 'support', number = EVA): Promise<string> {
  const { interactions } = scene.node.centre;
  const contact = { id: `contact of ${number}`, addresses: [], consent: 'unknown' } as const;
  const thread = interactions.open(contact, { channel: 'voice', value: number });
  const data = { segment: 's1', recording: `r-${number}`, path: '/r.wav', durationMs: 4_000, queue };
  await thread.record({ type: 'voicemail-left', data });
  return thread.id;
}

async function list(scene: Scene): Promise<readonly WorkItem[]> {
  const asking = scene.node.centre.workList.open();
  await scene.settle();
  return asking;
}

async function outcome<T>(scene: Scene, act: Promise<T>): Promise<T | object> {
  const told = act.catch((error: HiloError) => ({ code: error.code, ...error.why }));
  await scene.advance(500);
  return told;
}

const acts = ({ node }: Scene) => node.centre.workActs;

describe('the list', () => {
  test('has everything once, with what was said; whose it is by queue', async () => {
    const scene = await openScene();
    await lost(scene, LUIS);
    const due = await promised(scene, EVA);
    await spoke(scene, 'support', '+34600999111');
    const items = await list(scene);
    expect(items.map(({ kind }) => kind).toSorted()).toEqual(['callback', 'lost', 'voicemail']);
    const { centre } = scene.node;
    expect(items.every((item) => concerns(item, 'ana', centre.centre()))).toBe(true);
    expect(items.some((item) => concerns(item, 'nobody', centre.centre()))).toBe(false);
    const thread = await centre.interactions.resume(due);
    await thread.record({ type: 'note-added', data: { by: 'bruno', text: 'wants an invoice' } });
    const again = await list(scene);
    expect(again.find(({ kind }) => kind === 'callback')?.said).toMatchObject([
      { by: 'colleague', source: 'bruno', text: 'wants an invoice' },
    ]);
  });

  test('a lost customer who is promised a call-back is listed under that alone', async () => {
    const scene = await openScene();
    await lost(scene);
    expect((await list(scene)).map(({ kind }) => kind)).toEqual(['lost']);
    await promised(scene);
    expect((await list(scene)).map(({ kind }) => kind)).toEqual(['callback']);
  });
});

describe('taken', () => {
  test('by one of two who press at once; the other reads who', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    const id = await lost(scene);
    const [one, other = one] = scene.nodes;
    const both = [one?.centre.workActs.take(id, ANA), other?.centre.workActs.take(id, BRUNO)];
    const told = await Promise.all(both.map((act) => outcome(scene, act ?? Promise.reject())));
    const winner = told[0] === undefined ? 'ana' : 'bruno';
    expect(told).toEqual(expect.arrayContaining([undefined, { code: 'wrong-state', reason: 'taken', agent: winner }]));
    expect((await list(scene)).map(holderOf)).toEqual([winner]);
  });

  test('a promised call-back is kept for who took it; a supervisor gives it to another; given back it is anybody’s', async () => {
    const scene = await openScene();
    const id = await promised(scene);
    expect(await outcome(scene, acts(scene).take(id, ANA))).toBeUndefined();
    const thread = await scene.node.centre.interactions.resume(id);
    expect(thread.state.callback).toMatchObject({ state: 'requested', owner: { agent: 'ana' } });
    expect(await outcome(scene, acts(scene).take(id, ANA, 'bruno'))).toMatchObject({ reason: 'supervisors-only' });
    expect(await outcome(scene, acts(scene).take(id, SOFIA, 'bruno'))).toBeUndefined();
    expect((await list(scene)).map(holderOf)).toEqual(['bruno']);
    expect(await outcome(scene, acts(scene).release(id, ANA))).toMatchObject({ reason: 'taken', agent: 'bruno' });
    expect(await outcome(scene, acts(scene).release(id, BRUNO))).toBeUndefined();
    expect(scene.facts('matter-released')).toMatchObject([{ agent: 'bruno', by: 'bruno' }]);
  });

  test('not by who does not serve the queue, nor for who is no agent', async () => {
    const scene = await openScene();
    const id = await lost(scene);
    const stranger = { name: 'nobody', role: 'agent' } as const;
    expect(await outcome(scene, acts(scene).take(id, stranger))).toMatchObject({ reason: 'not-your-queue' });
    expect(await outcome(scene, acts(scene).take(id, SOFIA))).toMatchObject({ reason: 'not-an-agent' });
  });
});

describe('a promised call-back', () => {
  test('is put off to a moment at which the customer may be called', async () => {
    const scene = await openScene();
    const id = await promised(scene);
    const times = acts(scene).times(id);
    await scene.settle();
    const [, later = 0] = await times;
    expect(await outcome(scene, acts(scene).postpone(id, later, ANA))).toBe(later);
    const thread = await scene.node.centre.interactions.resume(id);
    expect(thread.state.callback).toMatchObject({ state: 'requested', dueAtMs: later });
    const past = () => acts(scene).postpone(id, scene.clock.nowMs() - 1, ANA);
    expect(past).toThrow('over');
    expect(() => acts(scene).postpone(id, scene.clock.nowMs() + 15 * 86_400_000, ANA)).toThrow('too far');
  });

  test('is cancelled with the reason, which stands in the record', async () => {
    const scene = await openScene();
    const id = await promised(scene);
    expect(await outcome(scene, acts(scene).cancel(id, 'wrote that it is settled', ANA))).toBeUndefined();
    expect(scene.facts('callback-ended')).toMatchObject([
      { result: 'cancelled', reason: 'cancelled-by-ana', note: 'wrote that it is settled' },
    ]);
    expect(await list(scene)).toEqual([]);
    expect(await outcome(scene, acts(scene).cancel(id, 'again', ANA))).toMatchObject({ reason: 'not-promised' });
  });
});

describe('a lost customer', () => {
  test.each([
    ['recovered', { state: 'recovered', by: 'hand' }],
    ['dismissed', { state: 'declined', reason: 'came by in person' }],
  ] as const)('is %s: off the list', async (as, state) => {
    const scene = await openScene();
    const id = await lost(scene);
    expect(await outcome(scene, acts(scene).settle(id, as, 'came by in person', ANA))).toBeUndefined();
    const thread = await scene.node.centre.interactions.resume(id);
    expect(thread.state.lost).toMatchObject(state);
    expect(await list(scene)).toEqual([]);
    const twice = acts(scene).settle(id, as, 'again', BRUNO);
    expect(await outcome(scene, twice)).toMatchObject({ code: 'wrong-state', reason: 'not-lost' });
  });
});

describe('a voice message', () => {
  test('is new, heard by the first who hears it, and dealt with once', async () => {
    const scene = await openScene();
    const id = await spoke(scene);
    const recording = `r-${EVA}`;
    const state = async () => (await scene.node.centre.interactions.resume(id)).state.voicemails?.[0];
    await acts(scene).heard(id, recording, 'bruno');
    await acts(scene).heard(id, recording, 'ana');
    expect(await state()).toMatchObject({ state: 'heard', by: 'bruno' });
    expect(await outcome(scene, acts(scene).done(id, recording, 'called', ANA))).toBeUndefined();
    expect(await state()).toMatchObject({ state: 'done', by: 'ana', note: 'called' });
    const late = acts(scene).done(id, recording, undefined, BRUNO);
    expect(await outcome(scene, late)).toMatchObject({ reason: 'taken', agent: 'ana' });
    expect(await list(scene)).toEqual([]);
    const done = scene.node.centre.workList.done();
    await scene.settle();
    expect(await done).toMatchObject([{ kind: 'voicemail', voicemail: { by: 'ana' } }]);
    expect(await outcome(scene, acts(scene).reopen(id, recording, ANA))).toBeUndefined();
    expect(await list(scene)).toHaveLength(1);
    expect(await outcome(scene, acts(scene).done(id, 'nothing', undefined, ANA))).toMatchObject({ code: 'not-found' });
  });
});
