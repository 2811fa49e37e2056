// What goes on beside the applications of a channel: bound keys, tones, levels, displacement, schedules.
import { beforeEach, describe, expect, test } from 'vitest';
import { TONES_MAX } from '../../../src/switch/channel/beside/detections.js';
import { BINDINGS_MAX } from '../../../src/switch/channel/beside/digit-actions.js';
import { DISPLACEMENTS_MAX } from '../../../src/switch/channel/beside/displacements.js';
import { AHEAD_SECONDS_MAX, Schedule, TASKS_MAX } from '../../../src/switch/channel/beside/schedule.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const response = (): string | undefined => stage.completed['Application-Response'];
const custom = (): object[] =>
  stage.events.map(({ headers }) => headers).filter((one) => one['Event-Name'] === 'CUSTOM');

describe('bound keys', () => {
  test('run an application or are told, and are nobody else’s', async () => {
    await stage.run('bind_digit_action', 'main,*1,exec:set,pressed=yes');
    await stage.run('bind_digit_action', 'main,~^9\\d?$,operator,now');
    stage.press('5');
    expect(stage.channel.digits.kept).toBe('5');
    stage.press('*');
    expect(stage.channel.digits.kept).toBe('5');
    stage.press('1');
    await stage.settle();
    expect(stage.channel.variables.get('pressed')).toBe('yes');
    stage.press('9');
    expect(custom()).toMatchObject([{ 'Event-Subclass': 'digits::action', digits: '9', operator: 'now' }]);
  });

  test('a beginning that nothing follows is forgotten; a longer one wins over a shorter one', async () => {
    await stage.run('bind_digit_action', 'main,1,exec:set,short=yes');
    await stage.run('bind_digit_action', 'main,12,exec:set,long=yes');
    stage.press('12');
    await stage.settle();
    expect([stage.channel.variables.get('short'), stage.channel.variables.get('long')]).toEqual([undefined, 'yes']);
    stage.press('1');
    await stage.pass(1_600);
    expect(stage.channel.variables.get('short')).toBe('yes');
  });

  test('realms change, and all is cleared', async () => {
    await stage.run('bind_digit_action', 'one,1,exec:set,at=one');
    await stage.run('bind_digit_action', 'two,1,exec:set,at=two');
    await stage.run('digit_action_set_realm', 'two');
    stage.press('1');
    await stage.settle();
    expect(stage.channel.variables.get('at')).toBe('two');
    await stage.run('clear_digit_action', 'all');
    stage.press('1');
    expect(stage.channel.digits.kept).toBe('1');
  });

  test('what cannot be bound is refused', async () => {
    await stage.run('bind_digit_action', 'main,1');
    expect(response()).toMatch(/^-ERR usage/);
    await stage.run('bind_digit_action', 'main,~(,exec:set,a=b');
    expect(response()).toBe('-ERR cannot bind');
    for (let at = 0; at <= BINDINGS_MAX; at++) await stage.run('bind_digit_action', `main,${at},exec:set,a=b`);
    expect(response()).toBe('-ERR cannot bind');
  });
});

const NOTHING_LOOKED_FOR = ['process {}', 'listen for []'];

describe('keys', () => {
  test('of a party can be dropped, and be found in the audio', async () => {
    await stage.run('block_dtmf');
    stage.press('1');
    expect(stage.channel.digits.kept).toBe('');
    await stage.run('unblock_dtmf');
    await stage.run('start_dtmf');
    expect(stage.leg.calls).toContain('process {"detects":[{"kind":"keys"}]}');
    stage.leg.detected({ kind: 'key', name: '7' });
    expect(stage.channel.digits.kept).toBe('7');
    expect(stage.events.at(-1)?.headers).toMatchObject({ 'DTMF-Digit': '7', 'DTMF-Source': 'INBAND_AUDIO' });
    await stage.run('stop_dtmf');
    expect(stage.leg.calls.slice(-2)).toEqual(NOTHING_LOOKED_FOR);
  });
});

