// Owns the variables of one channel: what is known from its set-up, and what was set or measured since.

/** Most names one channel may hold; a client that sets more is refused. */
export const VARIABLES_MAX = 1_000;

/**
 * Facts (addresses, SDP, SIP headers) are shown in CHANNEL_DATA and `uuid_dump` only; values set later also go into
 * every event that carries variables. That keeps an event at about a tenth of FreeSWITCH's size.
 */
export class Variables {
  readonly #facts = new Map<string, string>();
  readonly #values = new Map<string, string>();

  get(name: string): string | undefined {
    return this.#values.get(name) ?? this.#facts.get(name);
  }

  /** Sets, or removes when `value` is undefined. False when the channel holds too many. */
  set(name: string, value: string | undefined): boolean {
    if (value === undefined) {
      this.#values.delete(name);
      this.#facts.delete(name);
      return true;
    }
    if (this.#values.size >= VARIABLES_MAX && !this.#values.has(name)) return false;
    this.#values.set(name, value);
    return true;
  }

  state(name: string, value: string): void {
    this.#facts.set(name, value);
  }

  /** Everything, facts first; a value set later replaces the fact of that name. */
  *all(): Iterable<readonly [string, string]> {
    for (const entry of this.#facts) if (!this.#values.has(entry[0])) yield entry;
    yield* this.#values;
  }

  /** What was set or measured since the set-up. */
  changed(): Iterable<readonly [string, string]> {
    return this.#values;
  }
}

/** FreeSWITCH's idea of true. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|enabled?|active|allow|1)$/i.test(value);
}
