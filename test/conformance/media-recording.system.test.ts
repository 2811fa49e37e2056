// What is written to files, judged by what is in them (compatibility D2, F1, F2).
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Connected } from '../switch/event-socket/media-scene.js';
import { heardMs, readWav } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { conforms } from './pair.js';

let scene: MediaScene;
let caller: Connected;
let prompt = '';

beforeAll(async () => {
  scene = await MediaScene.open();
  prompt = scene.tone('prompt.wav', 900, 600);
  caller = await scene.caller();
});
afterAll(() => scene?.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const recorded = (name: string): { channels: number; samples: Int16Array } => readWav(readFileSync(scene.file(name)));
const channel = (samples: Int16Array, which: 0 | 1): Int16Array => samples.filter((_, at) => at % 2 === which);

async function control(action: string, name: string): Promise<string> {
  const { endpoint } = caller;
  return (await endpoint.api('uuid_record', [endpoint.uuid, action, scene.file(name)])).getBody();
}

describe('a message', () => {
  conforms('is what the caller says, up to the limit', async () => {
    caller.rtp.say(500);
    const { recordSeconds, terminatorUsed } = await caller.endpoint.record(scene.file('limit.wav'), {
      timeLimitSecs: 1,
    });
    expect(terminatorUsed ?? '').toBe('');
    expect(Number(recordSeconds)).toBe(1);
    const { channels, samples } = recorded('limit.wav');
    expect(channels).toBe(1);
    expect(heardMs(samples, 500)).toBeGreaterThan(700);
    expect(samples.length / 8).toBeLessThan(2_000);
  });

  conforms('ends with a key', async () => {
    const { endpoint, rtp } = caller;
    await endpoint.set('playback_terminators', '#');
    const recording = endpoint.record(scene.file('key.wav'));
    await pause(500);
    await rtp.press('#');
    const { terminatorUsed, recordMilliseconds, recordSamples } = await recording;
    expect(terminatorUsed).toBe('#');
    expect(Number(recordMilliseconds)).toBeGreaterThan(300);
    expect(Number(recordSamples)).toBeGreaterThan(2_400);
    await endpoint.set('playback_terminators', 'none');
  });

  conforms('ends with silence', async () => {
    const { endpoint, rtp } = caller;
    rtp.say(500);
    const recording = endpoint.record(scene.file('silence.wav'), {
      timeLimitSecs: 20,
      silenceThresh: 200,
      silenceHits: 1,
    });
    await pause(400);
    rtp.say(undefined);
    const { recordMilliseconds } = await recording;
    expect(Number(recordMilliseconds)).toBeLessThan(10_000);
    expect(heardMs(recorded('silence.wav').samples, 500)).toBeGreaterThan(200);
  });

  conforms('ends with a break', async () => {
    const { endpoint, rtp } = caller;
    rtp.say(500);
    const recording = endpoint.record(scene.file('break.wav'));
    await pause(400);
    await endpoint.api('uuid_break', endpoint.uuid);
    await recording;
    expect(heardMs(recorded('break.wav').samples, 500)).toBeGreaterThan(200);
  });

  conforms('is kept when the caller hangs up meanwhile', async () => {
    const { endpoint, rtp } = await scene.caller();
    rtp.say(500);
    const recording = endpoint.record(scene.file('hang-up.wav'));
    await pause(600);
    await endpoint.destroy();
    await recording;
    expect(heardMs(recorded('hang-up.wav').samples, 500)).toBeGreaterThan(200);
  });
});

describe('a recording of the call', () => {
  conforms('goes on beside a prompt, with both sides in one channel each', async () => {
    const { endpoint, rtp } = caller;
    rtp.say(500);
    await endpoint.set('RECORD_STEREO', 'true');
    await endpoint.recordSession(scene.file('both.wav'));
    await endpoint.play(prompt);
    expect(await control('stop', 'both.wav')).toMatch(/^\+OK/);
    const { channels, samples } = recorded('both.wav');
    expect(channels).toBe(2);
    expect(heardMs(channel(samples, 0), 500)).toBeGreaterThan(350);
    expect(heardMs(channel(samples, 1), 900)).toBeGreaterThan(350);
    expect(heardMs(channel(samples, 1), 500)).toBe(0);
  });

  conforms('mixes both sides in one channel', async () => {
    const { endpoint, rtp } = caller;
    rtp.say(undefined);
    await endpoint.set('RECORD_STEREO', 'false');
    expect(await control('start', 'mixed.wav')).toMatch(/^\+OK/);
    await endpoint.play(prompt);
    rtp.say(500);
    await pause(600);
    expect(await control('stop', 'mixed.wav')).toMatch(/^\+OK/);
    const { channels, samples } = recorded('mixed.wav');
    expect(channels).toBe(1);
    expect(heardMs(samples, 900)).toBeGreaterThan(350);
    expect(heardMs(samples, 500)).toBeGreaterThan(300);
  });

  conforms('is silence where it is masked', async () => {
    caller.rtp.say(500);
    expect(await control('start', 'masked.wav')).toMatch(/^\+OK/);
    await pause(400);
    expect(await control('mask', 'masked.wav')).toMatch(/^\+OK/);
    await pause(600);
    expect(await control('unmask', 'masked.wav')).toMatch(/^\+OK/);
    await pause(400);
    expect(await control('stop', 'masked.wav')).toMatch(/^\+OK/);
    const { samples } = recorded('masked.wav');
    const heard = heardMs(samples, 500);
    expect(samples.length / 8 - heard).toBeGreaterThan(450);
    expect(heard).toBeGreaterThan(300);
  });

  conforms('that nobody started cannot be stopped', async () => {
    expect(await control('stop', 'nobody.wav')).toMatch(/^-ERR/);
    expect(existsSync(scene.file('nobody.wav'))).toBe(false);
  });

  conforms('ends with the application that ends it', async () => {
    const { endpoint } = caller;
    await endpoint.execute('record_session', scene.file('applied.wav'));
    await pause(1_200);
    await endpoint.execute('stop_record_session', scene.file('applied.wav'));
    expect(await control('stop', 'applied.wav')).toMatch(/^-ERR/);
    expect(heardMs(recorded('applied.wav').samples, 500)).toBeGreaterThan(100);
  });

  conforms('is whole when the call ends during it', async () => {
    const { endpoint, rtp } = await scene.caller();
    rtp.say(500);
    await endpoint.recordSession(scene.file('whole.wav'));
    await pause(1_200);
    await endpoint.destroy();
    await scene.until('the file is closed', () => heardMs(recorded('whole.wav').samples, 500) > 300);
  });
});