describe('tones', () => {
  test('are told once and run an application', async () => {
    await stage.run('tone_detect', 'fax 1100 r +5 set fax=yes 3');
    expect(stage.leg.calls.at(-2)).toContain('"name":"fax","frequencies":[1100],"ms":180');
    stage.leg.detected({ kind: 'tone', name: 'fax' });
    stage.leg.detected({ kind: 'tone', name: 'fax' });
    await stage.settle();
    expect(stage.told.filter((told) => told === 'DETECTED_TONE')).toHaveLength(1);
    expect(stage.channel.variables.get('fax')).toBe('yes');
    expect(stage.leg.calls.slice(-2)).toEqual(NOTHING_LOOKED_FOR);
  });

  test('are looked for until time is up', async () => {
    await stage.run('tone_detect', 'fax 1100 r +5');
    await stage.pass(5_000);
    expect(stage.leg.calls.slice(-2)).toEqual(NOTHING_LOOKED_FOR);
  });

  test('are looked for in what the party hears, when that is wanted', async () => {
    await stage.run('tone_detect', 'beep 1400 w +0 2');
    const beep = { kind: 'tone', name: 'beep', frequencies: [1_400], ms: 120 };
    expect(stage.leg.calls.slice(-2)).toEqual(['process {}', `listen for ${JSON.stringify([beep])}`]);
    stage.leg.detected({ kind: 'tone', name: 'beep' });
    expect(stage.events.at(-1)?.headers).toMatchObject({ 'Event-Name': 'DETECTED_TONE', 'Detected-Tone': 'beep' });
  });

  test.each(['', 'fax', 'fax 0', 'fax 5000', 'fax 1,2,3,4,5'])('"%s" is refused', async (argument) => {
    await stage.run('tone_detect', argument);
    expect(response()).toMatch(/^-ERR/);
  });

  test('too many are refused', async () => {
    for (let at = 0; at <= TONES_MAX; at++) await stage.run('tone_detect', `t${at} 440`);
    expect(response()).toBe('-ERR too many tones');
    await stage.run('stop_tone_detect');
    expect(stage.channel.detections.names).toEqual([]);
  });
});

describe('displacement', () => {
  test('goes on beside applications, under the talk or in its place', async () => {
    await stage.run('displace_session', '/a.wav m');
    expect(stage.leg.calls.at(-1)).toBe('mix into write');
    await stage.run('displace_session', '/b.wav r');
    expect(stage.leg.calls.slice(-2)).toEqual(['mute read true', 'mix into read']);
    expect(stage.channel.displacements.paths).toEqual(['/a.wav', '/b.wav']);
    await stage.run('stop_displace_session', '/b.wav');
    expect(stage.leg.calls.at(-1)).toBe('mute read false');
    await stage.run('stop_displace_session', '/b.wav');
    expect(response()).toMatch(/^-ERR/);
    for (let at = 0; at < DISPLACEMENTS_MAX; at++) await stage.run('displace_session', `/${at}.wav l`);
    expect(response()).toMatch(/^-ERR/);
  });
});

describe('who is muted', () => {
  test('stays so when what was heard in its place is over, and is not heard through it before', async () => {
    const last = (): string | undefined => stage.leg.calls.filter((call) => call.startsWith('mute read')).at(-1);
    await stage.run('set_mute', 'read true');
    await stage.run('displace_session', '/a.wav r');
    await stage.run('displace_session', '/b.wav r');
    await stage.run('stop_displace_session', '/a.wav');
    await stage.run('set_mute', 'read false');
    expect(last()).toBe('mute read true');
    await stage.run('stop_displace_session', '/b.wav');
    expect(last()).toBe('mute read false');
    await stage.run('set_mute', 'read true');
    await stage.run('displace_session', '/a.wav r');
    await stage.run('stop_displace_session', '/a.wav');
    expect(last()).toBe('mute read true');
  });
});

