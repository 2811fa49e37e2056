// How many lost customers each queue has got back.
import type { LostSummary } from '../summary.js';

export interface RecoveryFigures {
  readonly queue: string;
  /** Customers lost in the period: matters, not calls. */
  readonly lost: number;
  /** Of these, those who talked or wrote with somebody since, or served themselves. */
  readonly recovered: number;
  readonly byCallback: number;
  readonly byCall: number;
  readonly byMessage: number;
  /** Of these, those who said that they do not need it any more, or whose call-back was cancelled. */
  readonly declined: number;
  /** Of these, those who are still owed something: `lost = recovered + declined + open`. */
  readonly open: number;
  /** recovered / (recovered + open), 0 … 1; who declined is neither. */
  readonly recoveredShare?: number;
  /** Σ (recovered − lost) / recovered, in ms. */
  readonly averageRecoveryMs?: number;
}

/** By queue, in the order of their names. */
export function recoveryFigures(rows: Iterable<LostSummary>): RecoveryFigures[] {
  const queues = new Map<string, LostSummary[]>();
  for (const row of rows) {
    const known = queues.get(row.queue);
    if (known === undefined) queues.set(row.queue, [row]);
    else known.push(row);
  }
  return [...queues].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([queue, own]) => figuresOf(queue, own));
}

function figuresOf(queue: string, rows: readonly LostSummary[]): RecoveryFigures {
  const count = (wanted: (row: LostSummary) => boolean): number => rows.filter(wanted).length;
  const recovered = count(({ state }) => state === 'recovered');
  const open = count(({ state }) => state === 'open');
  const tookMs = rows.reduce((sum, { atMs, recoveredAtMs = atMs }) => sum + recoveredAtMs - atMs, 0);
  return {
    queue,
    lost: rows.length,
    recovered,
    byCallback: count(({ by }) => by === 'callback'),
    byCall: count(({ by }) => by === 'call'),
    byMessage: count(({ by }) => by === 'message'),
    declined: count(({ state }) => state === 'declined'),
    open,
    ...(recovered + open === 0 ? {} : { recoveredShare: recovered / (recovered + open) }),
    ...(recovered === 0 ? {} : { averageRecoveryMs: tookMs / recovered }),
  };
}
