// A channel's life: playing, bridging, the order of its end, and what does not end by itself.
import { describe, expect, test } from 'vitest';
import { FILES_MAX } from '../../../src/switch/channel/applications/playing.js';
import { bridge, transfer } from '../../../src/switch/channel/bridging.js';
import { SETTLE_LIMIT_MS } from '../../../src/switch/channel/channel.js';
import { DIGITS_KEPT_MAX } from '../../../src/switch/channel/digits.js';
import { VARIABLES_MAX } from '../../../src/switch/channel/variables.js';
import { RECORDINGS_MAX } from '../../../src/switch/media/leg/leg-recordings.js';
import { Stage } from './stage.js';

describe('playing', () => {
  test('tells start and end of each file of a list and pauses between them', async () => {
    const stage = new Stage();
    await stage.run('set', 'playback_delimiter=!');
    await stage.run('playback', '/a.wav!/no/b.wav!/c.wav');
    await stage.endPlayback();
    await stage.pass(250);
    await stage.pass(250);
    expect(stage.leg.playing).toHaveLength(2);
    await stage.endPlayback();
    expect(stage.told.filter((name) => name.startsWith('PLAYBACK'))).toEqual([
      'PLAYBACK_START',
      'PLAYBACK_STOP',
      'PLAYBACK_START',
      'PLAYBACK_STOP',
    ]);
    expect(stage.completed['Application-Response']).toBe('FILE PLAYED');
  });

  test('keeps to its time limits', async () => {
    const stage = new Stage();
    await stage.run('multiset', '^^;playback_timeout_sec=4;playback_timeout_sec_cumulative=6;playback_delimiter=!');
    await stage.run('playback', '/a.wav!/b.wav!/c.wav');
    await stage.pass(5_000);
    await stage.endPlayback();
    await stage.pass(250);
    await stage.pass(1_000);
    await stage.endPlayback();
    await stage.pass(250);
    expect(stage.leg.playing.map(({ options }) => options.limitMs)).toEqual([4_000, 750]);
    expect(stage.completed['Application']).toBe('playback');
  });

  test('scoped variables hold for one run', async () => {
    const stage = new Stage();
    await stage.run('playback', '%[sound_prefix=/sounds]hello.wav');
    expect(stage.leg.playing[0]?.source).toEqual({ kind: 'file', path: '/sounds/hello.wav' });
    expect(stage.channel.variables.get('sound_prefix')).toBeUndefined();
  });
});

describe('the end', () => {
  test('comes in the order that clients rely on', async () => {
    const stage = new Stage();
    void stage.channel.follow([{ name: 'socket', argument: '127.0.0.1:1 async full' }]);
    await stage.run('playback', '/a.wav');
    await stage.run('record_session', '/r.wav');
    stage.events.length = 0;
    await stage.run('hangup', 'USER_BUSY');
    await stage.settle();
    expect(stage.byes).toEqual(['USER_BUSY']);
    expect(stage.told).toEqual([
      'CHANNEL_EXECUTE hangup',
      'CHANNEL_EXECUTE_COMPLETE hangup',
      'CUSTOM', // hilo::figures, for who asked for it
      'PLAYBACK_STOP',
      'CHANNEL_EXECUTE_COMPLETE playback',
      'CHANNEL_EXECUTE_COMPLETE socket',
      'RECORD_STOP',
      'CHANNEL_CALLSTATE',
      'CHANNEL_HANGUP',
      'CHANNEL_HANGUP_COMPLETE',
    ]);
    expect(stage.events.at(-1)?.headers).toMatchObject({ 'Hangup-Cause': 'USER_BUSY', 'Channel-State': 'CS_HANGUP' });
    expect(stage.leg.calls.at(-1)).toBe('close');
  });

  test('comes once, and commands after it are answered', async () => {
    const stage = new Stage();
    stage.channel.hangup('NORMAL_CLEARING', 'peer');
    stage.channel.hangup('NORMAL_CLEARING');
    await stage.settle();
    await stage.run('playback', '/a.wav');
    expect(stage.byes).toEqual([]);
    expect(stage.told.filter((name) => name === 'CHANNEL_HANGUP')).toHaveLength(1);
    expect(stage.completed).toMatchObject({
      Application: 'playback',
      'Application-Response': '-ERR the channel is gone',
    });
  });

  test('does not wait for media that never stops', async () => {
    const stage = new Stage();
    stage.leg.deaf = true;
    await stage.run('playback', '/a.wav');
    stage.channel.hangup('NORMAL_CLEARING');
    await stage.settle();
    expect(stage.told).not.toContain('CHANNEL_HANGUP');
    await stage.pass(SETTLE_LIMIT_MS);
    expect(stage.told).toContain('CHANNEL_EXECUTE_COMPLETE playback');
    expect(stage.told.at(-1)).toBe('CHANNEL_HANGUP_COMPLETE');
  });

  test('comes by itself when media is lost', async () => {
    const [silent, broken] = [new Stage(), new Stage()];
    silent.leg.timedOut();
    broken.leg.failed('worker died');
    expect([...silent.byes, ...broken.byes]).toEqual(['MEDIA_TIMEOUT', 'DESTINATION_OUT_OF_ORDER']);
  });
});

