// How many connections there may be, in all and from one address: nobody can take the last places of everybody else.

export interface PlaceLimits {
  /** Connections in all, over every listener of a stack. */
  readonly total: number;
  /** Of one address; less when places are getting scarce. */
  readonly perSource: number;
}

export const DEFAULT_PLACES: PlaceLimits = { total: 4_096, perSource: 512 };
/** One address may hold a quarter of what is still free: eight greedy ones leave a fifth of all places to others. */
const SHARE_OF_FREE = 1 / 4;

/**
 * Counts connections. The share of an address shrinks with the places left (the dynamic thresholds of shared switch
 * buffers, Choudhury and Hahne 1998), so that the first connection of a new address finds room until the very last.
 */
export class Places {
  #taken = 0;
  readonly #perSource = new Map<string, number>();

  constructor(readonly limits: PlaceLimits = DEFAULT_PLACES) {}

  get taken(): number {
    return this.#taken;
  }

  takenBy(source: string): number {
    return this.#perSource.get(source) ?? 0;
  }

  /** A place for a connection that `source` opens; false when it gets none. Give it back with {@link release}. */
  take(source: string): boolean {
    const held = this.takenBy(source);
    const free = this.limits.total - this.#taken;
    const share = Math.max(1, Math.floor(free * SHARE_OF_FREE));
    if (free <= 0 || held >= this.limits.perSource || held >= share) return false;
    this.#perSource.set(source, held + 1);
    this.#taken++;
    return true;
  }

  /** A place for a connection that we open ourselves; false when none is left. Give it back with `release()`. */
  takeOwn(): boolean {
    if (this.#taken >= this.limits.total) return false;
    this.#taken++;
    return true;
  }

  release(source?: string): void {
    this.#taken--;
    if (source === undefined) return;
    const left = this.takenBy(source) - 1;
    if (left > 0) this.#perSource.set(source, left);
    else this.#perSource.delete(source);
  }
}
