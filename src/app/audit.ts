// The audit: who did what to what, and when. What reads or changes something on somebody's behalf is noted before it is done.
import type { Clock } from '../lib/clock.js';

export interface AuditNote {
  /** Name of the user. */
  readonly by: string;
  /** Kebab-case verb and noun, e.g. `recording-played`. */
  readonly act: string;
  /** What it was done to: an id or a name. */
  readonly on: string;
  /** A few facts, all short; never a secret, never a text of a customer. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditLine extends AuditNote {
  /** Order of writing; counts up. */
  readonly number: number;
  readonly atMs: number;
}

export interface AuditQuery {
  readonly by?: string;
  readonly act?: string;
  readonly on?: string;
  /** `fromMs` ≤ at < `toMs`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Only lines with a smaller number: the next page. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditStore {
  /** Durable when it resolves. Rejects with HiloError `store-unavailable`. */
  noteAudit(note: AuditNote & { readonly atMs: number }): Promise<void>;
  /** Newest first. Rejects with HiloError `store-unavailable`. */
  audit(query: AuditQuery): Promise<readonly AuditLine[]>;
}

export class Audit {
  constructor(private readonly ports: { readonly store: AuditStore; readonly clock: Clock }) {}

  /** Await it before the act: what cannot be noted is not done. Rejects with HiloError `store-unavailable`. */
  note(note: AuditNote): Promise<void> {
    const { store, clock } = this.ports;
    return store.noteAudit({ ...note, atMs: clock.nowMs() });
  }

  /** Newest first. Rejects with HiloError `store-unavailable`. */
  find(query: AuditQuery): Promise<readonly AuditLine[]> {
    return this.ports.store.audit(query);
  }
}
