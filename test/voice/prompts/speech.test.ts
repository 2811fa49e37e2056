// The speech synthesiser as a child process: what it gets, what comes back, and that it gives way to calls.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { espeak, SpeechMissing } from '../../../src/voice/prompts/speech.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A program in place of espeak-ng. */
async function program(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-speech-'));
  folders.push(folder);
  const path = join(folder, 'synthesiser');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('speech by a child process', () => {
  test('gets the text and gives the sound', async () => {
    const synthesise = espeak(systemClock, await program('echo "$2: $(cat)"'));
    expect((await synthesise('Hola', 'es')).toString()).toBe('es: Hola\n');
  });

  test('runs behind the calls', async () => {
    // The text comes after the start, so by its end the priority is what it will be.
    const synthesise = espeak(systemClock, await program('cat > /dev/null; nice'));
    expect(Number((await synthesise('Hola', 'es')).toString())).toBe(Math.min(getPriority() + 10, 19));
  });

  test('that fails, or is not there, says so', async () => {
    const failing = espeak(systemClock, await program('exit 3'));
    await expect(failing('Hola', 'es')).rejects.toThrow('ended with 3');
    await expect(espeak(systemClock, '/nowhere/espeak-ng')('Hola', 'es')).rejects.toBeInstanceOf(SpeechMissing);
  });
});
