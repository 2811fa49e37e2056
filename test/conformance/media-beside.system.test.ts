// What goes on beside and between the applications of a leg: keys bound, levels, rounds, echo, one side recorded, and
// who is taken over or held (compatibility F1-F3).
import { type EventEmitter, once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Connected } from '../switch/event-socket/media-scene.js';
import { heardMs, readWav } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { mixedMs } from './mixed-tones.js';
import { conforms } from './pair.js';

const HZ = { a: 500, b: 700, c: 1100 };
let scene: MediaScene;
let a: Connected;
let b: Connected;
let c: Connected;
beforeAll(async () => {
  scene = await MediaScene.open();
  [a, b, c] = [await scene.caller(), await scene.caller(), await scene.caller()];
  for (const { endpoint } of [a, b, c]) {
    await endpoint.set({ park_after_bridge: 'true', hold_music: 'tone_stream://%(1000,0,900);loops=-1' });
  }
});
afterAll(() => scene?.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const api = async (command: string): Promise<string> => (await scene.media.api(command)).trim();
const level = ({ rtp }: Connected): number =>
  Math.sqrt(rtp.samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, rtp.samples.length));

async function hears({ rtp }: Connected, hz: number): Promise<void> {
  rtp.forget();
  await scene.until(`${hz} Hz`, () => mixedMs(rtp.samples, hz) >= 200);
}
async function levelNow(who: Connected): Promise<number> {
  await pause(200);
  who.rtp.forget();
  await pause(300);
  return level(who);
}
function talk(): void {
  a.rtp.say(HZ.a);
  b.rtp.say(HZ.b);
  c.rtp.say(HZ.c);
}

describe('a leg alone', () => {
  conforms('hears a file as often as is wanted, and as it is once', async () => {
    const file = scene.tone('round.wav', 1300, 300);
    for (const [argument, times] of [
      [`+3 ${file}`, 3],
      [file, 1],
    ] as const) {
      a.rtp.forget();
      const event = await a.endpoint.execute('loop_playback', argument);
      expect(event.getHeader('Application-Response')).toBe('FILE PLAYED');
      await pause(100);
      expect(heardMs(a.rtp.samples, 1300)).toBeGreaterThan(times * 240);
      expect(heardMs(a.rtp.samples, 1300)).toBeLessThan(times * 330);
    }
  });

  conforms('hears itself until it is taken elsewhere', async () => {
    a.rtp.say(HZ.a);
    const echo = a.endpoint.execute('echo');
    await hears(a, HZ.a);
    await api(`uuid_transfer ${a.endpoint.uuid} park inline`);
    await echo;
    expect(await levelNow(a)).toBeLessThan(100);
    a.rtp.say(undefined);
  });

  conforms('has keys that do something by themselves, and keys that count for nothing', async () => {
    const { endpoint, rtp } = a;
    await endpoint.execute('bind_digit_action', 'mine,55,exec:set,hilo_bound=yes');
    await endpoint.execute('digit_action_set_realm', 'mine');
    const waiting = endpoint.execute('sleep', '4000');
    await rtp.press('55');
    const bound = async (): Promise<unknown> => (await endpoint.getChannelVariables())['variable_hilo_bound'];
    for (let tries = 0; tries < 50 && (await bound()) !== 'yes'; tries++) await pause(50);
    expect(await bound()).toBe('yes');
    await waiting;
    await endpoint.execute('clear_digit_action', 'all');
    await endpoint.execute('block_dtmf');
    const ask = { min: 1, max: 1, tries: 1, timeout: 1_000, file: 'silence_stream://50' };
    const none = endpoint.playCollect(ask);
    await pause(300);
    await rtp.press('7');
    expect((await none).digits).toBeNull();
    await endpoint.execute('unblock_dtmf');
    const one = endpoint.playCollect(ask);
    await pause(300);
    await rtp.press('7');
    expect((await one).digits).toBe('7');
  });
});

describe('two who talk', () => {
  beforeAll(async () => {
    talk();
    await a.endpoint.bridge(b.endpoint);
    await hears(a, HZ.b);
  });

  conforms('are made softer, silent, and as they were', async () => {
    const usual = await levelNow(b);
    expect(await api(`uuid_audio ${a.endpoint.uuid} start read level -4`)).toMatch(/^\+OK/);
    const soft = await levelNow(b);
    expect(soft / usual).toBeGreaterThan(0.05);
    expect(soft / usual).toBeLessThan(0.5);
    await api(`uuid_audio ${a.endpoint.uuid} stop`);
    expect(await api(`uuid_audio ${a.endpoint.uuid} start write mute 1`)).toMatch(/^\+OK/);
    expect(await levelNow(a)).toBeLessThan(100);
    await api(`uuid_audio ${a.endpoint.uuid} stop`);
    await hears(a, HZ.b);
    expect((await levelNow(b)) / usual).toBeCloseTo(1, 0);
  });

  conforms('are recorded one side alone, and a file goes on where it ended', async () => {
    const seconds = async (path: string): Promise<Int16Array> => {
      await a.endpoint.recordSession(path);
      await pause(800);
      await a.endpoint.execute('stop_record_session', path);
      await pause(200);
      return readWav(readFileSync(path)).samples;
    };
    await a.endpoint.set('RECORD_READ_ONLY', 'true');
    const said = await seconds(scene.file('said.wav'));
    expect([mixedMs(said, HZ.a) > 400, mixedMs(said, HZ.b) > 60]).toEqual([true, false]);
    await a.endpoint.set({ RECORD_READ_ONLY: 'false', RECORD_WRITE_ONLY: 'true' });
    const heard = await seconds(scene.file('heard.wav'));
    expect([mixedMs(heard, HZ.a) > 60, mixedMs(heard, HZ.b) > 400]).toEqual([false, true]);
    await a.endpoint.set({ RECORD_WRITE_ONLY: 'false', RECORD_APPEND: 'true' });
    const again = await seconds(scene.file('said.wav'));
    expect(again.length).toBeGreaterThan(said.length + 4_000);
    expect(mixedMs(again.subarray(said.length), HZ.b)).toBeGreaterThan(300);
    await a.endpoint.set('RECORD_APPEND', 'false');
    rmSync(scene.file('said.wav'));
  });

  conforms('part for as long as one hears a file and the other music', async () => {
    const file = scene.tone('word.wav', 1300, 1_500);
    expect(await api(`uuid_broadcast ${a.endpoint.uuid} ${file}`)).toMatch(/^\+OK/);
    await Promise.all([hears(a, 1300), hears(b, 900)]);
    await Promise.all([hears(a, HZ.b), hears(b, HZ.a)]);
  });

  conforms('are parted by a third who takes one over; the other is hung up', async () => {
    const gone = once(a.endpoint as unknown as EventEmitter, 'destroy');
    void c.endpoint.execute('intercept', b.endpoint.uuid);
    await Promise.all([hears(c, HZ.b), hears(b, HZ.c), gone]);
  });
});
