// play_and_get_digits on a still clock: every way a caller can answer a menu.
import { beforeEach, describe, expect, test } from 'vitest';
import { DIGITS_MAX, TRIES_MAX } from '../../../src/switch/channel/applications/collecting.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const MENU = '1 3 2 5000 # /menu.wav /wrong.wav choice ^\\d+$ 2000';

function result(): (string | undefined)[] {
  return ['choice', 'choice_invalid', 'read_terminator_used', 'read_result'].map((name) =>
    stage.channel.variables.get(name),
  );
}
const ended = (): boolean => stage.completed['Application'] === 'play_and_get_digits';

describe('a menu', () => {
  test('is answered while the prompt plays: it stops, the rest is awaited', async () => {
    await stage.run('play_and_get_digits', MENU);
    stage.press('1');
    await stage.settle();
    expect(stage.told).toContain('PLAYBACK_STOP');
    expect(ended()).toBe(false);
    stage.press('2#');
    await stage.settle();
    expect(ended()).toBe(true);
    expect(result()).toEqual(['12', undefined, '#', 'success']);
    expect(stage.completed['variable_choice']).toBe('12');
  });

  test('ends with the last digit allowed', async () => {
    await stage.run('play_and_get_digits', MENU);
    stage.press('1234');
    await stage.settle();
    expect(result()).toEqual(['123', undefined, undefined, 'success']);
  });

  test('waits for the first key, then less for the next', async () => {
    await stage.run('play_and_get_digits', MENU);
    await stage.endPlayback();
    await stage.pass(4_999);
    stage.press('7');
    await stage.pass(1_999);
    expect(ended()).toBe(false);
    await stage.pass(1);
    expect(ended()).toBe(true);
    expect(result()).toEqual(['7', undefined, undefined, 'success']);
  });

  test('without an answer says so, tries again and gives up', async () => {
    await stage.run('play_and_get_digits', MENU);
    await stage.endPlayback();
    await stage.pass(5_000);
    await stage.endPlayback(); // wrong.wav
    await stage.endPlayback(); // menu.wav
    await stage.pass(5_000);
    expect(ended()).toBe(false);
    await stage.endPlayback(); // wrong.wav
    expect(ended()).toBe(true);
    expect(result()).toEqual([undefined, undefined, undefined, 'timeout']);
    expect(stage.leg.playing.map(({ source }) => source.kind === 'file' && source.path)).toEqual([
      '/menu.wav',
      '/wrong.wav',
      '/menu.wav',
      '/wrong.wav',
    ]);
  });

  test('with an answer that does not fit keeps it as invalid', async () => {
    await stage.run('play_and_get_digits', '1 2 1 5000 # /menu.wav /wrong.wav choice ^[12]$ 2000');
    stage.press('99');
    await stage.settle();
    await stage.endPlayback();
    expect(result()).toEqual([undefined, '99', undefined, 'failure']);
  });

  test('forgets keys typed before it and results of the one before', async () => {
    stage.press('5');
    stage.channel.variables.set('choice', 'old');
    stage.channel.variables.set('read_terminator_used', '#');
    await stage.run('play_and_get_digits', MENU);
    expect(result()).toEqual([undefined, undefined, undefined, undefined]);
    stage.press('6#');
    await stage.settle();
    expect(result()).toEqual(['6', undefined, '#', 'success']);
  });

  test('a terminator alone ends one that wants nothing, and fails one that wants a digit', async () => {
    await stage.run('play_and_get_digits', '0 3 1 5000 # /menu.wav /wrong.wav choice \\d+ 2000');
    stage.press('#');
    await stage.settle();
    expect(ended()).toBe(true);
    expect(result()).toEqual([undefined, undefined, '#', 'success']);
    await stage.run('play_and_get_digits', '1 3 1 5000 # /menu.wav /wrong.wav choice \\d+ 2000');
    stage.press('#');
    await stage.settle();
    expect(result()).toEqual([undefined, undefined, '#', 'failure']);
  });

  test('whose prompt is missing still collects', async () => {
    await stage.run('play_and_get_digits', '1 1 1 5000 # /no/such.wav /wrong.wav choice \\d+ 2000');
    stage.press('4');
    await stage.settle();
    expect(result()[0]).toBe('4');
  });
});

test('digits and tries have a most', async () => {
  await stage.run('play_and_get_digits', '1 9999 999999 1000 # /no/menu.wav /no/wrong.wav choice \\d+ 1000');
  stage.press('1'.repeat(DIGITS_MAX + 1));
  await stage.settle();
  expect(result()[0]).toHaveLength(DIGITS_MAX);
  await stage.run('play_and_get_digits', '1 1 999999 1000 # /no/menu.wav /no/wrong.wav choice \\d+ 1000');
  const before = stage.leg.asked;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) await stage.pass(1_000);
  expect(ended()).toBe(true);
  expect(stage.leg.asked - before).toBe(2 * TRIES_MAX - 1);
});

describe('breaking off', () => {
  test('uuid_break ends the prompt, a second one the waiting', async () => {
    await stage.run('play_and_get_digits', MENU);
    stage.channel.interrupt('break');
    await stage.settle();
    expect(stage.told.at(-1)).toBe('PLAYBACK_STOP');
    expect(ended()).toBe(false);
    stage.press('8#');
    await stage.settle();
    expect(result()[0]).toBe('8');
  });

  test('uuid_break all ends it at once, without the sound for a wrong answer', async () => {
    await stage.run('play_and_get_digits', MENU);
    await stage.endPlayback();
    stage.channel.interrupt('break-all');
    await stage.settle();
    expect(ended()).toBe(true);
    expect(stage.leg.playing).toHaveLength(1);
  });

  test('a hang-up ends it in every phase and leaves no timer', async () => {
    for (const phase of ['prompt', 'waiting', 'typing']) {
      stage = new Stage();
      await stage.run('play_and_get_digits', MENU);
      if (phase !== 'prompt') await stage.endPlayback();
      if (phase === 'typing') stage.press('1');
      stage.channel.hangup('NORMAL_CLEARING');
      await stage.settle();
      await stage.settle();
      expect(ended()).toBe(true);
      expect(stage.told.at(-1)).toBe('CHANNEL_HANGUP_COMPLETE');
      expect(stage.clock.pending).toBe(0);
    }
  });
});

test.each([
  ['', '-ERR usage'],
  ['1 2 3', '-ERR usage'],
  ['x 1 1 5000 # a.wav b.wav v \\d+', '-ERR usage'],
])('arguments that make no sense are answered: "%s"', async (argument, answer) => {
  await stage.run('play_and_get_digits', argument);
  expect(stage.completed['Application-Response']).toContain(answer);
});

test('an expression that does not compile matches nothing', async () => {
  await stage.run('play_and_get_digits', '1 1 1 5000 # /menu.wav /wrong.wav choice ( 2000');
  stage.press('1');
  await stage.endPlayback();
  expect(result()).toEqual([undefined, '1', undefined, 'failure']);
});
