import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wavHeader } from '../../../src/switch/media/audio/wav-writer.js';
import type { AudioSource } from '../../../src/switch/media/audio-source.js';
import { parseFileString } from '../../../src/switch/media/audio-source.js';
import { PLAYBACKS_MAX } from '../../../src/switch/media/leg/player.js';
import { type G711, PCMA, PCMU, silenceByte } from '../../../src/switch/rtp/g711.js';
import { type Bench, loudness, openBench, purity, sine } from './rtp-phone.js';

let bench: Bench;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-media-'));
  bench = await openBench();
});

afterEach(async () => {
  await bench?.close();
  await rm(folder, { recursive: true });
});

async function prompt(name: string, samples: Int16Array): Promise<AudioSource> {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat([wavHeader(1, samples.length * 2), Buffer.from(samples.buffer)]));
  return { kind: 'file', path };
}

function source(text: string): AudioSource {
  const parsed = parseFileString(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.source;
}

describe('a prompt', () => {
  test.each<[string, G711]>([
    ['PCMU', PCMU],
    ['PCMA', PCMA],
  ])('is heard whole and pure in %s, in even packets', async (_, law) => {
    const { leg, phone } = await bench.call(law);
    const playback = leg.play(await prompt('tone.wav', sine(440, 8_000)));
    expect(await playback.started).toBe(true);
    await bench.run(55);
    expect(await playback.done).toEqual({ outcome: 'done', samples: 8_000, ms: 1_000, lastOffset: 8_000, left: 0 });
    expect(phone.audio).toHaveLength(50);
    expect(purity(phone.samples(), 440)).toBeGreaterThan(0.99);
    expect(loudness(phone.samples())).toBeCloseTo(8_000 / Math.SQRT2, -3);
    const [first] = phone.audio;
    for (const [at, packet] of phone.audio.entries()) {
      expect(packet.ssrc).toBe(first?.ssrc);
      expect(packet.sequence).toBe(((first?.sequence ?? 0) + at) & 0xffff);
      expect(packet.timestamp).toBe(((first?.timestamp ?? 0) + at * 160) >>> 0);
      expect(packet.marker).toBe(at === 0);
    }
  });

  test('that ends within a frame is filled up with silence', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play(await prompt('short.wav', sine(440, 1_000)));
    await playback.started;
    await bench.run(10);
    expect(await playback.done).toMatchObject({ samples: 1_000, ms: 125, lastOffset: 1_000 });
    expect(phone.audio).toHaveLength(7);
    expect(phone.audio.at(-1)?.payload.subarray(40)).toEqual(Buffer.alloc(120, silenceByte(PCMU)));
  });

  test('starts at an offset and ends at a limit', async () => {
    const samples = Int16Array.from([...sine(440, 4_000), ...sine(900, 8_000)]);
    const { leg, phone } = await bench.call();
    const playback = leg.play(await prompt('two.wav', samples), { startSample: 4_000, limitMs: 500 });
    await playback.started;
    await bench.run(40);
    expect(await playback.done).toEqual({ outcome: 'limit', samples: 4_000, ms: 500, lastOffset: 8_000, left: 4_000 });
    expect(phone.audio).toHaveLength(25);
    expect(purity(phone.samples(), 900)).toBeGreaterThan(0.99);
  });

  test('is broken off at once, and says how far it came', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play(await prompt('tone.wav', sine(440, 80_000)));
    await playback.started;
    await bench.run(10);
    playback.stop();
    expect(await playback.done).toMatchObject({ outcome: 'break', samples: 1_600, ms: 200, lastOffset: 1_600 });
    await bench.run(10);
    expect(phone.audio).toHaveLength(10);
  });

  test('that is missing or no WAV is not found, and nothing is sent', async () => {
    const { leg, phone } = await bench.call();
    await writeFile(join(folder, 'text.wav'), 'this is not audio');
    for (const name of ['missing.wav', 'text.wav', '.']) {
      const playback = leg.play({ kind: 'file', path: join(folder, name) });
      expect(await playback.started).toBe(false);
      expect((await playback.done).outcome).toBe('not-found');
    }
    await bench.run(5);
    expect(phone.heard).toHaveLength(0);
  });

  test('that changed on disk is heard anew', async () => {
    const { leg, phone } = await bench.call();
    for (const hertz of [440, 900]) {
      const playback = leg.play(await prompt('tone.wav', sine(hertz, 1_600 + hertz)));
      await playback.started;
      await bench.run(20);
      await playback.done;
      expect(purity(phone.samples(phone.audio.length - 8), hertz)).toBeGreaterThan(0.9);
    }
  });

  test('goes on in the other law after a change of codec', async () => {
    const { leg, phone } = await bench.call(PCMU);
    const playback = leg.play(await prompt('tone.wav', sine(440, 16_000)));
    await playback.started;
    await bench.run(20);
    const other = await bench.phone(PCMA);
    leg.connect(other.remote());
    await bench.run(20);
    expect(purity(phone.samples(), 440)).toBeGreaterThan(0.99);
    expect(purity(other.samples(), 440)).toBeGreaterThan(0.99);
  });
});

