// Microphones and speakers: what was chosen, what there is, and how loud it is.
import { describe, expect, test } from 'vitest';
import { isGone, keepChoices, readChoices, withChoice } from '../../../src/web/phone/audio/choices.js';
import { sorted } from '../../../src/web/phone/audio/devices.js';
import { loudness } from '../../../src/web/phone/audio/level.js';

describe('choices', () => {
  test('are kept; the default again is no choice', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    keepChoices(withChoice(withChoice({}, 'microphone', 'm1'), 'ringer', 's1'), storage);
    expect(readChoices(storage)).toEqual({ microphone: 'm1', ringer: 's1' });
    expect(withChoice({ microphone: 'm1', speaker: 's1' }, 'microphone', '')).toEqual({ speaker: 's1' });
  });

  test.each(['{', 'null', '7', '{"microphone":7,"other":"x","speaker":""}'])(
    '%s is as if nothing was chosen',
    (text) => {
      expect(readChoices({ getItem: () => text })).toEqual({});
    },
  );
});

test.each([
  ['plugged in', 's1', ['s1', 's2'], false],
  ['unplugged', 's1', ['s2'], true],
  ['nothing chosen', undefined, ['s2'], false],
  ['the browser does not tell yet', 's1', [''], false],
  ['the browser tells nothing at all', 's1', [], false],
])('a speaker: %s', (_what, chosen, there, gone) => {
  const infos = there.map((deviceId) => ({ kind: 'audiooutput' as const, deviceId }));
  expect(isGone('speaker', chosen, infos)).toBe(gone);
  // A microphone of that name is no speaker.
  expect(isGone('microphone', chosen, infos)).toBe(false);
});

test('only real devices can be chosen, each kind by itself', () => {
  const info = (kind: MediaDeviceKind, deviceId: string) => ({ kind, deviceId, label: deviceId });
  expect(
    sorted([
      info('audioinput', 'default'),
      info('audioinput', 'm1'),
      info('audiooutput', 'communications'),
      info('audiooutput', 's1'),
      info('videoinput', 'v1'),
      info('audioinput', ''),
    ]),
  ).toEqual({ microphones: [{ id: 'm1', label: 'm1' }], speakers: [{ id: 's1', label: 's1' }] });
});

test.each([
  ['silence', [0, 0, 0], 0],
  ['nothing at all', [], 0],
  ['the loudest', [1, -1, 1], 1],
  ['-30 dB', [10 ** (-30 / 20), -(10 ** (-30 / 20))], 0.5],
])('%s', (_what, samples, level) => {
  expect(loudness(samples)).toBeCloseTo(level, 5);
});
