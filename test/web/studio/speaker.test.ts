// The loudspeaker of the studio's telephone: what is heard of a turn, in which order, and when it falls silent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Prompt } from '../../../src/core/ivr/ask.js';
import { readWav } from '../../../src/core/sound/wav-reading.js';
import { Workshop } from '../../../src/web/studio/compiler/workshop.js';
import type { Turn } from '../../../src/web/studio/phone/hand-call.js';
import { type Sounding, Speaker, soundsOf } from '../../../src/web/studio/phone/speaker.js';
import { type Tone, toneOf } from '../../../src/web/studio/phone/tones.js';
import { share } from '../../core/sound/tones.js';

const said = (text: string): Sounding => ({ kind: 'prompt', prompt: { kind: 'text', text, language: 'es' } });
const wordOf = (prompt: Prompt): string => (prompt.kind === 'text' ? prompt.text : prompt.name);

/** What plays ends when it is told to. */
class FakePlayer {
  readonly fetched: string[] = [];
  readonly begun: string[] = [];
  #end: () => void = () => undefined;

  readonly speaker = new Speaker({
    fetchSound: async (prompt) => {
      const word = wordOf(prompt);
      this.fetched.push(word);
      if (word === 'unspoken') throw new Error('no voice');
      return new Blob([word === 'nothing' ? '' : word]);
    },
    play: async (sound, isOn, signal) => {
      this.begun.push(`${await sound.text()}${isOn ? ' on and on' : ''}`);
      await new Promise<void>((resolve) => {
        this.#end = resolve;
        signal.addEventListener('abort', () => resolve());
      });
    },
  });

  /** Until so many have begun; then the newest of them comes to its end. */
  async ends(count: number): Promise<void> {
    await expect.poll(() => this.begun.length).toBe(count);
    this.#end();
  }
}

let player: FakePlayer;
beforeEach(() => {
  player = new FakePlayer();
});

test('one is said after the other; the next one is fetched meanwhile, and nothing twice', async () => {
  const saying = player.speaker.say([said('one'), said('nothing'), said('two'), said('one')]);
  await expect.poll(() => player.fetched).toEqual(['one', 'nothing']);
  await player.ends(1);
  await player.ends(2);
  await player.ends(3);
  await saying;
  expect(player.begun).toEqual(['one', 'two', 'one']);
  expect(player.fetched).toEqual(['one', 'nothing', 'two']);
});

test('what is told to stop says nothing more, also when something else is to be said', async () => {
  const stopped = player.speaker.say([said('one'), said('two')]);
  await expect.poll(() => player.begun).toEqual(['one']);
  const next = player.speaker.say([said('three')]);
  await stopped;
  await expect.poll(() => player.begun).toEqual(['one', 'three']);
  player.speaker.stop();
  await next;
  expect(player.begun).toEqual(['one', 'three']);
});

test('what cannot be heard is told, the rest is said, and it is tried again the next time', async () => {
  const first = player.speaker.say([said('unspoken'), said('two')]);
  await player.ends(1);
  await expect(first).rejects.toThrow('no voice');
  expect(player.begun).toEqual(['two']);
  await expect(player.speaker.say([said('unspoken')])).rejects.toThrow('no voice');
  expect(player.fetched.filter((word) => word === 'unspoken')).toHaveLength(2);
});

test('only so many sounds are kept', async () => {
  const fetched: string[] = [];
  const speaker = new Speaker({
    fetchSound: async (prompt) => {
      fetched.push(wordOf(prompt));
      return new Blob(['x']);
    },
    play: async () => undefined,
  });
  const most = Array.from({ length: 60 }, (_, at) => said(`${at}`));
  for (const sounds of [most, most, [said('one more')], most.slice(0, 1), most.slice(-1)]) await speaker.say(sounds);
  expect(fetched).toEqual([...most.keys()].map(String).concat('one more', '0'));
});

test('a call through the sample flow speaks, and plays music to whoever waits', () => {
  const read = (name: string) => readFileSync(join('ivr-flows', `${name}.yaml`), 'utf8');
  const workshop = new Workshop({ centre: read('centre'), main: read('main') });
  const wish = { from: '+34600123123', language: '', date: '2026-01-05', time: '09:00' };
  const heard = (turn: Turn | undefined) =>
    turn === undefined ? [] : soundsOf(turn).map((one) => (one.kind === 'tone' ? one.tone : wordOf(one.prompt)));
  const first = workshop.dial('main', read('main'), wish);
  expect(heard(first)).toEqual(['Hola, gracias por llamar a Hilo.', 'For English, press 2.']);
  expect(first?.question).toMatchObject({ kind: 'keys', isInterruptible: true });
  expect(heard(workshop.answer('1'))).toEqual(['music']);
  workshop.dial('main', read('main'), wish);
  expect(heard(workshop.answer('4'))).toEqual([expect.stringContaining('Deje su mensaje'), 'beep']);
});

test.each<[Tone, number, number]>([
  ['beep', 1_000, 0.4],
  ['ringing', 425, 1.5],
])('%s sounds at %i Hz for %f s, and no longer', async (tone, hertz, seconds) => {
  const { rate, samples } = readWav(new Uint8Array(await toneOf(tone).arrayBuffer()));
  expect(share(hertz, { rate, samples: samples.subarray(0, seconds * rate) })).toBeGreaterThan(0.95);
  expect(samples.subarray(seconds * rate).every((sample) => sample === 0)).toBe(true);
});

test('the music is soft, and ends where it begins again', async () => {
  const { samples } = readWav(new Uint8Array(await toneOf('music').arrayBuffer()));
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(loudest).toBeGreaterThan(0.05);
  expect(loudest).toBeLessThan(0.1);
  expect(Math.abs((samples.at(-1) ?? 1) - (samples[0] ?? 0))).toBeLessThan(0.01);
});
