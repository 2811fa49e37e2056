// What callers would hear of a prompt, as bytes: for whoever listens to it without a call.
import { readFile, stat } from 'node:fs/promises';
import { UPLOAD_BYTES_MAX } from '../../app/prompts/conversion.js';
import { saidOf } from '../../app/speech.js';
import type { Prompts } from '../../app/texts.js';
import type { Prompt } from '../../core/ivr/ask.js';

/** A WAV that says a text, not kept. */
export type Preview = (text: string, language: string, voice?: string) => Promise<Uint8Array>;

/** undefined: nothing is heard. Rejects when it cannot be read or spoken. */
export async function heardOf(
  prompt: Prompt,
  prompts: Pick<Prompts, 'recorded' | 'text'>,
  preview: Preview,
): Promise<Uint8Array | undefined> {
  const said = saidOf(prompt, prompts);
  if (said === undefined) return undefined;
  if (said.kind === 'spoken') return preview(said.text, said.language, said.voice);
  // Whatever somebody has laid into the folder.
  const { size } = await stat(said.path);
  if (size > UPLOAD_BYTES_MAX) throw new Error(`${said.path} has ${size} bytes, more than ${UPLOAD_BYTES_MAX}`);
  return readFile(said.path);
}