describe('two channels', () => {
  test('are bridged only when what they do has ended', async () => {
    const [a, b] = [new Stage('a'), new Stage('b')];
    await a.run('playback', '/a.wav');
    await bridge(a.channel, b.channel);
    expect(a.told.slice(-3)).toEqual([
      'CHANNEL_EXECUTE_COMPLETE playback',
      'CHANNEL_EXECUTE uuid_bridge',
      'CHANNEL_BRIDGE',
    ]);
    expect(a.channel.partner).toBe(b.channel);
    expect(a.leg.calls).toContain('bridge leg-1');
  });

  test('of which one hangs up on the way leave the other parked', async () => {
    const [a, b] = [new Stage('a'), new Stage('b')];
    await a.run('playback', '/a.wav');
    const bridging = bridge(a.channel, b.channel);
    b.channel.hangup('NORMAL_CLEARING');
    await bridging;
    await a.settle();
    expect(a.channel.partner).toBeUndefined();
    expect(a.told.slice(-2)).toEqual(['CHANNEL_EXECUTE park', 'CHANNEL_PARK']);
    expect(a.channel.up).toBe(true);
  });

  test('the last of several wishes at once wins', async () => {
    const [a, b, c] = [new Stage('a'), new Stage('b'), new Stage('c')];
    await Promise.all([bridge(a.channel, b.channel), bridge(a.channel, c.channel)]);
    expect(a.channel.partner).toBe(c.channel);
    expect(b.channel.partner).toBeUndefined();
    expect(b.told.slice(-2)).toEqual(['CHANNEL_EXECUTE park', 'CHANNEL_PARK']);
    await Promise.all([transfer([a.channel], [{ name: 'park', argument: '' }])]);
    expect(c.channel.partner).toBeUndefined();
    expect(c.channel.occupation.kind).toBe('parked');
  });

  test('an inline dialplan runs its applications in turn and hangs up', async () => {
    const stage = new Stage();
    await transfer(
      [stage.channel],
      [
        { name: 'playback', argument: '/a.wav' },
        { name: 'sleep', argument: '1000' },
      ],
    );
    await stage.endPlayback();
    expect(stage.told.at(-1)).toBe('CHANNEL_EXECUTE sleep');
    await stage.pass(1_000);
    expect(stage.byes).toEqual(['NORMAL_CLEARING']);
  });
});

describe('limits', () => {
  test('variables', async () => {
    const stage = new Stage();
    for (let at = 0; at < VARIABLES_MAX; at++) stage.channel.variables.set(`v${at}`, 'x');
    await stage.run('set', 'one=more');
    expect(stage.completed['Application-Response']).toBe('-ERR too many variables');
    await stage.run('set', 'v1=changed');
    expect(stage.channel.variables.get('v1')).toBe('changed');
  });

  test('recordings at a time', async () => {
    const stage = new Stage();
    for (let at = 0; at < RECORDINGS_MAX; at++) await stage.run('record_session', `/r${at}.wav`);
    await stage.run('record_session', '/one/more.wav');
    expect(stage.completed['Application-Response']).toBe('-ERR Cannot record session!');
    await stage.run('stop_record_session', 'all');
    await stage.run('record_session', '/one/more.wav');
    expect(stage.completed['Application-Response']).toBe('_none_');
  });

  test('files in a list', async () => {
    const stage = new Stage();
    await stage.run('set', 'playback_sleep_val=0');
    await stage.run(
      'playback',
      `file_string://${Array(FILES_MAX + 5)
        .fill('/no/a.wav')
        .join('!')}`,
    );
    for (let at = 0; at <= FILES_MAX; at++) await stage.pass(0);
    expect(stage.completed['Application-Response']).toBe('FILE NOT FOUND');
    expect(stage.leg.asked).toBe(FILES_MAX);
  });

  test.each([
    ['2 s of a longer file', { samples: 16_000, lastOffset: 24_000, left: 12_761 }, '2048'],
    ['3 s of it', { samples: 24_000, lastOffset: 24_000, left: 12_761 }, '4096'],
    ['what ends before the next piece', { samples: 8_000, lastOffset: 8_000, left: 100 }, '1012'],
    ['something endless', { samples: 160, lastOffset: 160, left: Number.POSITIVE_INFINITY }, '2048'],
  ])('at a time limit FreeSWITCH tells what was read ahead of %s, and calls it an error', async (_, result, ms) => {
    const stage = new Stage();
    await stage.run('playback', '{playback_timeout_sec=2}/a.wav');
    await stage.endPlayback({ outcome: 'limit', ...result });
    expect(stage.completed['Application-Response']).toBe('PLAYBACK ERROR');
    expect(stage.channel.variables.get('playback_ms')).toBe(ms);
    expect(stage.channel.variables.get('playback_last_offset_pos')).toBe(String(result.lastOffset));
  });

  test('keys that nobody collects', () => {
    const stage = new Stage();
    stage.press('1'.repeat(DIGITS_KEPT_MAX));
    stage.press('2');
    expect(stage.channel.digits.kept).toBe(`${'1'.repeat(DIGITS_KEPT_MAX - 1)}2`);
  });
});
