// Listens to the changes that all nodes commit; after a gap it says `reset`, because some were missed.
import type { LiveStore } from '../../app/ports.js';
import type { Log } from '../../lib/log.js';
import { type LiveEvent, parseChanges } from './document.js';
import { Link, type LinkOptions } from './link.js';

export type ChangeListener = Parameters<LiveStore['onChange']>[0];

export class Changes {
  readonly #link: Link;
  readonly #channel: string;
  readonly #log: Log;
  readonly #onListening: () => void;
  readonly #listeners = new Set<ChangeListener>();
  #subscription: 'never' | 'listening' | 'lost' = 'never';

  /** `onListening` is called each time the subscription works. */
  constructor(options: LinkOptions, channel: string, onListening: () => void) {
    this.#channel = channel;
    this.#onListening = onListening;
    this.#log = options.log;
    this.#link = new Link(options, () => void this.#subscribe());
    this.#link.redis.on('message', (_channel: string, message: string) => this.#received(message));
    this.#link.redis.on('close', () => {
      if (this.#subscription === 'listening') this.#subscription = 'lost';
    });
  }

  get isListening(): boolean {
    return this.#subscription === 'listening' && this.#link.isReady;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.add(listener);
  }

  /** Asks the connection for a sign of life; without one it is made anew. */
  check(): void {
    if (!this.isListening) return;
    this.#link
      .run((redis) => redis.ping())
      .catch((error: unknown) => this.#log.debug({ error: String(error) }, 'ping'));
  }

  close(): void {
    this.#link.close();
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#link.run((redis) => redis.subscribe(this.#channel));
    } catch (error) {
      this.#link.drop(`cannot listen to changes, connecting anew: ${String(error)}`);
      return;
    }
    const missedSome = this.#subscription === 'lost';
    this.#subscription = 'listening';
    this.#onListening();
    if (missedSome) this.#tell('reset');
  }

  #received(message: string): void {
    for (const change of message === 'reset' ? (['reset'] as const) : parseChanges(message)) this.#tell(change);
  }

  #tell(change: LiveEvent | 'reset'): void {
    for (const listener of this.#listeners) listener(change);
  }
}