describe('a schedule', () => {
  test('hangs up at its time, or not when it is cancelled', async () => {
    await stage.run('sched_hangup', '+10 NORMAL_TEMPORARY_FAILURE');
    await stage.pass(9_000);
    expect(stage.byes).toEqual([]);
    await stage.pass(1_000);
    expect(stage.byes).toEqual(['NORMAL_TEMPORARY_FAILURE']);
    await stage.run('sched_hangup', 'soon');
    expect(stage.schedule.size).toBe(0);
  });

  test('has its limits', () => {
    const schedule = new Schedule(stage.clock);
    const done: string[] = [];
    expect(schedule.at(`+${AHEAD_SECONDS_MAX + 1}`, 'a', () => undefined)).toBeUndefined();
    for (let at = 0; at < TASKS_MAX; at++) schedule.at('+1', 'many', () => done.push('many'));
    expect(schedule.at('+1', 'one', () => undefined)).toBeUndefined();
    expect(schedule.cancel('many')).toBe(TASKS_MAX);
    schedule.at(String(Math.floor(stage.clock.nowMs() / 1_000) + 2), 'one', () => done.push('one'));
    stage.clock.advance(3_000);
    expect(done).toEqual(['one']);
    schedule.close();
  });
});

describe('the small ones', () => {
  test('read collects once, without a pattern', async () => {
    await stage.run('read', '1 3 /p.wav entered 2000 #');
    await stage.endPlayback();
    stage.press('12#');
    await stage.settle();
    expect(stage.channel.variables.get('entered')).toBe('12');
    expect(stage.channel.variables.get('read_result')).toBe('success');
  });

  test('loop_playback plays so often, gentones so long', async () => {
    await stage.run('loop_playback', '+2 /a.wav');
    await stage.endPlayback();
    await stage.endPlayback();
    expect(response()).toBe('FILE PLAYED');
    expect(stage.leg.asked).toBe(2);
    await stage.run('loop_playback', '/once.wav');
    await stage.endPlayback();
    expect(stage.leg.asked).toBe(3);
    await stage.run('gentones', '%(100,0,440)|3');
    expect(stage.leg.playing.at(-1)?.source).toMatchObject({ kind: 'tone', programme: { loops: 3 } });
    await stage.endPlayback();
  });

  test('endless_playback begins anew after a break, whatever key is pressed, and ends with a transfer', async () => {
    await stage.run('endless_playback', '/a.wav');
    for (const asked of [1, 2, 3]) {
      stage.press('*');
      expect(stage.leg.asked).toBe(asked);
      stage.channel.interrupt('break');
      await stage.settle();
    }
    await stage.endPlayback();
    expect(stage.leg.asked).toBe(5);
    await stage.channel.release();
    expect(response()).toBe('FILE PLAYED');
    await stage.run('endless_playback', '/no/such.wav');
    stage.channel.resume();
    await stage.settle();
    expect(response()).toBe('FILE NOT FOUND');
  });

  test.each(['', '+', '+2', '++2 /a.wav'])('loop_playback "%s" is refused', async (argument) => {
    await stage.run('loop_playback', argument);
    expect(response()).toMatch(/^-ERR usage/);
  });

  test('event tells others, log and info the log', async () => {
    await stage.run('event', 'Event-Name=CUSTOM,Event-Subclass=mine::it,colour=red');
    expect(custom()).toMatchObject([{ 'Event-Subclass': 'mine::it', colour: 'red', 'Unique-ID': 'channel-1' }]);
    for (const application of ['log', 'info', 'pre_answer', 'ring_ready']) {
      await stage.run(application, 'WARNING something');
      expect(response()).toBe('_none_');
    }
  });

  test('echo and its delay end with a break', async () => {
    await stage.run('delay_echo', '300');
    expect(stage.leg.calls.at(-1)).toBe('process {"echoMs":300}');
    stage.channel.interrupt('break-all');
    await stage.settle();
    expect(stage.leg.calls.at(-1)).toBe('process {}');
    expect(response()).toBe('_none_');
  });

  test('without a synthesiser nothing is said', async () => {
    await stage.run('speak', 'flite|slt|Hello');
    expect(response()).toBe('-ERR no speech');
    await stage.run('say', 'en NUMBER pronounced twelve');
    expect(response()).toBe('-ERR cannot say that');
  });
});
