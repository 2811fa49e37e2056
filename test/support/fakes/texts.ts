// Prompts whose paths say what is spoken, and a folder of texts in memory.
import type { FlowFiles, Prompts } from '../../../src/app/texts.js';
import type { SourceFile } from '../../../src/core/document/issue.js';

/** Canned texts are recorded under their key, except those that are filled in. */
export class FakePrompts implements Prompts {
  async spoken(text: string, language: string): Promise<string> {
    return `/prompts/${language}/${text}`;
  }

  text(): undefined {
    return undefined;
  }

  recorded(name: string, language: string): string | undefined {
    return name === 'queue-position' || name === 'queue-wait' ? undefined : `/prompts/${language}/${name}`;
  }
}

export const PROMPT_METHODS = ['spoken'] as const;

export class FakeFlowFiles implements FlowFiles {
  readonly #texts: Map<string, string>;
  readonly #watchers = new Set<() => void>();

  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = new Map(Object.entries(texts));
  }

  async read(): Promise<readonly SourceFile[]> {
    return [...this.#texts]
      .filter(([file]) => !file.endsWith('.test.yaml'))
      .map(([file, text]) => ({ file, text, revision: this.revisionOf(file, text) }));
  }

  async readTests(flow: string): Promise<SourceFile | undefined> {
    const file = `${flow}.test.yaml`;
    const text = this.#texts.get(file);
    return text === undefined ? undefined : { file, text, revision: this.revisionOf(file, text) };
  }

  revisionOf(file: string, text: string): string {
    return `${file} ${text.length} ${hash(text)}`;
  }

  async write(file: string, text: string): Promise<void> {
    this.#texts.set(file, text);
    for (const watcher of this.#watchers) watcher();
  }

  async remove(file: string): Promise<void> {
    this.#texts.delete(file);
    for (const watcher of this.#watchers) watcher();
  }

  watch(listener: () => void): { close(): void } {
    this.#watchers.add(listener);
    return { close: () => void this.#watchers.delete(listener) };
  }
}

function hash(text: string): number {
  let sum = 0;
  for (const symbol of text) sum = (sum * 31 + (symbol.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
