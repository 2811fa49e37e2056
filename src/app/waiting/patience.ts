// What makes a caller leave a queue without an agent, at any moment of the wait: while something is played, is said, or an
// agent's phone rings.
import type { Destination } from '../../core/acd/queue.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Leg } from '../ports.js';

/** `to`: where the key leads; absent: to the overflow of the queue. */
export type Impatience =
  | { readonly kind: 'max-wait' }
  | { readonly kind: 'nobody-signed-in' }
  | { readonly kind: 'exit-key'; readonly to?: Destination }
  /** A supervisor sends the caller elsewhere. */
  | { readonly kind: 'moved'; readonly to: Destination };

export interface PatienceOptions {
  readonly leg: Leg;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Key → where it leads; undefined: to the overflow. */
  readonly exits: ReadonlyMap<string, Destination | undefined>;
  /** What has to be stored before the caller may go there; false: it is not possible, the caller waits on. */
  readonly prepare: (to: Destination) => Promise<boolean>;
  /** Told of changes among the agents; absent: the caller waits also for nobody. */
  readonly watchStaff?: { readonly isEmpty: () => boolean; readonly onChange: (listener: () => void) => () => void };
}

/** So long nobody has to be there: a phone that registers anew, or an agent who changes desks, empties no queue. */
export const EMPTY_FOR_MS = 10_000;

/** Lives from joining to leaving; `stop` lets go of everything it listens to. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #undo: (() => void)[] = [];
  readonly #listeners = new Set<(impatience: Impatience) => void>();
  #over: Impatience | undefined;
  #preparing: Promise<void> | undefined;
  /** Attempts to connect, and talks, that are under way. */
  #connecting = 0;
  #emptyTimer: Timer | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
    const { leg, clock, deadlineMs, watchStaff } = options;
    const timer = clock.after(Math.max(0, deadlineMs - clock.nowMs()), () => this.#end({ kind: 'max-wait' }));
    this.#undo.push(() => timer.cancel());
    if (options.exits.size > 0) this.#undo.push(leg.onKey((key) => this.#key(key)));
    if (watchStaff !== undefined) {
      const look = (): void => this.#lookAtStaff(watchStaff.isEmpty());
      this.#undo.push(watchStaff.onChange(look), () => this.#emptyTimer?.cancel());
      look();
    }
  }

  /** Calls back once, at once when it is over already; what is returned stops that. */
  onOver(listener: (impatience: Impatience) => void): () => void {
    if (this.#over !== undefined) listener(this.#over);
    else this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Settles when no key is being dealt with: how it stands then. */
  async settled(): Promise<Impatience | undefined> {
    await this.#preparing;
    return this.#over;
  }

  /** While this goes on keys are no way out: who is being connected, or talks, is promised nothing beside it. */
  async whileConnecting<T>(work: () => Promise<T>): Promise<T> {
    this.#connecting += 1;
    try {
      return await work();
    } finally {
      this.#connecting -= 1;
    }
  }

  stop(): void {
    this.#listeners.clear();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** A supervisor sends the caller there. False: not now, they are being connected or leave already. */
  send(to: Destination): boolean {
    if (this.#over !== undefined || this.#preparing !== undefined || this.#connecting > 0) return false;
    this.#end({ kind: 'moved', to });
    return true;
  }

  #key(key: string): void {
    const { exits, prepare } = this.#options;
    if (!exits.has(key) || this.#over !== undefined || this.#preparing !== undefined || this.#connecting > 0) return;
    const to = exits.get(key);
    if (to === undefined) {
      this.#end({ kind: 'exit-key' });
      return;
    }
    const preparing = prepare(to).then((possible) => {
      this.#preparing = undefined;
      if (possible) this.#end({ kind: 'exit-key', to });
    });
    this.#preparing = preparing;
  }

  #lookAtStaff(empty: boolean): void {
    if (!empty) {
      this.#emptyTimer?.cancel();
      this.#emptyTimer = undefined;
      return;
    }
    this.#emptyTimer ??= this.#options.clock.after(EMPTY_FOR_MS, () => this.#end({ kind: 'nobody-signed-in' }));
  }

  #end(impatience: Impatience): void {
    if (this.#over !== undefined) return;
    this.#over = impatience;
    const listeners = [...this.#listeners];
    this.stop();
    for (const listener of listeners) listener(impatience);
  }
}
