// Counts and sums of a queue in some time: they add up over quarters of an hour, days and queues; averages are made of them.

/**
 * What adds up. A call counts in the quarter of an hour in which it joined the queue, whenever the rest happened; a
 * call-back in that of its promise, a lost customer in that of the loss: in every cell
 * `offered = answered + abandoned + shortAbandoned + flowedOut + still waiting`.
 */
export const SUMS = [
  /** Calls that joined the queue. */
  'offered',
  /** … and were connected with an agent. */
  'answered',
  /** … within the service level time of the queue, at it included. */
  'answeredInTime',
  /** … or whose caller hung up in the queue, not before the short-abandon limit. */
  'abandoned',
  /** … or before it. */
  'shortAbandoned',
  /** … or that left for something else: overflow, maximum wait, exit key, lost node. */
  'flowedOut',
  /** Σ wait of the answered, in ms. */
  'answeredWaitMs',
  /** Σ wait of the abandoned, short ones left out, in ms. */
  'abandonedWaitMs',
  /** Answered calls that are over. */
  'handled',
  /** Σ of these: talk, hold included, in ms. */
  'talkMs',
  /** Σ of these: work afterwards, in ms. */
  'wrapUpMs',
  /** Call-backs that customers were promised. */
  'callbacksPromised',
  /** Attempts to make them. */
  'callbackAttempts',
  /** Call-backs that ended with customer and agent talking. */
  'callbacksReached',
  /** Call-backs that ended otherwise. */
  'callbacksNotReached',
  /** Customers who went without being served. */
  'lost',
  /** Of these, those who talked with somebody since, called back or calling again, or served themselves. */
  'recovered',
] as const;
export type Sum = (typeof SUMS)[number];

export interface Counts extends Readonly<Record<Sum, number>> {
  /** The longest wait that is over, in ms: the greater one stays when counts are added. */
  readonly longestWaitMs: number;
}

/** Absent where there is nothing to divide by. */
export interface Averages {
  /** answeredInTime / (answered + abandoned), 0 … 1. */
  readonly serviceLevel?: number;
  /** abandoned / (answered + abandoned), 0 … 1. */
  readonly abandonRate?: number;
  /** answeredWaitMs / answered. */
  readonly asaMs?: number;
  /** abandonedWaitMs / abandoned. */
  readonly averageAbandonMs?: number;
  /** (talkMs + wrapUpMs) / handled. */
  readonly ahtMs?: number;
}

/** Counts of one queue that joined within one quarter of an hour. */
export interface Cell {
  readonly queue: string;
  /** Its beginning; Unix ms. Every time zone of today is whole quarters away from UTC. */
  readonly quarterMs: number;
  readonly counts: Counts;
}

export const QUARTER_MS = 900_000;

export const NOTHING: Counts = {
  ...(Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<Sum, number>),
  longestWaitMs: 0,
};

export function quarterOf(atMs: number): number {
  return Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
}

export function plus(a: Counts, b: Partial<Counts>): Counts {
  const sums = Object.fromEntries(SUMS.map((name) => [name, a[name] + (b[name] ?? 0)])) as Record<Sum, number>;
  return { ...sums, longestWaitMs: Math.max(a.longestWaitMs, b.longestWaitMs ?? 0) };
}

export function total(counts: Iterable<Counts>): Counts {
  let all = NOTHING;
  for (const one of counts) all = plus(all, one);
  return all;
}

/** Calls in the queue whose wait is not over. */
export function waitingOf({ offered, answered, abandoned, shortAbandoned, flowedOut }: Counts): number {
  return offered - answered - abandoned - shortAbandoned - flowedOut;
}

export function averagesOf(counts: Counts): Averages {
  const { answered, abandoned, handled } = counts;
  return {
    ...ratio('serviceLevel', counts.answeredInTime, answered + abandoned),
    ...ratio('abandonRate', abandoned, answered + abandoned),
    ...ratio('asaMs', counts.answeredWaitMs, answered),
    ...ratio('averageAbandonMs', counts.abandonedWaitMs, abandoned),
    ...ratio('ahtMs', counts.talkMs + counts.wrapUpMs, handled),
  };
}

/** The member with the quotient, or none. */
export function ratio<Name extends string>(
  name: Name,
  part: number,
  whole: number,
): { readonly [Key in Name]?: number } {
  return whole === 0 ? {} : ({ [name]: part / whole } as { readonly [Key in Name]?: number });
}
