// Recording and bridging, checked by what is in the files and what the other side hears.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, MediaScene } from './media-scene.js';
import { heardMs, readWav, tone, writeWav } from './tones.js';

let scene: MediaScene;
let a: Connected;
let b: Connected;
const file = (name: string): string => join(scene.folder, name);
const events = new Map<string, string[]>();

beforeAll(async () => {
  scene = await MediaScene.open();
  writeWav(file('prompt.wav'), tone(900, 500));
  [a, b] = [await scene.caller(), await scene.caller()];
  for (const { endpoint } of [a, b]) {
    const seen: string[] = [];
    events.set(endpoint.uuid, seen);
    endpoint.on('channelCallState', ({ state }) => seen.push(String(state)));
  }
});
afterAll(() => scene?.close());

/** Both talk in their own tone, and hear the other's within a moment. */
async function talk(): Promise<void> {
  a.rtp.say(500);
  b.rtp.say(700);
  a.rtp.forget();
  b.rtp.forget();
  await scene.until('both hear', () => heardMs(a.rtp.samples, 700) >= 300 && heardMs(b.rtp.samples, 500) >= 300);
}

async function quiet(): Promise<void> {
  a.rtp.forget();
  b.rtp.forget();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heardMs(a.rtp.samples.subarray(800), 700)).toBe(0);
  expect(heardMs(b.rtp.samples.subarray(800), 500)).toBe(0);
}

describe('recording', () => {
  test('record keeps what the caller says until the limit', async () => {
    a.rtp.say(500);
    const recorded = await a.endpoint.record(file('voicemail.wav'), { timeLimitSecs: 1 });
    expect(recorded).toMatchObject({ terminatorUsed: null, recordSeconds: '1' });
    const { samples } = readWav(readFileSync(file('voicemail.wav')));
    expect(Math.abs(samples.length - 8_000)).toBeLessThan(400);
    expect(heardMs(samples, 500)).toBeGreaterThan(800);
  });

  test('a terminator ends it', async () => {
    await a.endpoint.set('playback_terminators', '#');
    const recording = a.endpoint.record(file('short.wav'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await a.rtp.press('#');
    const recorded = await recording;
    expect(recorded.terminatorUsed).toBe('#');
    expect(Number(recorded.recordMilliseconds)).toBeGreaterThan(200);
    await a.endpoint.set('playback_terminators', 'none');
  });

  test('recordSession goes on beside a prompt, both sides in the file, until it is stopped', async () => {
    await a.endpoint.set('RECORD_STEREO', 'true');
    await a.endpoint.recordSession(file('session.wav'));
    await a.endpoint.play(file('prompt.wav'));
    const stopped = await a.endpoint.api('uuid_record', [a.endpoint.uuid, 'stop', file('session.wav')]);
    expect(stopped.getBody()).toBe('+OK Success\n');
    const again = await a.endpoint.api('uuid_record', [a.endpoint.uuid, 'stop', file('session.wav')]);
    expect(again.getBody()).toMatch(/^-ERR/);
    const { channels, samples } = readWav(readFileSync(file('session.wav')));
    expect(channels).toBe(2);
    expect(
      heardMs(
        samples.filter((_, at) => at % 2 === 0),
        500,
      ),
    ).toBeGreaterThan(350);
    expect(
      heardMs(
        samples.filter((_, at) => at % 2 === 1),
        900,
      ),
    ).toBeGreaterThan(350);
  });

  test('a masked stretch is silence', async () => {
    await a.endpoint.set('RECORD_STEREO', 'false');
    const control = async (action: string): Promise<string> => {
      const reply = await a.endpoint.api('uuid_record', [a.endpoint.uuid, action, file('masked.wav')]);
      return reply.getBody();
    };
    expect(await control('mask')).toMatch(/^-ERR/);
    expect(await control('start')).toBe('+OK Success\n');
    expect(await control('mask')).toBe('+OK Success\n');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await control('unmask')).toBe('+OK Success\n');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await control('stop')).toBe('+OK Success\n');
    const { samples } = readWav(readFileSync(file('masked.wav')));
    expect(heardMs(samples.subarray(0, 2_400), 500)).toBeLessThan(60);
    expect(heardMs(samples.subarray(-2_400), 500)).toBeGreaterThan(200);
  });

  test('a name that cannot be written fails and says so', async () => {
    const event = await a.endpoint.execute('record', '/dev/null/x.wav 1');
    expect(event.getHeader('Application-Response')).toBe('-ERR cannot record');
  });
});

