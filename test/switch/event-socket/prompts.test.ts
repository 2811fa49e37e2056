// Prompts and keys: what is heard is checked by its tone, keys come as RFC 4733 and as SIP INFO.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connected, MediaScene } from './media-scene.js';
import { heardMs, tone, writeWav } from './tones.js';

let scene: MediaScene;
let caller: Connected;
const file = (name: string): string => join(scene.folder, name);

beforeAll(async () => {
  scene = await MediaScene.open();
  writeWav(file('short.wav'), tone(500, 400));
  writeWav(file('other.wav'), tone(900, 400));
  writeWav(file('three.wav'), Int16Array.from([...tone(500, 1_000), ...tone(900, 2_000)]));
  writeWav(file('long.wav'), tone(500, 10_000));
  caller = await scene.caller();
});
afterAll(() => scene?.close());
beforeEach(() => caller.rtp.forget());

/** The end of a prompt is told by another way than its last packets come. */
const hears = (hz: number, leastMs: number): Promise<void> =>
  scene.until(`${leastMs} ms of ${hz} Hz`, () => heardMs(caller.rtp.samples, hz) >= leastMs);

describe('play', () => {
  test('one file is heard whole', async () => {
    const events: string[] = [];
    caller.endpoint.once('playback-start', ({ file: name }) => events.push(`start ${name}`));
    caller.endpoint.once('playback-stop', ({ file: name }) => events.push(`stop ${name}`));
    expect(await caller.endpoint.play(file('short.wav'))).toEqual({
      playbackSeconds: '0',
      playbackMilliseconds: '400',
      playbackLastOffsetPos: '3200',
    });
    expect(events).toEqual([`start ${file('short.wav')}`, `stop ${file('short.wav')}`]);
    await hears(500, 340);
  });

  test('two files are heard one after the other', async () => {
    const played = await caller.endpoint.play([file('short.wav'), file('other.wav')]);
    expect(played.playbackMilliseconds).toBe('400');
    await hears(500, 340);
    await hears(900, 340);
    const { samples } = caller.rtp;
    const half = samples.length / 2;
    expect(heardMs(samples.subarray(0, half), 900)).toBeLessThan(60);
  });

  test('a missing file is an error and starts nothing', async () => {
    await expect(caller.endpoint.play('/no/such.wav')).rejects.toThrow('File Not Found');
    await expect(caller.endpoint.play('../../etc/passwd')).rejects.toThrow('File Not Found');
  });

  test('a seek offset begins in the middle, a time-out ends before the end', async () => {
    const played = await caller.endpoint.play({ file: file('three.wav'), seekOffset: 8_000, timeoutSecs: 1 });
    // The offset tells what was heard; FreeSWITCH's milliseconds what was read ahead, here to the end of the file.
    expect(played).toEqual({ playbackSeconds: '2', playbackMilliseconds: '2000', playbackLastOffsetPos: '16000' });
    await hears(900, 900);
    expect(heardMs(caller.rtp.samples, 500)).toBeLessThan(60);
    await caller.endpoint.execute('unset', 'playback_timeout_sec');
  });

  test('uuid_break ends it with the true position', async () => {
    const started = new Promise((resolve) => caller.endpoint.once('playback-start', resolve));
    const playing = caller.endpoint.play(file('long.wav'));
    await started;
    await scene.until('something is heard', () => heardMs(caller.rtp.samples, 500) > 200);
    const reply = await caller.endpoint.api('uuid_break', caller.endpoint.uuid);
    expect(reply.getBody()).toBe('+OK\n');
    const offset = Number((await playing).playbackLastOffsetPos);
    expect(offset).toBeGreaterThan(1_600);
    expect(offset).toBeLessThan(80_000);
  });

  test('a second prompt interrupts the first, which goes on afterwards', async () => {
    const started = new Promise((resolve) => caller.endpoint.once('playback-start', resolve));
    const outer = caller.endpoint.play('tone_stream://%(2000,0,500)');
    await started;
    await scene.until('something is heard', () => heardMs(caller.rtp.samples, 500) > 100);
    const inner = await caller.endpoint.play(file('other.wav'));
    expect(inner.playbackMilliseconds).toBe('400');
    expect(heardMs(caller.rtp.samples, 500)).toBeLessThan(1_800);
    await outer;
    await hears(500, 1_900);
  });

  test('a key among playback_terminators ends it', async () => {
    await caller.endpoint.set('playback_terminators', '#');
    const playing = caller.endpoint.execute('playback', file('long.wav'));
    await caller.rtp.press('1#');
    const event = await playing;
    expect(event.getHeader('variable_playback_terminator_used')).toBe('#');
    expect(Number(event.getHeader('variable_playback_last_offset_pos'))).toBeLessThan(80_000);
    await caller.endpoint.set('playback_terminators', 'none');
  });

  test('music plays until it is broken off', async () => {
    const playing = caller.endpoint.execute('endless_playback', 'local_stream://moh');
    await scene.until('sound', () => caller.rtp.samples.some((sample) => Math.abs(sample) > 500));
    await caller.endpoint.api('uuid_break', [caller.endpoint.uuid, 'all']);
    expect((await playing).getHeader('Application-Response')).toBe('FILE PLAYED');
  });
});

