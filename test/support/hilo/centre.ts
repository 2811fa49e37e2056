// The sample centre with shorter times for tests, and tones in place of its canned texts, so that what is heard has a name.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { writeWav } from '../../../src/core/sound/wav-writing.js';

const SAMPLE = new URL('../../../ivr-flows/', import.meta.url);
const RATE = 8000;

/** Hertz of what the centre says and plays, and of those who talk: far apart, no multiples of each other. */
export const TONES = {
  music: 880,
  record: 1000,
  regret: 480,
  'nobody-free': 550,
  'message-promised': 635,
  'voicemail-greeting': 730,
  caller: 1130,
  agent: 1570,
  other: 1990,
  supervisor: 2430,
} as const;
export const ALL_TONES: readonly number[] = Object.values(TONES);

/** Numbers of the centre that only tests dial, and where they lead. */
const MORE_NUMBERS = {
  1005: { queue: 'sales' },
  1006: { number: '+34911234567' },
  2004: { agent: 'dora' },
};

/** Serves no queue; her desk phone wants SRTP with keys in SDP. */
const DORA = {
  title: 'Dora Ruiz',
  team: 'night',
  skills: { secrets: 1 },
  devices: [{ sip: 'dora-desk', security: 'sdes' }],
};

export async function writeTestCentre(folder: string, trunkPort: number): Promise<void> {
  await cp(SAMPLE, folder, { recursive: true });
  await changeCentre(folder, (centre) => {
    centre.setIn(['trunks', 'lab', 'outbound', 'port'], trunkPort);
    for (const queue of ['support', 'sales']) {
      centre.setIn(['queues', queue, 'ring'], '3s');
      centre.setIn(['queues', queue, 'wrap-up'], '1s');
      centre.setIn(['queues', queue, 'announce'], 'never');
    }
    centre.setIn(['agents', 'dora'], DORA);
    centre.setIn(['agents', 'carla', 'team'], 'day');
    centre.setIn(['queues', 'nobody', 'max-wait'], '3s');
    centre.setIn(['recovery', 'short-abandon'], '1s');
    centre.setIn(['recovery', 'attempts'], ['0s', '2s']);
    for (const [number, to] of Object.entries(MORE_NUMBERS)) centre.setIn(['numbers', number], { to });
  });
}

/** Changes the running centre, as an administrator with an editor does. */
export async function changeCentre(folder: string, change: (centre: Document) => void): Promise<void> {
  const path = join(folder, 'centre.yaml');
  const centre = parseDocument(await readFile(path, 'utf8'));
  change(centre);
  await writeFile(path, centre.toString());
}

/** Recordings win over speech: the music and four texts become tones. */
export async function writeTones(dataFolder: string): Promise<void> {
  await mkdir(join(dataFolder, 'music'), { recursive: true });
  await writeTone(join(dataFolder, 'music', 'moh.wav'), TONES.music, 4);
  for (const language of ['es', 'en']) {
    const folder = join(dataFolder, 'prompts', language);
    await mkdir(folder, { recursive: true });
    for (const text of ['regret', 'nobody-free', 'message-promised', 'voicemail-greeting'] as const) {
      await writeTone(join(folder, `${text}.wav`), TONES[text], 1.5);
    }
  }
}

export async function writeTone(path: string, hertz: number, seconds: number): Promise<void> {
  const samples = Float32Array.from(
    { length: RATE * seconds },
    (_, at) => 0.4 * Math.sin((2 * Math.PI * hertz * at) / RATE),
  );
  await writeFile(path, writeWav({ rate: RATE, samples }));
}
