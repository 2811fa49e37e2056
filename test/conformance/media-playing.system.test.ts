// What a leg plays and the keys it collects, judged by what the caller hears (compatibility D2, F3, F4).
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Connected } from '../switch/event-socket/media-scene.js';
import { heardMs } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { conforms } from './pair.js';
import { wav } from './wav.js';

let scene: MediaScene;
let caller: Connected;
let low = '';
let high = '';
let long = '';

beforeAll(async () => {
  scene = await MediaScene.open();
  low = scene.tone('low.wav', 500, 300);
  high = scene.tone('high.wav', 1300, 300);
  long = scene.tone('long.wav', 700, 10_000);
  caller = await scene.caller();
});
afterAll(() => scene?.close());

/** What the caller heard of `hz` while `what` went on, at least so much: the last packets are on their way when it ends. */
async function heard(hz: number, leastMs: number, what: () => Promise<unknown>): Promise<number> {
  caller.rtp.forget();
  await what();
  await hears(hz, leastMs);
  return heardMs(caller.rtp.samples, hz);
}
const hears = (hz: number, leastMs: number): Promise<void> =>
  scene.until(`${leastMs} ms of ${hz} Hz`, () => heardMs(caller.rtp.samples, hz) >= leastMs);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('playing', () => {
  conforms('a file, whole', async () => {
    const ms = await heard(500, 240, async () => {
      const played = await caller.endpoint.play(low);
      expect(Number(played.playbackLastOffsetPos)).toBeGreaterThanOrEqual(2_200);
      expect(Number(played.playbackMilliseconds)).toBeGreaterThanOrEqual(280);
    });
    expect(ms).toBeLessThanOrEqual(360);
  });

  conforms('several files, one after the other', async () => {
    caller.rtp.forget();
    await caller.endpoint.play([low, high]);
    await hears(500, 220);
    await hears(1300, 220);
    const { samples } = caller.rtp;
    const order = [500, 1300].map((hz) => firstAt(samples, hz));
    expect(order[0]).toBeLessThan(order[1] ?? 0);
  });

  conforms('from a place within a file, up to a limit', async () => {
    const ms = await heard(700, 820, () => caller.endpoint.play({ file: long, seekOffset: 72_000 }));
    expect(ms).toBeLessThan(1_300);
    const limit = { seekOffset: 8_000, timeoutSecs: 2 };
    // Of nine seconds; on a busy machine the limit comes when it comes.
    expect(await heard(700, 1_600, () => caller.endpoint.play({ file: long, ...limit }))).toBeLessThan(5_000);
    await caller.endpoint.execute('unset', 'playback_timeout_sec');
  });

  conforms('a file that does not exist is an error', async () => {
    await expect(caller.endpoint.play(scene.file('missing.wav'))).rejects.toThrow('File Not Found');
  });

  conforms('a break ends it, and tells how far it came', async () => {
    const { endpoint, rtp } = caller;
    rtp.forget();
    const playing = endpoint.play(long);
    await scene.until('half a second', () => heardMs(rtp.samples, 700) >= 500);
    await endpoint.api('uuid_break', endpoint.uuid);
    const offset = Number((await playing).playbackLastOffsetPos);
    expect(offset).toBeGreaterThan(3_000);
    expect(offset).toBeLessThan(40_000);
  });

  conforms('a break ends a list in one name', async () => {
    const { endpoint, rtp } = caller;
    rtp.forget();
    await endpoint.execute('unset', 'playback_delimiter');
    const playing = endpoint.play(`file_string://${long}!${high}`);
    await scene.until('half a second', () => heardMs(rtp.samples, 700) >= 500);
    await endpoint.api('uuid_break', endpoint.uuid);
    await playing;
    await pause(200);
    expect(heardMs(rtp.samples, 1300)).toBe(0);
  });

  conforms('a key ends it where the leg says so', async () => {
    const { endpoint, rtp } = caller;
    await endpoint.set('playback_terminators', '5');
    rtp.forget();
    const playing = endpoint.execute('playback', long);
    await scene.until('it plays', () => heardMs(rtp.samples, 700) >= 200);
    await rtp.press('35');
    const event = await playing;
    expect(event.getHeader('variable_playback_terminator_used')).toBe('5');
    await endpoint.set('playback_terminators', 'none');
  });

  conforms('a variable can be set meanwhile', async () => {
    const { endpoint, rtp } = caller;
    rtp.forget();
    const playing = endpoint.play(long);
    await scene.until('it plays', () => heardMs(rtp.samples, 700) >= 200);
    await endpoint.set('hilo_meanwhile', 'yes');
    expect((await endpoint.getChannelVariables())['variable_hilo_meanwhile']).toBe('yes');
    await endpoint.api('uuid_break', endpoint.uuid);
    await playing;
  });

  conforms('a second file is played within the first, which goes on after it', async () => {
    const { endpoint, rtp } = caller;
    rtp.forget();
    const first = endpoint.play({ file: long, seekOffset: 64_000 });
    await scene.until('the first', () => heardMs(rtp.samples, 700) >= 200);
    await endpoint.play(high);
    await first;
    await hears(1300, 240);
    await hears(700, 1_720);
  });

  conforms('for ever, until the leg ends: a break only begins it anew', async () => {
    const { endpoint, rtp, dialog, phone } = await scene.caller();
    const playing = endpoint.execute('endless_playback', low);
    await scene.until('twice', () => heardMs(rtp.samples, 500) >= 450);
    await endpoint.api('uuid_break', endpoint.uuid);
    rtp.forget();
    await scene.until('again', () => heardMs(rtp.samples, 500) >= 400);
    await Promise.all([endpoint.destroy(), playing]);
    void dialog.destroy();
    phone.answer(await phone.asked('BYE'), 200);
  });

  conforms('silence of a length', async () => {
    const before = Date.now();
    await caller.endpoint.play('silence_stream://400');
    expect(Date.now() - before).toBeGreaterThan(300);
  });

  conforms('tones of a programme', async () => {
    await heard(1000, 340, () => caller.endpoint.play('tone_stream://%(400,0,1000)'));
    await heard(1000, 320, () => caller.endpoint.play('tone_stream://%(200,100,1000);loops=2'));
    await heard(1000, 340, () => caller.endpoint.execute('gentones', '%(400,0,1000)'));
  });

  conforms('a list in one name', async () => {
    await heard(1300, 220, () => caller.endpoint.play(`file_string://${low}!silence_stream://100!${high}`));
  });

  conforms('the hold music', async () => {
    const { endpoint, rtp } = caller;
    rtp.forget();
    const playing = endpoint.play('local_stream://moh');
    await scene.until('something is heard', () => rtp.samples.some((sample) => Math.abs(sample) > 500));
    await endpoint.api('uuid_break', endpoint.uuid);
    await playing;
  });

  conforms('files of other rates, of two channels and of G.711', async () => {
    for (const [rate, channels] of [
      [16_000, 1],
      [48_000, 1],
      [8_000, 2],
      [48_000, 2],
    ] as const) {
      const path = scene.file(`${rate}-${channels}.wav`);
      writeFileSync(path, wav({ rate, channels, hz: 600, ms: 300, coding: 'pcm' }));
      await heard(600, 220, () => caller.endpoint.play(path));
    }
    for (const coding of ['alaw', 'ulaw'] as const) {
      const path = scene.file(`${coding}.wav`);
      writeFileSync(path, wav({ rate: 8_000, channels: 1, hz: 600, ms: 300, coding }));
      await heard(600, 220, () => caller.endpoint.play(path));
    }
  });

  conforms('a playback pauses and goes on', async () => {
    const { endpoint, rtp } = caller;
    rtp.forget();
    const playing = endpoint.play(long);
    await scene.until('it plays', () => heardMs(rtp.samples, 700) >= 300);
    await endpoint.api('uuid_fileman', [endpoint.uuid, 'pause']);
    await scene.until('silence', async () => {
      rtp.forget();
      await pause(300);
      return heardMs(rtp.samples, 700) === 0;
    });
    await endpoint.api('uuid_fileman', [endpoint.uuid, 'pause']);
    await scene.until('it plays again', () => heardMs(rtp.samples, 700) >= 200);
    await endpoint.api('uuid_fileman', [endpoint.uuid, 'seek:+8000']);
    await endpoint.api('uuid_break', endpoint.uuid);
    expect(Number((await playing).playbackLastOffsetPos)).toBeGreaterThan(0);
  });
});

