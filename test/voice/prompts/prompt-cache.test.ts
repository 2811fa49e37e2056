import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWav } from '../../../src/core/sound/wav-reading.js';
import { writeWav } from '../../../src/core/sound/wav-writing.js';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { type Log, silentLog } from '../../../src/lib/log.js';
import { beeps, MAX_PARALLEL, MAX_WAITING, PromptCache } from '../../../src/voice/prompts/prompt-cache.js';
import { espeak, SpeechMissing, type Synthesise } from '../../../src/voice/prompts/speech.js';
import { eventually } from '../../support/servers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-prompts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function cacheOf(synthesise: Synthesise, log: Log = silentLog): PromptCache {
  const folders = { recordedFolder: join(folder, 'recorded'), spokenFolder: join(folder, 'spoken') };
  return new PromptCache({ ...folders, synthesise, ids: systemIds, log });
}

const tone: Synthesise = async () => Buffer.from(writeWav(beeps(1)));
const power = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe('spoken prompts', () => {
  it('are made once, also when asked for at the same time, and found again by the next process', async () => {
    let made = 0;
    const counting: Synthesise = async (text, voice) => {
      made += 1;
      return tone(text, voice);
    };
    const cache = cacheOf(counting);
    const [a, b] = await Promise.all([cache.spoken('Hola', 'es'), cache.spoken('  Hola ', 'es')]);
    expect(a).toBe(b);
    expect(await cacheOf(counting).spoken('Hola', 'es')).toBe(a);
    expect(made).toBe(1);
    expect(await cache.spoken('Hola', 'en')).not.toBe(a);
    expect(await cache.spoken('Hola', 'es', 'es+f2')).not.toBe(a);
    expect(readdirSync(join(folder, 'spoken')).every((name) => /^[0-9a-f]{40}\.wav$/.test(name))).toBe(true);
  });

  it('are 8 kHz, mono, 16 bit, of the loudness of all others, when espeak-ng says them', async () => {
    const cache = cacheOf(espeak(systemClock));
    const paths = await Promise.all([
      cache.spoken('Bienvenido. Para ventas, marque dos.', 'es'),
      cache.spoken('Welcome to our service.', 'en'),
    ]);
    for (const path of paths) {
      const bytes = readFileSync(path);
      const sound = readWav(bytes);
      expect([sound.rate, bytes.readUInt16LE(22), bytes.readUInt16LE(34)]).toEqual([8000, 1, 16]);
      expect(sound.samples.length).toBeGreaterThan(8000);
      const decibels = 20 * Math.log10(power(sound.samples));
      expect(decibels).toBeGreaterThan(-24);
      expect(decibels).toBeLessThan(-17);
    }
  });

  it('can be listened to in any voice without being kept', async () => {
    const cache = cacheOf(espeak(systemClock));
    const [man, woman] = [await cache.preview('Bienvenido', 'es'), await cache.preview('Bienvenido', 'es', 'es+f2')];
    expect(readWav(woman).rate).toBe(8000);
    expect(Buffer.from(man).equals(Buffer.from(woman))).toBe(false);
    expect(existsSync(join(folder, 'spoken'))).toBe(false);
    await expect(cache.preview('x', 'es', 'xx-nobody')).rejects.toThrow();
  });

  it('become a tone without espeak-ng, with one complaint', async () => {
    const complaints: object[] = [];
    const log: Log = { ...silentLog, error: (fields) => complaints.push(fields) };
    const cache = cacheOf(espeak(systemClock, '/no/such/espeak-ng'), log);
    const paths = [await cache.spoken('uno', 'es'), await cache.spoken('dos', 'es')];
    expect(new Set(paths)).toEqual(new Set([join(folder, 'spoken', 'tone.wav')]));
    expect(power(readWav(readFileSync(paths[0] ?? '')).samples)).toBeGreaterThan(0.05);
    expect(complaints).toEqual([{ reason: expect.stringContaining('apt-get install espeak-ng') }]);
  });

  it('that fail are tried again', async () => {
    let fails = true;
    const cache = cacheOf(async (text, voice) => {
      if (fails) throw new Error('killed');
      return tone(text, voice);
    });
    expect(await cache.spoken('uno', 'es')).toContain('tone.wav');
    fails = false;
    expect(await cache.spoken('uno', 'es')).not.toContain('tone.wav');
  });

  it('are made few at a time, and beyond the queue the tone is heard', async () => {
    let running = 0;
    let most = 0;
    let go = (): void => undefined;
    const everybodyAsked = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow: Synthesise = async (text, voice) => {
      most = Math.max(most, ++running);
      await everybodyAsked;
      running -= 1;
      return tone(text, voice);
    };
    const cache = cacheOf(slow);
    const wanted = MAX_PARALLEL + MAX_WAITING + 3;
    const paths: string[] = [];
    const all = Array.from({ length: wanted }, (_, n) =>
      cache.spoken(`text ${n}`, 'es').then((path) => paths.push(path)),
    );
    await eventually('three are not waited for', () => paths.length === 3);
    expect(paths.every((path) => path.endsWith('tone.wav'))).toBe(true);
    go();
    await Promise.all(all);
    expect(most).toBe(MAX_PARALLEL);
    expect(paths.filter((path) => path.endsWith('tone.wav'))).toHaveLength(3);
  });

  it('leave no half file behind', async () => {
    const cache = cacheOf(async () => Buffer.from('not a WAV'));
    await cache.spoken('x', 'es');
    expect(readdirSync(join(folder, 'spoken'))).toEqual(['tone.wav']);
  });

  it('never fail, not even when nothing can be written', async () => {
    writeFileSync(join(folder, 'spoken'), 'a file where the folder should be');
    expect(await cacheOf(tone).spoken('x', 'es')).toBe(join(folder, 'spoken', 'tone.wav'));
  });

  it('a missing program is told apart from one that fails', async () => {
    await expect(espeak(systemClock, '/no/such')('x', 'es')).rejects.toBeInstanceOf(SpeechMissing);
    await expect(espeak(systemClock, 'false')('x', 'es')).rejects.not.toBeInstanceOf(SpeechMissing);
  });
});

describe('recorded prompts', () => {
  it('are found by language and name, and nothing else is', () => {
    mkdirSync(join(folder, 'recorded', 'es', 'menu'), { recursive: true });
    writeFileSync(join(folder, 'recorded', 'es', 'welcome.wav'), '');
    writeFileSync(join(folder, 'recorded', 'es', 'menu', 'main.wav'), '');
    writeFileSync(join(folder, 'secret.wav'), '');
    const cache = cacheOf(tone);
    expect(cache.recorded('welcome', 'es')).toBe(join(folder, 'recorded', 'es', 'welcome.wav'));
    expect(cache.recorded('menu/main', 'es')).toBe(join(folder, 'recorded', 'es', 'menu', 'main.wav'));
    const odd = ['../../secret', '..', '/etc/passwd', 'menu/../welcome', 'welcome.wav', 'wel\u0000come', ''];
    expect(odd.map((name) => cache.recorded(name, 'es'))).toEqual(odd.map(() => undefined));
    expect(cache.recorded('secret', '..')).toBeUndefined();
    expect(cache.recorded('welcome', 'en')).toBeUndefined();
  });
});