describe('lists and streams', () => {
  test('a list plays without gaps and leaves out what is missing', async () => {
    await prompt('a.wav', sine(500, 1_000));
    await prompt('b.wav', sine(500, 1_400));
    const { leg, phone } = await bench.call();
    const playback = leg.play(source(`file_string://${folder}/a.wav!${folder}/missing.wav!${folder}/b.wav`));
    await playback.started;
    await bench.run(20);
    expect(await playback.done).toMatchObject({ outcome: 'done', samples: 2_400, lastOffset: 1_400 });
    expect(phone.audio).toHaveLength(15);
    // 1000 samples are no whole number of frames: a gap of silence would lower the loudness.
    expect(loudness(phone.samples())).toBeCloseTo(8_000 / Math.SQRT2, -2);
  });

  test('a list of which nothing is there is not found', async () => {
    const { leg } = await bench.call();
    const playback = leg.play(source(`file_string://${folder}/x.wav!${folder}/y.wav`));
    expect((await playback.done).outcome).toBe('not-found');
  });

  test('an endless list goes on until it is stopped; an endless list of nothing ends', async () => {
    const item = await prompt('a.wav', sine(500, 320));
    const empty = await prompt('empty.wav', new Int16Array(0));
    const { leg, phone } = await bench.call();
    const endless = leg.play({ kind: 'list', items: [item], loops: -1 });
    await endless.started;
    await bench.run(50);
    expect(phone.audio).toHaveLength(50);
    endless.stop();
    const nothing = leg.play({ kind: 'list', items: [empty, empty], loops: -1 });
    await nothing.started;
    await bench.run(2);
    expect(await nothing.done).toMatchObject({ outcome: 'done', samples: 0 });
  });

  test('silence_stream sends silence for its time, -1 until stopped', async () => {
    const { leg, phone } = await bench.call();
    const timed = leg.play(source('silence_stream://100'));
    await timed.started;
    await bench.run(10);
    expect(await timed.done).toMatchObject({ outcome: 'done', ms: 100 });
    expect(phone.audio).toHaveLength(5);
    expect(loudness(phone.samples())).toBeLessThan(10);
    const endless = leg.play(source('silence_stream://-1'));
    await endless.started;
    await bench.run(100);
    expect(phone.audio).toHaveLength(105);
    endless.stop();
    expect(await endless.done).toMatchObject({ outcome: 'break', ms: 2_000 });
  });

  test('silence_stream with noise is quiet but not silent, for exactly its time', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play(source('silence_stream://1100,400'));
    await playback.started;
    await bench.run(60);
    expect(await playback.done).toMatchObject({ outcome: 'done', ms: 1_100 });
    expect(loudness(phone.samples())).toBeGreaterThan(20);
    expect(loudness(phone.samples())).toBeLessThan(100);
  });

  test('a tone is on and off as written', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play(source('tone_stream://%(200,100,440,480);loops=2'));
    await playback.started;
    await bench.run(40);
    expect(await playback.done).toMatchObject({ outcome: 'done', ms: 600 });
    const heard = phone.samples();
    for (const start of [0, 2_400]) {
      const on = heard.subarray(start, start + 1_600);
      expect(purity(on, 440) + purity(on, 480)).toBeGreaterThan(0.9);
      expect(loudness(heard.subarray(start + 1_600, start + 2_400))).toBeLessThan(10);
    }
  });
});

