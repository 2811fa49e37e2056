// The hold music as a file, for a media server that plays files.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readWav } from './event-socket/tones.js';

const PROGRAM = fileURLToPath(new URL('../../dist/switch/music.js', import.meta.url));

test('writes a WAV of half a minute that is heard, and says what it needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-music-'));
  const run = spawnSync(process.execPath, [PROGRAM, join(folder, 'moh')], { encoding: 'utf8' });
  expect(run.stdout.trim()).toBe(join(folder, 'moh', 'hilo.wav'));
  const { channels, samples } = readWav(readFileSync(run.stdout.trim()));
  expect(channels).toBe(1);
  expect(samples.length).toBeGreaterThan(30 * 8_000);
  expect(samples.some((sample) => Math.abs(sample) > 3_000)).toBe(true);
  rmSync(folder, { recursive: true });
  expect(spawnSync(process.execPath, [PROGRAM]).status).toBe(2);
});
