// All connected applications, and whose turn it is for the next request of a kind.
import type { AppConnection } from './app-connection.js';

export class Applications {
  readonly #connections = new Set<AppConnection>();
  readonly #turns = new Map<string, number>();

  get size(): number {
    return this.#connections.size;
  }

  add(connection: AppConnection): void {
    this.#connections.add(connection);
  }

  delete(connection: AppConnection): void {
    this.#connections.delete(connection);
  }

  [Symbol.iterator](): Iterator<AppConnection> {
    return this.#connections.values();
  }

  /** The next application in turn among those that asked for `verb`; each verb takes turns of its own. */
  next(verb: string): AppConnection | undefined {
    const willing = [...this.#connections].filter((connection) => connection.isReady && connection.verbs.has(verb));
    if (willing.length === 0) return undefined;
    const turn = this.#turns.get(verb) ?? 0;
    this.#turns.set(verb, (turn + 1) % Number.MAX_SAFE_INTEGER);
    return willing[turn % willing.length];
  }
}
