// Several files of the centre that change together: all of them are written, or none.
import type { SourceFile } from '../../core/document/issue.js';
import type { FlowFiles } from '../texts.js';

export interface FileChange {
  readonly file: string;
  /** undefined: it is taken away. */
  readonly text: string | undefined;
  /** The revision that it takes the place of, null for none; absent: whichever is there. */
  readonly over?: string | null;
}

/** `before`: what is there. Where one of them cannot be written the others are as before, as far as they can be. */
export async function writeTogether(
  files: Pick<FlowFiles, 'write' | 'remove'>,
  changes: readonly FileChange[],
  before: ReadonlyMap<string, SourceFile>,
): Promise<void> {
  const put = (file: string, text: string | undefined): Promise<void> =>
    text === undefined ? files.remove(file) : files.write(file, text);
  // What is new comes first, what is gone goes last: whoever reads the folder in between finds good texts.
  const ordered = changes.toSorted((a, b) => Number(a.text === undefined) - Number(b.text === undefined));
  for (const [index, { file, text }] of ordered.entries()) {
    try {
      await put(file, text);
    } catch (error) {
      const done = ordered.slice(0, index).map((one) => put(one.file, before.get(one.file)?.text));
      const failed = (await Promise.allSettled(done)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      if (failed.length > 0) throw new AggregateError([error, ...failed], 'the texts are written in part');
      throw error;
    }
  }
}
