// What is heard of a prompt without a call: the file of a recording as it is, else speech.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UPLOAD_BYTES_MAX } from '../../../src/app/prompts/conversion.js';
import type { Prompt } from '../../../src/core/ivr/ask.js';
import { heardOf } from '../../../src/voice/prompts/heard.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-heard-'));
});
afterEach(() => rm(folder, { recursive: true }));

const WELCOME: Prompt = { kind: 'recorded', name: 'welcome', language: 'es', fallbackText: 'Hola' };

async function heard(prompt: Prompt, recorded?: string): Promise<string | undefined> {
  const prompts = { recorded: () => recorded, text: () => undefined };
  const bytes = await heardOf(prompt, prompts, async (...said) => Buffer.from(said.filter(Boolean).join()));
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

test('a recording is the file as it is', async () => {
  const path = join(folder, 'welcome.wav');
  await writeFile(path, 'RIFF');
  expect(await heard(WELCOME, path)).toBe('RIFF');
});

test('without one its text is spoken, and where there is none nothing is heard', async () => {
  expect(await heard(WELCOME)).toBe('Hola,es');
  expect(await heard({ kind: 'recorded', name: 'welcome', language: 'es' })).toBeUndefined();
});

test('a file of any size may lie in the folder: one that is too large is not read', async () => {
  const path = join(folder, 'welcome.wav');
  await writeFile(path, '');
  await truncate(path, UPLOAD_BYTES_MAX + 1);
  await expect(heard(WELCOME, path)).rejects.toThrow(/more than/);
});
