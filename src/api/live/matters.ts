// What is known of the customers on agents' desks: threads of this node at once, those of others once they are read.
import { HiloError } from '../../app/errors.js';
import type { Thread } from '../../app/record/thread.js';
import type { ApiServices } from '../services.js';

/** Desks are fewer; beyond it the oldest are read again when they are wanted. */
export const MATTERS_KEPT = 2_000;

export interface Matter {
  readonly thread: Thread;
  /** Of the contact; absent: nobody has told it. */
  readonly name?: string;
}

export type MatterServices = Pick<ApiServices, 'interactions' | 'contacts' | 'centre' | 'log'>;

export class Matters {
  /** By interaction and stage; undefined while it is read. */
  readonly #known = new Map<string, Matter | undefined>();
  /** Those that could not be read, with whom to tell. */
  readonly #unread = new Map<string, () => void>();
  /** By interaction, of whatever stage: it is shown as it was until the newer stage is read. */
  readonly #latest = new Map<string, Matter>();

  constructor(private readonly services: MatterServices) {}

  /**
   * Undefined until it was read once. Each `stage` of a matter is read anew, because what other nodes do to it is not told here:
   * `then` is called when that is there, or by {@link again} when it could not be read, and until then it is as it was.
   */
  of(interaction: string, stage: string, then: () => void): Matter | undefined {
    const key = `${interaction} ${stage}`;
    if (this.#known.has(key)) return this.#known.get(key) ?? this.#latest.get(interaction);
    this.#known.set(key, undefined);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MATTERS_KEPT && oldest !== undefined) this.#known.delete(oldest);
    void this.#read(interaction, key, then);
    return this.#latest.get(interaction);
  }

  /** Whoever was not told of a matter asks for it once more: at once would be over and over while the store is away. */
  again(): void {
    const waiting = [...this.#unread.values()];
    this.#unread.clear();
    for (const then of waiting) then();
  }

  async #read(interaction: string, key: string, then: () => void): Promise<void> {
    const { interactions, log } = this.services;
    try {
      const thread = await interactions.resume(interaction);
      const name = await this.#nameOf(thread);
      const matter = name === undefined ? { thread } : { thread, name };
      this.#known.set(key, matter);
      this.#keepLatest(interaction, matter);
      this.#unread.delete(key);
      then();
    } catch (error) {
      // The desk shows the call without its customer meanwhile.
      this.#known.delete(key);
      this.#unread.set(key, then);
      log.warn({ err: error, interaction }, 'the customer of a call cannot be shown');
    }
  }

  #keepLatest(interaction: string, matter: Matter): void {
    this.#latest.delete(interaction);
    this.#latest.set(interaction, matter);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > MATTERS_KEPT && oldest !== undefined) this.#latest.delete(oldest);
  }

  async #nameOf({ state }: Thread): Promise<string | undefined> {
    const { contacts, centre } = this.services;
    try {
      const { contact } = await contacts.ofCaller(state.address.value, centre().country);
      return contact.name;
    } catch (error) {
      if (error instanceof HiloError && error.code === 'store-unavailable') return undefined;
      throw error;
    }
  }
}
