import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeMelody, MELODY_SAMPLES } from '../../../../src/switch/media/audio/melody.js';
import { wavHeader } from '../../../../src/switch/media/audio/wav-writer.js';
import type { AudioSource } from '../../../../src/switch/media/audio-source.js';
import { decode, encode, PCMA, PCMU } from '../../../../src/switch/rtp/g711.js';
import { type Bench, loudness, openBench, purity, sine } from '../rtp-phone.js';

const music: AudioSource = { kind: 'music', name: 'moh' };

describe('the music of the house', () => {
  test('is quiet, even, never silent for long, without a seam, and the same every time', async () => {
    const piece = await composeMelody(() => Promise.resolve());
    expect(piece).toHaveLength(MELODY_SAMPLES);
    expect(MELODY_SAMPLES % 160).toBe(0);
    const peak = piece.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
    expect(peak).toBeLessThan(32_767 * 0.18);
    for (let at = 0; at < piece.length; at += 8_000) {
      const second = loudness(piece.subarray(at, at + 8_000));
      expect(second).toBeGreaterThan(300);
      expect(second).toBeLessThan(3_000);
    }
    const steps = piece.map((sample, at) => Math.abs(sample - (piece.at(at - 1) ?? 0)));
    // The step from the last sample to the first is no click.
    expect(steps[0]).toBeLessThanOrEqual(steps.slice(1).reduce((most, step) => Math.max(most, step), 0));
    expect(await composeMelody(() => Promise.resolve())).toEqual(piece);
  });
});

describe('hold music', () => {
  let bench: Bench;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hilo-media-'));
    bench = await openBench({ musicFolder: folder });
  });

  afterEach(async () => {
    await bench?.close();
    await rm(folder, { recursive: true });
  });

  async function write(name: string, samples: Int16Array): Promise<void> {
    await writeFile(join(folder, name), Buffer.concat([wavHeader(1, samples.length * 2), Buffer.from(samples.buffer)]));
  }

  test('two listeners hear the same moment, whenever they came and whatever their law', async () => {
    const early = await bench.call(PCMU);
    await early.leg.play(music).started;
    await bench.run(77);
    const late = await bench.call(PCMA);
    const own = late.leg.play(music);
    await own.started;
    const from = early.phone.audio.length;
    await bench.run(100);
    const heardEarly = early.phone.samples(from);
    // Legs of one frame may be in different slots of it.
    const heardLate = late.phone.samples();
    expect(heardLate.length).toBe(heardEarly.length);
    const piece = await composeMelody(() => Promise.resolve());
    const aLaw = decode(encode(piece, PCMA), PCMA);
    const start = aLaw.findIndex(
      (_, at) => at % 160 === 0 && heardLate.every((sample, index) => aLaw[at + index] === sample),
    );
    expect(start).toBeGreaterThanOrEqual(77 * 160);
    const uLaw = decode(encode(piece, PCMU), PCMU);
    expect(heardEarly).toEqual(uLaw.subarray(start, start + heardEarly.length));
  });

  test('goes on from end to beginning', async () => {
    await write('moh.wav', sine(400, 1_600));
    const { leg, phone } = await bench.call();
    await leg.play(music).started;
    await bench.run(100);
    expect(phone.audio).toHaveLength(100);
    expect(purity(phone.samples(), 400)).toBeGreaterThan(0.99);
  });

  test('a folder of files is played in order of names; what is no audio is left out', async () => {
    await mkdir(join(folder, 'jazz'));
    await write('jazz/2.wav', sine(900, 1_600));
    await write('jazz/1.wav', sine(400, 1_600));
    await writeFile(join(folder, 'jazz', '0.wav'), 'nothing');
    const { leg, phone } = await bench.call();
    await leg.play({ kind: 'music', name: 'jazz' }).started;
    await bench.run(60);
    const heard = phone.samples();
    for (const hertz of [400, 900]) {
      const pieces = Array.from({ length: 60 }, (_, at) => heard.subarray(at * 160, at * 160 + 160));
      expect(pieces.filter((piece) => purity(piece, hertz) > 0.8)).toHaveLength(30);
    }
  });

  test('a name without files gets the music of the house', async () => {
    const { leg, phone } = await bench.call();
    await leg.play({ kind: 'music', name: 'none' }).started;
    await bench.run(100);
    expect(loudness(phone.samples())).toBeGreaterThan(300);
  });
});
