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

  constructor(private readonly services: MatterServices) {}

  /**
   * Undefined while it is read: `then` is called when it is there, or by {@link again} when it could not be read. Each `stage` of a matter is read anew: what other nodes
   * do to it is not told here.
   */
  of(interaction: string, stage: string, then: () => void): Matter | undefined {
    const key = `${interaction} ${stage}`;
    if (this.#known.has(key)) return this.#known.get(key);
    this.#known.set(key, undefined);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MATTERS_KEPT && oldest !== undefined) this.#known.delete(oldest);
    void this.#read(interaction, key, then);
    return undefined;
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
      this.#known.set(key, name === undefined ? { thread } : { thread, name });
      this.#unread.delete(key);
      then();
    } catch (error) {
      // The desk shows the call without its customer meanwhile.
      this.#known.delete(key);
      this.#unread.set(key, then);
      log.warn({ err: error, interaction }, 'the customer of a call cannot be shown');
    }
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
