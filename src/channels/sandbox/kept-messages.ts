// The sandbox's messages in memory: newest kept, oldest dropped, none twice.
import type { SandboxMessage } from '../../app/message/messenger.js';

export const MAX_PER_CUSTOMER = 200;
export const MAX_MESSAGES = 5_000;

export class KeptMessages {
  /** By id, oldest first. */
  readonly #all = new Map<string, SandboxMessage>();
  readonly #byCustomer = new Map<string, SandboxMessage[]>();

  /** `dropped`: told of each that is kept no more. */
  constructor(private readonly dropped: (message: SandboxMessage) => void = () => undefined) {}

  has(id: string): boolean {
    return this.#all.has(id);
  }

  /** Does nothing when a message of that id is kept already. */
  add(message: SandboxMessage): void {
    if (this.#all.has(message.id)) return;
    this.#all.set(message.id, message);
    const own = this.#byCustomer.get(message.address) ?? [];
    own.push(message);
    this.#byCustomer.set(message.address, own);
    const [oldestOwn] = own;
    if (own.length > MAX_PER_CUSTOMER && oldestOwn !== undefined) this.remove(oldestOwn.id);
    const [oldest] = this.#all.keys();
    if (this.#all.size > MAX_MESSAGES && oldest !== undefined) this.remove(oldest);
  }

  remove(id: string): void {
    const message = this.#all.get(id);
    if (message === undefined) return;
    this.#all.delete(id);
    const left = (this.#byCustomer.get(message.address) ?? []).filter((own) => own.id !== id);
    if (left.length === 0) this.#byCustomer.delete(message.address);
    else this.#byCustomer.set(message.address, left);
    this.dropped(message);
  }

  list(address?: string): readonly SandboxMessage[] {
    return address === undefined ? [...this.#all.values()] : [...(this.#byCustomer.get(address) ?? [])];
  }
}
