// Recordings over HTTP: who may hear what, in parts, never as a page, and who heard it.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SAME_HEARING_MS } from '../../src/api/record/recordings.js';
import type { InteractionEvent } from '../../src/core/interaction/event.js';
import { wavHeader } from '../../src/switch/media/audio/wav-writer.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { answered, arrived, connected, ended, opened, queued, record, type Told } from '../support/record.js';

const REFERENCE = 'H-7K3Q-X2PD';
const CALL = 'c0ffee00-call';
const MESSAGE = 'c0ffee00-voice';
const BYTES = 1_644;

const fact = (type: 'recording-paused' | 'recording-resumed'): InteractionEvent => ({
  type,
  data: { segment: 's1', recording: CALL, by: 'ana' },
});
const talk: readonly Told[] = [
  [0, opened],
  [0, arrived()],
  [1, answered()],
  [2, queued('e1', 2)],
  [5, connected('e1', 3)],
  [5, { type: 'recording-started', data: { segment: 's1', recording: CALL, path: `/elsewhere/${CALL}.wav` } }],
  [15, fact('recording-paused')],
  [16, fact('recording-paused')],
  [25, fact('recording-resumed')],
  [40, fact('recording-paused')],
];
const over: readonly Told[] = [
  ...talk,
  [60, ended('served', { talkedMs: 55_000 })],
  [
    90,
    {
      type: 'voicemail-left',
      data: { segment: 's9', recording: MESSAGE, path: `/x/${MESSAGE}.wav`, durationMs: 8_000, queue: 'sales' },
    },
  ],
];

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
  scene.records.interactions.set('i1', record(over));
  for (const name of ['ana', 'bruno', 'sofia']) await scene.token(name);
  scene.audited.lines.length = 0;
  await mkdir(scene.recordingsFolder, { recursive: true });
  await writeFile(
    join(scene.recordingsFolder, `${CALL}.wav`),
    Buffer.concat([wavHeader(1, 1_600), Buffer.alloc(1_600, 64)]),
  );
});
afterEach(async () => {
  await scene?.close();
  await rm(scene.recordingsFolder, { recursive: true, force: true });
});

const list = async (as: string) =>
  (await scene.ask('GET', '/api/interactions/i1/recordings', { as })).json().recordings;
const hear = (as: string, range?: string, id = CALL, what = 'audio') =>
  scene.ask('GET', `/api/interactions/i1/recordings/${id}/${what}`, {
    as,
    headers: range === undefined ? {} : { range },
  });

describe('what there is', () => {
  test('is the conversation with its pauses, and the message', async () => {
    expect(await list('sofia')).toMatchObject([
      {
        id: CALL,
        kind: 'call',
        agents: ['ana'],
        pauses: [{ fromMs: 10_000, toMs: 20_000 }, { fromMs: 35_000 }],
        state: 'ready',
      },
      { id: MESSAGE, kind: 'voicemail', queue: 'sales', durationMs: 8_000, pauses: [], state: 'gone' },
    ]);
  });

  test.each([
    ['ana', ['ready', 'not-yours']],
    ['bruno', ['not-yours', 'gone']], // serves sales
    ['sofia', ['ready', 'gone']],
  ])('to %s says what is for whom', async (as, states) => {
    expect((await list(as)).map(({ state }: { state: string }) => state)).toEqual(states);
  });

  test('cannot be heard while the call goes on', async () => {
    scene.records.interactions.set('i1', record(talk));
    expect((await list('ana'))[0].state).toBe('running');
    expect((await hear('ana')).json().code).toBe('wrong-state');
  });
});

describe('the sound', () => {
  test('is a file of its own, which no browser takes for anything else', async () => {
    const { statusCode, headers, rawPayload } = await hear('sofia');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': String(BYTES),
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename="${REFERENCE}-call.wav"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(rawPayload).toHaveLength(BYTES);
  });

  test.each([
    ['bytes=0-', 0, BYTES - 1],
    ['bytes=44-143', 44, 143],
    ['bytes=1600-99999', 1_600, BYTES - 1],
    ['bytes=-100', BYTES - 100, BYTES - 1],
    ['bytes=-99999', 0, BYTES - 1],
  ])('%s is that part', async (range, first, last) => {
    const { statusCode, headers, rawPayload } = await hear('ana', range);
    expect(statusCode).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/${BYTES}`);
    expect(rawPayload).toHaveLength(last - first + 1);
  });

  test.each(['bytes=1644-', 'bytes=-0', 'bytes=9999-10000'])('%s is not there: 416', async (range) => {
    const { statusCode, headers } = await hear('ana', range);
    expect(statusCode).toBe(416);
    expect(headers['content-range']).toBe(`bytes */${BYTES}`);
  });

  test.each(['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-3', 'bytes=-', 'nonsense'])('%s: the whole', async (range) => {
    expect((await hear('ana', range)).statusCode).toBe(200);
  });

  test.each([
    ['bruno', CALL, 403],
    ['ana', MESSAGE, 403],
    ['sofia', MESSAGE, 404],
    ['sofia', 'nothing', 404],
    ['sofia', '..%2F..%2Fetc%2Fpasswd', 404],
  ])('%s and %s: %i', async (as, id, status) => {
    expect((await hear(as, undefined, id)).statusCode).toBe(status);
    expect((await hear(as, undefined, id, 'wave')).statusCode).toBe(status);
    expect(scene.audited.lines).toEqual([]);
  });

  test('has a picture', async () => {
    const { durationMs, peaks } = (await hear('ana', undefined, CALL, 'wave')).json();
    expect(durationMs).toBe(100);
    expect(peaks.length).toBe(600);
    expect(Math.max(...peaks)).toBe(50);
  });
});

describe('the audit', () => {
  test('has one line for a hearing, however many parts the player asks for', async () => {
    for (const range of ['bytes=0-', 'bytes=100-200', 'bytes=300-']) await hear('ana', range);
    await hear('sofia');
    expect(scene.audited.lines).toMatchObject([
      {
        by: 'ana',
        act: 'recording-heard',
        on: CALL,
        detail: { interaction: 'i1', reference: REFERENCE, kind: 'call' },
      },
      { by: 'sofia', act: 'recording-heard', on: CALL },
    ]);
    await scene.clock.advance(SAME_HEARING_MS + 1);
    await hear('ana', 'bytes=500-');
    expect(scene.audited.lines).toHaveLength(3);
  });

  test('comes before the sound: what cannot be noted is not heard', async () => {
    scene.audited.available = false;
    expect((await hear('sofia')).statusCode).toBe(503);
    scene.audited.available = true;
    expect((await hear('sofia')).statusCode).toBe(200);
    expect(scene.audited.lines).toHaveLength(1);
  });
});
