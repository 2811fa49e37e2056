// Prompts as people keep them: changed here, known on every node, and never silent while something is amiss.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { converted, LONGEST_MS } from '../../../src/app/prompts/conversion.js';
import {
  CONVERSIONS_MAX,
  PROMPTS_MAX,
  PromptCatalogue,
  REFRESH_MS,
} from '../../../src/app/prompts/prompt-catalogue.js';
import { readWav } from '../../../src/core/sound/wav-reading.js';
import { writeWav } from '../../../src/core/sound/wav-writing.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { joined, share, silence, sine } from '../../core/sound/tones.js';
import { FakePromptStore, FakeSoundFiles } from '../../support/fakes/prompts.js';

const made = {
  spoken: async (text: string) => `/spoken/${text}`,
  recorded: (name: string, language: string) => (name === 'by-hand' ? `/folder/${language}/${name}.wav` : undefined),
};
const pause = (): Promise<void> => new Promise((go) => setImmediate(go));
const ES = { name: 'welcome', language: 'es', by: 'admin' };
const tone = (hertz: number, rate = 44_100, level = 0.4) => writeWav(sine(hertz, rate, { level, seconds: 0.5 }));

let clock: FakeClock;
let store: FakePromptStore;
let files: FakeSoundFiles;
const opened: PromptCatalogue[] = [];
beforeEach(() => {
  [clock, store, files] = [new FakeClock(), new FakePromptStore(), new FakeSoundFiles()];
});
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function node(own = files): Promise<PromptCatalogue> {
  const catalogue = new PromptCatalogue({ store, files: own, made, clock, log: silentLog, pause });
  opened.push(catalogue);
  await catalogue.start();
  return catalogue;
}

/** Until every promise of the look that the clock began is through. */
async function looked(): Promise<void> {
  clock.advance(REFRESH_MS);
  for (let turn = 0; turn < 20; turn++) await pause();
}

describe('a change', () => {
  test('is in force when it is answered: the sound wins, without it the text, without that nothing', async () => {
    const prompts = await node();
    await prompts.setText(ES, { text: ' Bienvenido. ', voice: 'es+f2' });
    expect(prompts.text('welcome', 'es')).toEqual({ text: 'Bienvenido.', voice: 'es+f2' });
    expect(prompts.recorded('welcome', 'es')).toBeUndefined();
    const { revision } = await prompts.setSound(ES, tone(700));
    expect(prompts.recorded('welcome', 'es')).toBe(`/kept/${revision.sound?.hash}.wav`);
    expect(prompts.text('welcome', 'es')).toMatchObject({ text: 'Bienvenido.' });
    expect(prompts.recorded('welcome', 'en')).toBeUndefined();
    await prompts.remove(ES, 'sound');
    expect(prompts.recorded('welcome', 'es')).toBeUndefined();
    expect(prompts.isHeard('welcome', 'es')).toBe(true);
    await prompts.removeAll('welcome', 'admin');
    expect(prompts.isHeard('welcome', 'es')).toBe(false);
    expect(prompts.all()).toEqual([]);
  });

  test('is known on another node, which has its own files, at its next look', async () => {
    const own = new FakeSoundFiles();
    const [here, there] = [await node(), await node(own)];
    const { revision } = await here.setSound(ES, tone(700));
    expect(there.recorded('welcome', 'es')).toBeUndefined();
    await looked();
    expect(there.recorded('welcome', 'es')).toBe(`/kept/${revision.sound?.hash}.wav`);
    expect(own.files.get(revision.sound?.hash ?? '')).toEqual(store.sounds.get(revision.sound?.hash ?? ''));
  });

  test('leaves the file of the one before where callers may be hearing it; the next start deletes it', async () => {
    const prompts = await node();
    const first = await prompts.setSound(ES, tone(700));
    await prompts.setSound(ES, tone(900));
    expect(files.files.size).toBe(2);
    await node();
    expect([...files.files.keys()]).not.toContain(first.report.sound.hash);
    const back = await prompts.rollBack(ES, first.revision.number);
    expect(back.sound?.hash).toBe(first.report.sound.hash);
    expect(prompts.recorded('welcome', 'es')).toContain(first.report.sound.hash);
  });

  test('that somebody else overtook is refused', async () => {
    const prompts = await node();
    const { number } = await prompts.setText({ ...ES, over: 0 }, { text: 'Hola' });
    await prompts.setText({ ...ES, over: number }, { text: 'Buenas' });
    await expect(prompts.setText({ ...ES, over: number }, { text: 'Adiós' })).rejects.toThrow('version-conflict');
    expect(prompts.text('welcome', 'es')?.text).toBe('Buenas');
  });

  test('is told to listeners', async () => {
    const prompts = await node();
    let told = 0;
    const stop = prompts.onChange(() => {
      told += 1;
    });
    await prompts.setText(ES, { text: 'Hola' });
    stop();
    await prompts.setText(ES, { text: 'Buenas' });
    expect(told).toBe(1);
  });
});