describe('playCollect', () => {
  test('keys typed into the prompt stop it, the terminator is not among the digits', async () => {
    const digits: string[] = [];
    caller.endpoint.on('dtmf', ({ dtmf, source }) => digits.push(`${dtmf} ${source}`));
    const collecting = caller.endpoint.playCollect({ file: file('long.wav'), min: 1, max: 6, timeout: 4_000 });
    await scene.until('prompt', () => heardMs(caller.rtp.samples, 500) > 60);
    await caller.rtp.press('123#');
    expect(await collecting).toMatchObject({ digits: '123', invalidDigits: null, terminatorUsed: '#' });
    expect(heardMs(caller.rtp.samples, 500)).toBeLessThan(9_000);
    expect(digits).toEqual(['1 RTP', '2 RTP', '3 RTP', '# RTP']);
  });

  test('the last digit allowed ends it at once', async () => {
    const collecting = caller.endpoint.playCollect({ file: 'silence_stream://100', min: 1, max: 2 });
    await caller.rtp.press('45');
    expect(await collecting).toMatchObject({ digits: '45', terminatorUsed: null });
  });

  test('without keys it gives null after time-out and tries', async () => {
    const invalid = { file: 'silence_stream://20', invalidFile: file('other.wav') };
    const started = performance.now();
    const collected = await caller.endpoint.playCollect({ ...invalid, min: 1, max: 1, timeout: 1_000, tries: 2 });
    expect(collected).toMatchObject({ digits: null, invalidDigits: null, terminatorUsed: null });
    expect(performance.now() - started).toBeGreaterThan(2_500);
    await hears(900, 680);
  });

  test('keys that do not match the expression are told as invalid', async () => {
    const options = { file: 'silence_stream://20', min: 1, max: 2, timeout: 1_000, regexp: '^[12]$' };
    const collecting = caller.endpoint.playCollect(options);
    await caller.rtp.press('34');
    expect(await collecting).toMatchObject({ digits: null, invalidDigits: '34' });
  });

  test('keys come by SIP INFO too', async () => {
    const started = new Promise((resolve) => caller.endpoint.once('playback-start', resolve));
    const collecting = caller.endpoint.playCollect({ file: 'silence_stream://50', min: 1, max: 1 });
    await started;
    const heard = new Promise((resolve) => caller.endpoint.once('dtmf', resolve));
    const response = await caller.endpoint.dialog.request({
      method: 'INFO',
      headers: { 'Content-Type': 'application/dtmf-relay' },
      body: 'Signal=7\r\nDuration=160\r\n',
    });
    expect(response.status).toBe(200);
    expect(await heard).toMatchObject({ dtmf: '7', duration: '1280', source: 'ENDPOINT' });
    expect(await collecting).toMatchObject({ digits: '7' });
  });
});

test('keys are sent to the caller', async () => {
  await caller.endpoint.execute('send_dtmf', '12#@100');
  await scene.until('keys', () => caller.rtp.keys === '12#');
});
