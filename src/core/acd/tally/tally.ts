// What an agent has done today, kept in the presence: what strategies that spread the work compare.

export interface Tally {
  /** Midnight of the centre with which this day began, Unix ms; 0 before the first midnight that was told. */
  readonly dayMs: number;
  /** Calls taken that a queue offered. */
  readonly calls: number;
  /** Time in those that are over, holding included. A call over midnight counts where it ends. */
  readonly talkMs: number;
  /** When the last offer came, 0 if none did: survives midnight, since it is an order and no count. */
  readonly lastOfferedMs: number;
}

export const NO_TALLY: Tally = { dayMs: 0, calls: 0, talkMs: 0, lastOfferedMs: 0 };

export function tallyOf({ tally }: { readonly tally?: Tally | undefined }): Tally {
  return tally ?? NO_TALLY;
}
