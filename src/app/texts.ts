// What is spoken, and the texts of the centre, as the running centre needs them. voice/ and store/ implement it.
import type { SourceFile } from '../core/document/issue.js';

export interface Prompts {
  /** Absolute path of a WAV that says `text` in `language`; made once, then served from the cache. `voice`: not that of the language. */
  spoken(text: string, language: string, voice?: string): Promise<string>;
  /** Absolute path of a recorded WAV, or undefined when there is none in that language. */
  recorded(name: string, language: string): string | undefined;
  /** What a prompt of this name says where it is not recorded; undefined when nobody wrote that down. */
  text(name: string, language: string): { readonly text: string; readonly voice?: string } | undefined;
}

/** Whether callers of a language hear something of a prompt: a sound, or its text. */
export function isHeardOf(prompts: Prompts): (prompt: string, language: string) => boolean {
  return (...prompt) => prompts.recorded(...prompt) !== undefined || prompts.text(...prompt) !== undefined;
}

export interface FlowFiles {
  /** All `*.yaml` files of the folder (no sub-folders), names relative to it. Rejects when the folder cannot be read. */
  read(): Promise<readonly SourceFile[]>;
  /** Replaces one file whole, atomically. `name` is checked: no path leaves the folder. */
  write(file: string, text: string): Promise<void>;
  /** Takes one file away; safe when there is none. */
  remove(file: string): Promise<void>;
  /** The tests of a flow, `<flow>.test.yaml`; undefined when there are none. They are no flows: `read` leaves them out. */
  readTests(flow: string): Promise<SourceFile | undefined>;
  /** Identity that a file of this name has with this text. */
  revisionOf(file: string, text: string): string;
  /** Calls `listener` soon after something in the folder changed. */
  watch(listener: () => void): { close(): void };
}
