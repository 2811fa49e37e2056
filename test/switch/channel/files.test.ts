// What variables say about recorded files, and file strings that are no files: speech and phrases.
import { describe, expect, test } from 'vitest';
import type { Speaker } from '../../../src/switch/speech/speaker.js';
import { Stage } from './stage.js';

test('a recording takes its rate and what it says about itself from variables', async () => {
  const stage = new Stage();
  await stage.run('multiset', '^^^record_sample_rate=16000^RECORD_TITLE=Complaint 7^RECORD_DATE=2026-01-05');
  await stage.run('record_session', '/r.wav');
  stage.channel.execute({ application: 'record', argument: '/v.wav', id: 'x' });
  await stage.settle();
  const form = { rate: 16_000, information: { title: 'Complaint 7', date: '2026-01-05' } };
  expect(stage.leg.recordOptions).toMatchObject([form, form]);
});

test.each(['11025', '44100', 'fast', '96000'])('a rate of %s is refused, and nothing is recorded', async (rate) => {
  const stage = new Stage();
  await stage.run('set', `record_sample_rate=${rate}`);
  await stage.run('record', '/v.wav');
  expect(stage.completed['Application-Response']).toMatch(/^-ERR record_sample_rate must be one of 8000, 16000,/);
  await stage.run('record_session', '/r.wav');
  expect(stage.completed['Application-Response']).toBe('-ERR Cannot record session!');
  expect(stage.leg.recordOptions).toEqual([]);
});

test('a recording goes on when its channel is transferred', async () => {
  const stage = new Stage();
  await stage.run('record_session', '/r.wav');
  await stage.channel.release();
  stage.channel.reroute([{ name: 'park', argument: '' }]);
  await stage.settle();
  expect(stage.channel.recordings.paths).toEqual(['/r.wav']);
});

test.each([
  ['RECORD_READ_ONLY=true', { channels: 'read' }],
  ['RECORD_WRITE_ONLY=true', { channels: 'write' }],
  ['RECORD_STEREO=true', { channels: 'stereo' }],
  ['RECORD_STEREO=false', { channels: 'mixed' }],
  ['RECORD_APPEND=true', { channels: 'mixed', append: true }],
  ['RECORD_MIN_SEC=3', { channels: 'mixed', minimumMs: 3_000 }],
])('%s is how a call is recorded', async (variable, options) => {
  const stage = new Stage();
  await stage.run('set', variable);
  await stage.run('record_session', '/r.wav');
  expect(stage.leg.recordOptions).toEqual([{ rate: 8_000, ...options }]);
});

test('a recording is masked and paused by applications', async () => {
  const stage = new Stage();
  await stage.run('record_session', '/r.wav');
  for (const what of ['mask', 'unmask', 'pause', 'resume']) await stage.run(`record_session_${what}`, '/r.wav');
  expect(stage.leg.calls.slice(-4)).toEqual([
    'mask /r.wav true',
    'mask /r.wav false',
    'pause /r.wav true',
    'pause /r.wav false',
  ]);
  await stage.run('record_session_mask', '/other.wav');
  expect(stage.completed['Application-Response']).toBe('-ERR no such recording');
});

describe('recordings that go on at another channel', () => {
  const stages = async (): Promise<readonly [Stage, Stage]> => {
    const [one, other] = [new Stage('one'), new Stage('other')];
    await one.run('multiset', '^^^RECORD_STEREO=true^record_sample_rate=16000^RECORD_MIN_SEC=1');
    return [one, other];
  };
  const told = ({ events }: Stage): unknown[] =>
    events.map(({ headers }) => headers['Event-Name']).filter((name) => String(name).startsWith('RECORD'));

  test('keep their file, its form, their limit and what is hidden', async () => {
    const [one, other] = await stages();
    await one.run('record_session', '/r.wav +60');
    await one.run('record_session_mask', '/r.wav');
    await one.pass(20_000);
    await one.channel.recordings.moveTo(other.channel.recordings);
    expect(one.channel.recordings.paths).toEqual([]);
    expect(other.channel.recordings.paths).toEqual(['/r.wav']);
    expect(other.leg.recordOptions).toEqual([
      { channels: 'stereo', rate: 16_000, limitMs: 40_000, append: true, minimumMs: 0 },
    ]);
    expect(other.leg.calls.at(-1)).toBe('mask /r.wav true');
    await other.run('stop_record_session', '/r.wav');
    expect([told(one), told(other)]).toEqual([['RECORD_START'], ['RECORD_STOP']]);
  });

  test('end when their time is over, or the other channel is gone or records that file already', async () => {
    const [one, other] = await stages();
    await one.run('record_session', '/late.wav +10');
    await one.run('record_session', '/twice.wav');
    await other.run('record_session', '/twice.wav');
    await one.pass(10_000);
    await one.channel.recordings.moveTo(other.channel.recordings);
    expect(other.channel.recordings.paths).toEqual(['/twice.wav']);
    await one.run('record_session', '/gone.wav');
    other.channel.hangup('NORMAL_CLEARING');
    await one.channel.recordings.moveTo(other.channel.recordings);
    expect(told(one)).toEqual([
      ...['RECORD_START', 'RECORD_START', 'RECORD_STOP', 'RECORD_STOP'],
      ...['RECORD_START', 'RECORD_STOP'],
    ]);
  });
});

test.each([
  ['say:Good morning', 'Good morning', 'es'],
  ['say:unimrcp:en-us:Good: morning', 'Good: morning', 'en-us'],
])('%s is spoken as a file among files', async (file, text, voice) => {
  const asked: string[][] = [];
  const speak = (...words: string[]): Promise<string> => {
    asked.push(words);
    return Promise.resolve('/spoken.wav');
  };
  const stage = new Stage('channel-1', { speaker: { speak } as unknown as Speaker });
  await stage.run('set', 'tts_voice=es');
  await stage.run('playback', file);
  expect(asked).toEqual([[text, voice, 'en']]);
  expect(stage.leg.playing[0]?.source).toEqual({ kind: 'file', path: '/spoken.wav' });
  await stage.endPlayback();
  expect(stage.completed['Application-Response']).toBe('FILE PLAYED');
});

test('speech without a speaker is not found; a phrase is refused with what to do instead', async () => {
  const stage = new Stage();
  await stage.run('playback', 'say:Hello');
  expect(stage.completed['Application-Response']).toBe('FILE NOT FOUND');
  await stage.run('playback', 'phrase:welcome:1');
  expect(stage.completed['Application-Response']).toBe('FILE NOT FOUND');
  await stage.run('phrase', 'welcome,1');
  expect(stage.completed['Application-Response']).toBe(
    '-ERR phrase macros are not supported: use say, speak or playback',
  );
});