describe('when something is amiss', () => {
  test('a sound that cannot be written does not take the place of the one that can be heard', async () => {
    const own = new FakeSoundFiles();
    const [here, there] = [await node(), await node(own)];
    const first = await here.setSound(ES, tone(700));
    await looked();
    own.writable = false;
    const second = await here.setSound(ES, tone(900));
    await looked();
    expect(there.recorded('welcome', 'es')).toContain(first.report.sound.hash);
    own.writable = true;
    await looked();
    expect(there.recorded('welcome', 'es')).toContain(second.report.sound.hash);
  });

  test('a file that was deleted is fetched again; meanwhile the text is heard', async () => {
    const prompts = await node();
    const { report } = await prompts.setSound(ES, tone(700));
    files.files.clear();
    expect(prompts.recorded('welcome', 'es')).toBeUndefined();
    await looked();
    expect(prompts.recorded('welcome', 'es')).toContain(report.sound.hash);
  });

  test('a database that is away changes nothing of what callers hear', async () => {
    const prompts = await node();
    await prompts.setText(ES, { text: 'Hola' });
    store.available = false;
    await looked();
    expect(prompts.text('welcome', 'es')?.text).toBe('Hola');
    await expect(prompts.setText(ES, { text: 'Buenas' })).rejects.toThrow('store-unavailable');
  });

  test('recordings in the folder are heard as before', async () => {
    const prompts = await node();
    expect(prompts.recorded('by-hand', 'en')).toBe('/folder/en/by-hand.wav');
    expect(prompts.isHeard('by-hand', 'en')).toBe(true);
  });
});

describe('bounds', () => {
  test.each([
    [{ text: '  ' }, /1 to 2000/],
    [{ text: 'x'.repeat(2_001) }, /1 to 2000/],
    [{ text: 'Hola {{ name }}' }, /character 6: values are filled in by the texts of flows/],
    [{ text: 'Hola', voice: 'xx' }, /one of es-419/],
  ])('%j is refused', async (text, message) => {
    await expect((await node()).setText(ES, text)).rejects.toThrow(message);
  });

  test('there may be so many prompts', async () => {
    for (let n = 0; n < PROMPTS_MAX; n++) {
      store.kept.push({
        number: n + 1,
        name: `p${n}`,
        language: 'es',
        act: 'text-set',
        by: 'x',
        atMs: 0,
        text: { text: 'x' },
      });
    }
    const prompts = await node();
    await expect(prompts.setText(ES, { text: 'Hola' })).rejects.toThrow(/500 prompts/);
    await prompts.setText({ ...ES, name: 'p1' }, { text: 'Hola' });
  });

  test('few sounds are converted at a time', async () => {
    const prompts = await node();
    const asked = Array.from({ length: CONVERSIONS_MAX + 1 }, (_, n) =>
      prompts.setSound({ ...ES, name: `p${n}` }, tone(700)),
    );
    const came = await Promise.allSettled(asked);
    expect(came.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    await prompts.setSound(ES, tone(700));
  });
});

describe('a sound that is sent', () => {
  test.each([8_000, 16_000, 44_100, 48_000])(
    'at %i Hz is the same tone at both rates, as loud as all prompts',
    async (rate) => {
      const { bytes, sound, warnings } = await converted(tone(1_200, rate, 0.05), pause);
      for (const [file, expected] of [[bytes.narrow, 8_000] as const, [bytes.wide, 16_000] as const]) {
        const read = readWav(file);
        expect(read.rate).toBe(expected);
        expect(share(1_200, read)).toBeGreaterThan(0.99);
      }
      expect(sound).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), loudnessDb: -19, durationMs: 500 });
      expect(warnings).toEqual([]);
    },
  );

  test('is told when it was cut off, when peaks keep it quiet, when it was very quiet', async () => {
    const loud = sine(440, 16_000, { level: 4 });
    expect((await converted(writeWav(loud), pause)).warnings).toEqual(['clipped']);
    const peaky = sine(440, 16_000, { level: 0.02 });
    peaky.samples[8_000] = 0.95;
    expect((await converted(writeWav(peaky), pause)).warnings).toEqual(['peaks']);
    expect((await converted(tone(440, 16_000, 0.004), pause)).warnings).toEqual(['noisy']);
  });

  test.each([
    ['silence', writeWav(silence(8_000, 1)), /nothing but silence/],
    ['a click', writeWav(sine(440, 8_000, { seconds: 0.05 })), /50 ms long/],
    [
      'too much',
      writeWav(joined(silence(8_000, LONGEST_MS / 1_000), sine(440, 8_000))),
      /181\.0 s long: shorten it to 180 s/,
    ],
    ['an MP3', Buffer.from('ID3\x04\0\0\0\0\0\0\0\0'), /this is an MP3, not a WAV: send a WAV/],
  ])('%s is refused with a remedy', async (_what, file, message) => {
    await expect(converted(file, pause)).rejects.toThrow(message);
  });
});
