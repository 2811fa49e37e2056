import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../../src/lib/log.js';
import {
  Library,
  MUSIC_NAMES_MAX,
  MUSIC_SAMPLES_MAX,
  TONE_FILE_BYTES_MAX,
} from '../../../../src/switch/media/audio/library.js';
import type { Voice } from '../../../../src/switch/media/audio/voice.js';
import { wavHeader } from '../../../../src/switch/media/audio/wav-writer.js';
import { decode, PCMU } from '../../../../src/switch/rtp/g711.js';
import { purity, sine } from '../rtp-phone.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-media-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, samples: Int16Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat([wavHeader(1, samples.length * 2), Buffer.from(samples.buffer)]));
  return path;
}

function library(own: { promptBytesMax?: number; cacheBytesMax?: number } = {}): Library {
  return new Library({ musicFolder: folder, log: silentLog, ...own });
}

/** Hears a voice to its end, giving the disk time where it is read on. */
async function hear(voice: Voice | undefined, framesMax = 10_000): Promise<Int16Array> {
  const out = Buffer.alloc(160);
  const heard: Buffer[] = [];
  for (let frame = 0; frame < framesMax; frame++) {
    const count = voice?.fill(out, 0, 160, frame) ?? 0;
    heard.push(Buffer.from(out.subarray(0, count)));
    if (count < 160) break;
    if (frame % 10 === 0) await diskTurn();
  }
  return decode(Buffer.concat(heard), PCMU);
}

/** What was asked of the disk before is answered afterwards: this takes several of its turns. */
async function diskTurn(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await readFile(import.meta.filename);
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a file of tones', () => {
  const tones = async (text: string): Promise<string> => {
    const path = join(folder, 'ring.ttml');
    await writeFile(path, text);
    return path;
  };

  test('is played as written in it, as often as the file string says', async () => {
    const path = await tones('%(100,100,440)\n');
    const voice = await library().open({ kind: 'tone-file', path, loops: 2 }, PCMU);
    const heard = await hear(voice);
    expect(heard).toHaveLength(3_200);
    expect(purity(heard.subarray(1_600, 2_400), 440)).toBeGreaterThan(0.99);
  });

  test.each([
    ['missing', undefined],
    ['rubbish', 'hello'],
    ['too long', `%(100,0,440)${' '.repeat(TONE_FILE_BYTES_MAX)}`],
  ])('that is %s is not played', async (_, text) => {
    const path = text === undefined ? join(folder, 'none') : await tones(text);
    expect(await library().open({ kind: 'tone-file', path }, PCMU)).toBeUndefined();
  });
});

describe('the memory of prompts', () => {
  test('holds a prompt once, however often and by how many it is asked for', async () => {
    const path = await write('a.wav', sine(440, 8_000));
    const prompts = library();
    await Promise.all(Array.from({ length: 5 }, () => prompts.open({ kind: 'file', path }, PCMU)));
    await prompts.open({ kind: 'file', path }, PCMU);
    expect(prompts.bytes).toBe(8_000);
  });

  test('is bounded: the prompt heard longest ago goes', async () => {
    const prompts = library({ cacheBytesMax: 20_000 });
    const paths: string[] = [];
    for (let at = 0; at < 5; at++) paths.push(await write(`${at}.wav`, sine(440, 8_000)));
    for (const path of paths) {
      expect(await hear(await prompts.open({ kind: 'file', path }, PCMU))).toHaveLength(8_000);
      expect(prompts.bytes).toBeLessThanOrEqual(20_000);
    }
  });

  test('finds a prompt in the folder of its rate', async () => {
    await mkdir(join(folder, '16000'));
    await write('16000/a.wav', sine(440, 800));
    expect(await library().open({ kind: 'file', path: join(folder, 'a.wav') }, PCMU)).toBeDefined();
  });
});

describe('a file too long for memory', () => {
  test('is heard whole while it is read, from any place, again and again in a list', async () => {
    const samples = Int16Array.from([...sine(440, 80_000), ...sine(900, 40_000)]);
    const path = await write('long.wav', samples);
    const prompts = library({ promptBytesMax: 10_000 });
    const voice = await prompts.open({ kind: 'file', path }, PCMU);
    const heard = await hear(voice);
    voice?.close();
    expect(heard).toHaveLength(120_000);
    expect(purity(heard.subarray(0, 80_000), 440)).toBeGreaterThan(0.99);
    expect(purity(heard.subarray(80_000), 900)).toBeGreaterThan(0.99);
    expect(prompts.bytes).toBe(0);

    const late = await prompts.open({ kind: 'file', path }, PCMU, 80_000);
    const end = await hear(late);
    late?.close();
    expect(end).toHaveLength(40_000);
    expect(purity(end, 900)).toBeGreaterThan(0.99);

    const twice = await prompts.open({ kind: 'list', items: [{ kind: 'file', path }], loops: 2 }, PCMU);
    const both = await hear(twice);
    twice?.close();
    // While the disk is asked for the beginning again there may be a frame or two of silence.
    expect(both.length).toBeGreaterThanOrEqual(240_000);
    expect(both.length).toBeLessThan(244_000);
  });

  test('can be left at any time', async () => {
    const path = await write('long.wav', sine(440, 80_000));
    const voice = await library({ promptBytesMax: 10_000 }).open({ kind: 'file', path }, PCMU);
    await hear(voice, 3);
    voice?.close();
    voice?.close();
    voice?.rewind();
    expect(await hear(voice, 3)).toHaveLength(0);
  });
});

test('music of more names than the limit, or longer than ten minutes, is cut', async () => {
  const prompts = library();
  await write('long.wav', new Int16Array(MUSIC_SAMPLES_MAX + 16_000).fill(5_000));
  const long = await prompts.open({ kind: 'music', name: 'long' }, PCMU);
  const out = Buffer.alloc(160);
  const place = (frame: number): number => {
    long?.fill(out, 0, 160, frame);
    return long?.offset ?? 0;
  };
  expect(place(MUSIC_SAMPLES_MAX / 160 - 1)).toBe(MUSIC_SAMPLES_MAX);
  expect(place(MUSIC_SAMPLES_MAX / 160)).toBe(160);
  for (let name = 1; name < MUSIC_NAMES_MAX; name++) await prompts.open({ kind: 'music', name: `m${name}` }, PCMU);
  await write('late.wav', sine(440, 1_600));
  const late = await prompts.open({ kind: 'music', name: 'late' }, PCMU);
  expect(purity(await hear(late, 50), 440)).toBeLessThan(0.9);
});

test('lists too deep are refused', async () => {
  const nested = (depth: number): Parameters<Library['open']>[0] =>
    depth === 0 ? { kind: 'silence', ms: 20 } : { kind: 'list', items: [nested(depth - 1)] };
  expect(await library().open(nested(4), PCMU)).toBeDefined();
  expect(await library().open(nested(6), PCMU)).toBeUndefined();
});
