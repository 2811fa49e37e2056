// Profiles that were put together, in memory.
import type { Contact } from '../../../src/app/ports.js';
import type { MergeFact, ProfileStore } from '../../../src/app/record/profiles.js';
import type { Member } from '../../../src/core/interaction/contact/together.js';

export class FakeProfiles implements ProfileStore {
  readonly facts: MergeFact[] = [];
  readonly #into = new Map<string, string>();

  constructor(private readonly contact: (id: string) => Contact | undefined) {}

  async together(contact: string): Promise<readonly Member<Contact>[]> {
    let main = contact;
    for (let up = this.#into.get(main); up !== undefined; up = this.#into.get(main)) main = up;
    return this.#below(main);
  }

  async noteMerge(fact: MergeFact): Promise<boolean> {
    const { act, contact, into } = fact;
    const isSo =
      act === 'merged' ? !this.#into.has(contact) && !this.#into.has(into) : this.#into.get(contact) === into;
    if (!isSo) return false;
    if (act === 'merged') this.#into.set(contact, into);
    else this.#into.delete(contact);
    this.facts.unshift(fact);
    return true;
  }

  async mergesOf(contacts: readonly string[]): Promise<readonly MergeFact[]> {
    return this.facts.filter(({ contact, into }) => contacts.includes(contact) || contacts.includes(into));
  }

  #below(id: string): Member<Contact>[] {
    const profile = this.contact(id);
    if (profile === undefined) return [];
    const into = this.#into.get(id);
    const inside = [...this.#into].filter(([, main]) => main === id).flatMap(([member]) => this.#below(member));
    return [into === undefined ? { profile } : { profile, into }, ...inside];
  }
}
