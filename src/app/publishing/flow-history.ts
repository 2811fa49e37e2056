// What is kept of the texts of the centre beside those in force: revisions, roll-outs, and who did what.
import type { FlowRename } from '../../core/guide/naming.js';
import type { ArmCall } from '../../core/rollout/comparison.js';
import type { Rollout } from '../../core/rollout/rollout.js';

/** A text of the centre as somebody published it. */
export interface RevisionRow {
  readonly name: string;
  readonly revision: string;
  readonly text: string;
  readonly author: string;
  readonly note: string;
  readonly atMs: number;
}

export interface RevisionLine {
  readonly revision: string;
  readonly author: string;
  /** '' when nothing was said. */
  readonly note: string;
  readonly atMs: number;
}

export type JournalAction =
  | 'rolled-back'
  /** Published although nobody asked the tests. */
  | 'forced'
  /** Another name; a line under each of the two. */
  | 'renamed'
  | 'removed'
  | 'rollout-started'
  | 'rollout-stopped'
  | 'rollout-promoted'
  | 'rollout-aborted';

/** Something that was done with a flow, by a user or by Hilo itself (`hilo`). Only ever added. */
export interface JournalLine {
  readonly atMs: number;
  readonly flow: string;
  readonly action: JournalAction;
  readonly by: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** `version` counts the changes of the row: who writes names the one they read. */
export interface StoredRollout {
  readonly version: number;
  readonly rollout: Rollout;
}

/** Every method rejects with HiloError `store-unavailable` when the database is away. */
export interface FlowHistory {
  /** Publications of a name, newest first; the same text several times in a row is one. */
  revisions(name: string, limit: number): Promise<readonly RevisionLine[]>;
  /** The text of a revision, also of a candidate that was never published. */
  textOf(name: string, revision: string): Promise<string | undefined>;
  /** Newest first. */
  journal(flow: string, limit: number): Promise<readonly JournalLine[]>;
  /** Flows that got other names, the newest `limit`, oldest first. */
  renames(limit: number): Promise<readonly FlowRename[]>;
  /** At most one in the whole centre. */
  running(): Promise<StoredRollout | undefined>;
  newestOf(flow: string): Promise<StoredRollout | undefined>;
  /** With its line in the journal, or neither. False: another one is running. */
  begin(rollout: Rollout, line: JournalLine): Promise<boolean>;
  /** With a line in the journal, or neither. False: somebody else was first. */
  change(stored: StoredRollout, line?: JournalLine): Promise<boolean>;
  note(line: JournalLine): Promise<void>;
  /** How many calls have entered the flow on the smaller side since it began, at most `limit`: cheap. */
  smallerSide(rollout: Rollout, limit: number): Promise<number>;
  /** Calls that entered the flow in one of the two revisions since it began: of each the newest `limit`. */
  callsOf(rollout: Rollout, limit: number): Promise<readonly ArmCall[]>;
}