describe('bridge', () => {
  test('joins, parts and joins again, both ways heard', async () => {
    await a.endpoint.bridge(b.endpoint);
    await talk();
    await a.endpoint.unbridge();
    await scene.until('parked', () => events.get(b.endpoint.uuid)?.join() === 'RINGING,ACTIVE');
    await quiet();
    await a.endpoint.bridge(b.endpoint);
    await talk();
  });

  test('keys of a caller still reach the application', async () => {
    const key = new Promise<Record<string, string>>((resolve) => a.endpoint.once('dtmf', resolve));
    await a.rtp.press('5');
    expect(await key).toMatchObject({ dtmf: '5' });
  });

  test('muting takes away what one side says, and gives it back', async () => {
    await a.endpoint.mute();
    b.rtp.forget();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heardMs(b.rtp.samples.subarray(-1_600), 500)).toBe(0);
    await a.endpoint.unmute();
    await talk();
  });

  test('a prompt into the bridge is heard by one side only', async () => {
    a.rtp.forget();
    b.rtp.forget();
    await a.endpoint.api('uuid_broadcast', [a.endpoint.uuid, file('prompt.wav'), 'aleg']);
    await scene.until('prompt', () => heardMs(a.rtp.samples, 900) > 400);
    expect(heardMs(b.rtp.samples, 900)).toBe(0);
    await talk();
  });

  test('uuid_hold gives the partner music instead', async () => {
    const hold = await scene.media.api(`uuid_hold ${a.endpoint.uuid}`);
    expect(hold).toBe('+OK\n');
    b.rtp.forget();
    const lately = (): Int16Array => b.rtp.samples.slice(-1_600);
    await scene.until('the partner is heard no more', () => lately().length === 1_600 && heardMs(lately(), 500) === 0);
    b.rtp.forget();
    await scene.until('music', () => b.rtp.samples.length > 4_000);
    expect(heardMs(b.rtp.samples, 500)).toBe(0);
    expect(b.rtp.samples.some((sample) => Math.abs(sample) > 500)).toBe(true);
    await scene.media.api(`uuid_hold off ${a.endpoint.uuid}`);
    await talk();
  });

  test('a third party takes one side over, the one left behind parks', async () => {
    const c = await scene.caller();
    await c.endpoint.bridge(b.endpoint);
    c.rtp.say(1_100);
    b.rtp.forget();
    await scene.until('new partner', () => heardMs(b.rtp.samples, 1_100) >= 200);
    const dump = await a.endpoint.getChannelVariables();
    expect(dump['Channel-State']).toBe('CS_PARK');
    await c.endpoint.destroy();
    await a.endpoint.bridge(b.endpoint);
    await talk();
  });

  test('when the partner leaves, the other side can be played to', async () => {
    await b.endpoint.destroy();
    a.rtp.forget();
    await a.endpoint.play(file('prompt.wav'));
    expect(heardMs(a.rtp.samples, 900)).toBeGreaterThanOrEqual(440);
    expect(events.get(a.endpoint.uuid)).not.toContain('HANGUP');
  });

  test('hangup_after_bridge hangs the other side up instead', async () => {
    const c = await scene.caller();
    await c.endpoint.set('hangup_after_bridge', 'true');
    await c.endpoint.bridge(a.endpoint);
    const gone = new Promise((resolve) => c.endpoint.once('destroy', resolve));
    await a.endpoint.destroy();
    await gone;
  });

  test('with somebody who is not there it is an error', async () => {
    const c = await scene.caller();
    await expect(c.endpoint.bridge('nobody')).rejects.toThrow('-ERR Invalid uuid');
    expect(await scene.media.api(`uuid_bridge ${c.endpoint.uuid} nobody`)).toBe('-ERR Invalid uuid\n');
    expect(await scene.media.api(`uuid_transfer nobody park inline`)).toBe('-ERR No such channel!\n');
    await c.endpoint.destroy();
  });
});
