// Texts spoken by the real espeak-ng, each once.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { openWav } from '../../../src/switch/media/audio/wav-reader.js';
import { Speaker, TEXT_LENGTH_MAX } from '../../../src/switch/speech/speaker.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-speech-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function speaker(program?: string): Speaker {
  return new Speaker({ folder, clock: systemClock, log: silentLog, ...(program === undefined ? {} : { program }) });
}

describe('a text', () => {
  test('is spoken once, by each voice; strange voices are those of the language', async () => {
    const one = speaker();
    const [first, again] = await Promise.all([
      one.speak('Good morning', 'en', 'en'),
      one.speak('Good morning', 'en', 'en'),
    ]);
    expect(again).toBe(first);
    expect(await speaker().speak(' Good morning ', 'en', 'es')).toBe(first);
    const strange = await one.speak('Good morning', '; rm -rf /', 'es');
    expect(strange).toBe(await one.speak('Good morning', 'es', 'en'));
    expect(strange).not.toBe(first);
    expect(await readdir(folder)).toHaveLength(2);
    const reader = await openWav(first ?? '');
    expect(reader.samples).toBeGreaterThan(4_000);
    await reader.close();
  });

  test('that is empty, too long, or that nothing can speak, is no file', async () => {
    expect(await speaker().speak(' ', 'en', 'en')).toBeUndefined();
    expect(await speaker().speak('a'.repeat(TEXT_LENGTH_MAX + 1), 'en', 'en')).toBeUndefined();
    expect(await speaker('/nowhere/espeak').speak('Hello', 'en', 'en')).toBeUndefined();
    expect(await speaker('/bin/false').speak('Hello', 'en', 'en')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});
