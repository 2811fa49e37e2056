// A recording is paused and goes on; what the media server refuses is not said to have happened.
import { expect, test } from 'vitest';
import { Recordings } from '../../../src/app/call/recordings.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { refusal, talking } from './talking.js';

async function recorded() {
  const talk = await talking();
  const recordings = new Recordings({
    ids: seededIds(seededRandom(1)),
    log: silentLog,
    recordingsFolder: '/recordings',
  });
  const told: string[] = [];
  recordings.onChange((interaction) => told.push(recordings.stateOf(interaction)));
  const { call } = talk.talk;
  await recordings.begin(call);
  return { ...talk, call, recordings, told, id: call.thread.id };
}

test('paused, there is silence in it, and both are in the record', async () => {
  const { recordings, customer, scene, id, told, call } = await recorded();
  await recordings.pause(id, 'ana', true);
  await recordings.pause(id, 'ana', true);
  expect([recordings.stateOf(id), customer.recordingMasked]).toEqual(['paused', true]);
  await recordings.pause(id, 'ana', false);
  expect([recordings.stateOf(id), customer.recordingMasked]).toEqual(['on', false]);
  expect(scene.facts('recording-paused')).toMatchObject([{ by: 'ana' }]);
  expect(scene.facts('recording-resumed')).toHaveLength(1);
  await recordings.end(call);
  expect(told).toEqual(['on', 'paused', 'on', 'off']);
});

test('what cannot be silenced goes on, and nobody is told otherwise', async () => {
  const { recordings, customer, scene, id } = await recorded();
  customer.maskRecording = () => Promise.reject(new Error('the media server is away'));
  await expect(recordings.pause(id, 'ana', true)).rejects.toThrow();
  expect(recordings.stateOf(id)).toBe('on');
  expect(scene.facts('recording-paused')).toEqual([]);
});

test('there is none: nothing to pause', async () => {
  const { recordings, call, id } = await recorded();
  await recordings.end(call);
  expect(await refusal(recordings.pause(id, 'ana', true))).toBe('not-found');
});