describe('collecting keys', () => {
  const collect = (options: object): Promise<{ digits: string | null; terminatorUsed: string | null }> =>
    caller.endpoint.playCollect({ file: low, timeout: 10_000, digitTimeout: 10_000, ...options });

  conforms('until the terminator, which stops the prompt', async () => {
    const { rtp } = caller;
    rtp.forget();
    const collected = collect({ file: long, min: 1, max: 10 });
    await scene.until('the prompt', () => heardMs(rtp.samples, 700) >= 200);
    await rtp.press('123#');
    expect(await collected).toMatchObject({ digits: '123', terminatorUsed: '#' });
    expect(heardMs(rtp.samples, 700)).toBeLessThan(8_000);
  });

  conforms('as many as are wanted', async () => {
    const collected = collect({ min: 1, max: 2 });
    await caller.rtp.press('47');
    expect(await collected).toMatchObject({ digits: '47' });
  });

  conforms('until none comes any more', async () => {
    const collected = collect({ min: 1, max: 5, digitTimeout: 1_000 });
    await caller.rtp.press('8');
    expect(await collected).toMatchObject({ digits: '8' });
  });

  conforms('none at all', async () => {
    expect((await collect({ min: 1, max: 5, timeout: 1_000 })).digits).toBeNull();
  });

  conforms('what does not fit is refused with a prompt, and asked for again', async () => {
    const { rtp } = caller;
    rtp.forget();
    const collected = collect({ file: low, invalidFile: high, tries: 2, min: 1, max: 1, regexp: '[12]' });
    await scene.until('the prompt', () => heardMs(rtp.samples, 500) >= 200);
    await rtp.press('9');
    await scene.until('the refusal', () => heardMs(rtp.samples, 1300) >= 160);
    await scene.until('the prompt again', () => heardMs(rtp.samples, 500) >= 360);
    await rtp.press('2');
    expect((await collected).digits).toBe('2');
  });
});

/** Index of the first 20 ms in which a tone is what is heard. */
function firstAt(samples: Int16Array, hz: number): number {
  for (let at = 0; at + 160 <= samples.length; at += 160) {
    if (heardMs(samples.subarray(at, at + 160), hz) > 0) return at;
  }
  return samples.length;
}
