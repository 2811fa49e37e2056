// The texts of the centre on disk: a broken one never replaces a good one, a good one is live for the next call.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { Issue } from '../support/hilo/api.js';
import { TONES } from '../support/hilo/centre.js';
import { hears, hearsSpeech } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

const { flowsFolder } = inject('hilo');
const FILE = join(flowsFolder, 'main.yaml');
/** The menu leads to the music of `support` without a key. */
const STRAIGHT_TO_SUPPORT = `version: 1
name: main
languages: [es, en]
start: support
steps:
  support: { do: queue, queue: support }
`;

const scene = onStage();
let good: string;
beforeEach(async () => {
  good = await readFile(FILE, 'utf8');
});
afterEach(async () => {
  await scene.close();
  await writeFile(FILE, good);
  await inForce(good);
});

test('a broken file is told with its place, and the old one stays; the mended one is for the next call', async () => {
  await writeFile(FILE, STRAIGHT_TO_SUPPORT.replace('queue: support', 'queue: suport'));
  await eventually('the mistake is told', async () =>
    (await issues()).some(({ file, line }) => file === 'main.yaml' && line === 6),
  );
  const [issue] = await issues();
  expect(`${issue?.message} ${issue?.advice}`).toContain('support');
  const { phone } = await scene.customer();
  const before = await phone.invite('1000');
  await hearsSpeech(before);

  await writeFile(FILE, STRAIGHT_TO_SUPPORT);
  await inForce(STRAIGHT_TO_SUPPORT);
  expect(await issues()).toEqual([]);
  const after = await phone.invite('1000');
  await hears(after, TONES.music);
  // The call in progress still has its menu: 4 is voicemail there.
  await before.audio.press('3');
  await hearsSpeech(before);
  expect(before.byeReceived.happened).toBe(false);
});

test('a flow with mistakes is refused by the API with the place, and nothing changes', async () => {
  const broken = STRAIGHT_TO_SUPPORT.replace('do: queue', 'do: queu');
  await expect(scene.api.publish('main', broken)).rejects.toThrow(/422.*"line":6/s);
  expect(await readFile(FILE, 'utf8')).toBe(good);
});

async function issues(): Promise<readonly Issue[]> {
  return (await scene.api.get<{ issues: Issue[] }>('/api/flows')).issues;
}

async function inForce(text: string): Promise<void> {
  await eventually('the text is in force', async () => (await scene.api.flow('main')) === text);
}
