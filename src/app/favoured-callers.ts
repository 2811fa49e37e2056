// Who is let in whatever the load: whoever dials an emergency number, and customers to whom a call-back was offered or promised.
import { isPromised } from '../core/interaction/callback.js';
import type { InteractionEvent } from '../core/interaction/event.js';
import type { Centre } from '../core/routing/centre.js';
import type { Log } from '../lib/log.js';
import type { RecordStore } from './ports.js';
import { normalised } from './record/contacts.js';
import type { Interactions } from './record/interactions.js';
import type { Thread } from './record/thread.js';

/** Matters remembered; beyond it the oldest callers have no favour any more, only a place. */
export const FAVOURED_MAX = 50_000;

export interface FavouredCallersPorts {
  readonly interactions: Pick<Interactions, 'onEvent'>;
  readonly store: Pick<RecordStore, 'pendingCallbacks'>;
  readonly centre: () => Pick<Centre, 'country'>;
  /** As dialled. */
  readonly emergencyNumbers: readonly string[];
  readonly log: Log;
}

export class FavouredCallers {
  readonly #ports: FavouredCallersPorts;
  readonly #emergency: ReadonlySet<string>;
  /** Interaction → number, oldest first. */
  readonly #byInteraction = new Map<string, string>();
  /** Number → how many matters of it are pending. */
  readonly #numbers = new Map<string, number>();

  constructor(ports: FavouredCallersPorts) {
    this.#ports = ports;
    this.#emergency = new Set(ports.emergencyNumbers);
    ports.interactions.onEvent((thread, event) => this.#take(thread, event));
  }

  /** What was promised before this node started; without the record nobody of them is favoured yet. */
  async start(): Promise<void> {
    try {
      for (const { id, address } of await this.#ports.store.pendingCallbacks()) this.#add(id, address.value);
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'who was promised a call-back is not known');
    }
  }

  has({ from, to }: { readonly from: string; readonly to: string }): boolean {
    return this.#emergency.has(to) || this.#numbers.has(normalised(from, this.#ports.centre().country));
  }

  #take({ id, state }: Pick<Thread, 'id' | 'state'>, event: InteractionEvent): void {
    if (event.type === 'callback-offered' || event.type === 'callback-requested') this.#add(id, state.address.value);
    else if (event.type === 'callback-ended' || event.type === 'interaction-closed') {
      if (!isPromised(state.callback)) this.#remove(id);
    }
  }

  #add(interaction: string, number: string): void {
    if (this.#byInteraction.has(interaction)) return;
    this.#byInteraction.set(interaction, number);
    this.#numbers.set(number, (this.#numbers.get(number) ?? 0) + 1);
    const [oldest] = this.#byInteraction.keys();
    if (this.#byInteraction.size > FAVOURED_MAX && oldest !== undefined) this.#remove(oldest);
  }

  #remove(interaction: string): void {
    const number = this.#byInteraction.get(interaction);
    if (number === undefined) return;
    this.#byInteraction.delete(interaction);
    const left = (this.#numbers.get(number) ?? 1) - 1;
    if (left > 0) this.#numbers.set(number, left);
    else this.#numbers.delete(number);
  }
}
