// A mistake in a text file of the centre, told so that its author can mend it.

export interface Issue {
  /** An error keeps the text from coming into force; a warning is told and nothing else. */
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Keys and indexes that lead there, where they are known; of something missing, those that it would have. */
  readonly path?: readonly (string | number)[];
  readonly message: string;
  /** What to write instead; '' when the message says it all. */
  readonly advice: string;
}

/** A text file as it was read; `file` is the name used in issues. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  /** Identity of this content, kept with each call that used it; usually its hash. */
  readonly revision: string;
}

/** `ok: false` lists every mistake found, in the order of file, line and column, with the warnings among them. */
export type Compiled<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export function formatIssue(issue: Issue): string {
  const advice = issue.advice === '' ? '' : ` (${issue.advice})`;
  const warning = issue.severity === 'warning' ? 'warning: ' : '';
  return `${issue.file}:${issue.line}:${issue.column}: ${warning}${issue.message}${advice}`;
}

export function compareIssues(a: Issue, b: Issue): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

export function isError(issue: Issue): boolean {
  return issue.severity === 'error';
}