describe('playbacks one within the other', () => {
  test('the newer one suspends the older, which then goes on where it was', async () => {
    const { leg, phone } = await bench.call();
    const music = leg.play(await prompt('long.wav', sine(440, 8_000)));
    await music.started;
    await bench.run(20);
    const announcement = leg.play(await prompt('say.wav', sine(900, 3_200)));
    await announcement.started;
    await bench.run(60);
    expect(await announcement.done).toMatchObject({ outcome: 'done', samples: 3_200 });
    expect(await music.done).toMatchObject({ outcome: 'done', samples: 8_000 });
    expect(phone.audio).toHaveLength(70);
    const heard = phone.samples();
    expect(purity(heard.subarray(0, 3_200), 440)).toBeGreaterThan(0.99);
    expect(purity(heard.subarray(3_200, 6_400), 900)).toBeGreaterThan(0.99);
    expect(purity(heard.subarray(6_400), 440)).toBeGreaterThan(0.99);
  });

  test('the older one can be stopped below the newer', async () => {
    const { leg } = await bench.call();
    const older = leg.play(source('silence_stream://-1'));
    const newer = leg.play(source('silence_stream://-1'));
    await newer.started;
    older.stop();
    expect((await older.done).outcome).toBe('break');
    newer.stop();
    expect((await newer.done).outcome).toBe('break');
  });

  test('too many are refused', async () => {
    const { leg } = await bench.call();
    const playbacks = Array.from({ length: PLAYBACKS_MAX }, () => leg.play(source('silence_stream://-1')));
    const refused = leg.play(source('silence_stream://-1'));
    expect((await refused.done).outcome).toBe('not-found');
    for (const playback of playbacks) playback.stop();
    await Promise.all(playbacks.map((playback) => playback.done));
  });
});

describe('a leg', () => {
  test('that closes breaks off what it plays, tells its statistics and refuses more', async () => {
    const { leg } = await bench.call();
    const playback = leg.play(source('silence_stream://-1'));
    await playback.started;
    await bench.run(5);
    const statistics = await leg.close();
    expect(statistics.sent).toMatchObject({ packets: 5, bytes: 800 });
    expect((await playback.done).outcome).toBe('break');
    const late = leg.play(source('silence_stream://-1'));
    expect(await late.started).toBe(false);
    expect((await late.done).outcome).toBe('break');
    expect(await leg.stats()).toEqual(statistics);
    expect(await leg.close()).toEqual(statistics);
  });

  test('without a remote sends nothing, while its playback goes on in time', async () => {
    const { leg, phone } = await bench.call();
    leg.disconnect();
    const playback = leg.play(source('silence_stream://200'));
    await playback.started;
    await bench.run(11);
    expect((await playback.done).outcome).toBe('done');
    expect(phone.heard).toHaveLength(0);
  });

  test.each([
    ['0.0.0.0', 4_000],
    ['not an address', 4_000],
    ['::1', 4_000],
    ['127.0.0.1', 0],
    ['127.0.0.1', 70_000],
  ])('takes %s port %i as no remote', async (address, port) => {
    const { leg } = await bench.call();
    leg.connect({ address, port, payloadType: 0, send: true, receive: true, latch: true });
    const playback = leg.play(source('silence_stream://100'));
    await playback.started;
    await bench.run(6);
    expect((await leg.stats()).sent.packets).toBe(0);
  });

  test('that is its own remote sends nothing to itself', async () => {
    const { leg } = await bench.call();
    leg.connect({ address: leg.address, port: leg.port, payloadType: 0, send: true, receive: true, latch: true });
    leg.play(source('silence_stream://100'));
    await bench.run(10);
    expect((await leg.stats()).sent.packets).toBe(0);
  });

  test('that may only receive sends nothing', async () => {
    const { leg, phone } = await bench.call(PCMU, { send: false });
    const playback = leg.play(source('silence_stream://100'));
    await playback.started;
    await bench.run(6);
    expect(phone.heard).toHaveLength(0);
  });

  test('mutes what the remote party hears, without a gap in the stream', async () => {
    const { leg, phone } = await bench.call();
    const playback = leg.play(await prompt('tone.wav', sine(440, 16_000)));
    await playback.started;
    leg.mute('write', true);
    await bench.run(10);
    leg.mute('write', false);
    await bench.run(10);
    expect(phone.audio).toHaveLength(20);
    expect(loudness(phone.samples().subarray(0, 1_600))).toBeLessThan(10);
    expect(purity(phone.samples(10), 440)).toBeGreaterThan(0.99);
  });
});
