// Customers by their addresses: the same phone number is the same contact, whichever channel it comes through.
import type { Address, ChannelName } from '../../core/interaction/event.js';
import { e164 } from '../../core/policy/recipient.js';
import type { Contact, FoundContact, RecordStore } from '../ports.js';

const WITHHELD = 'anonymous';
/** Id of a contact that could not be looked up. */
const PROVISIONAL = 'unstored:';

export function isProvisional(contact: string): boolean {
  return contact.startsWith(PROVISIONAL);
}

/** Who calls or writes, and from where. */
export type Correspondent = FoundContact & { readonly address: Address };

export class Contacts {
  constructor(private readonly store: RecordStore) {}

  /** The contact who calls or writes from `value`, made when new. Rejects with HiloError `store-unavailable`. */
  async of(channel: ChannelName, value: string, country: string): Promise<Correspondent> {
    const address: Address = { channel, value: normalised(value, country) };
    // Phone-like channels share one identity: the number.
    const found = await this.store.contactByAddress({ channel: 'voice', value: address.value });
    return { ...found, address };
  }

  ofCaller(from: string, country: string): Promise<Correspondent> {
    return this.of('voice', from === '' ? WITHHELD : from, country);
  }

  /** A stand-in while the store is away: found again by its address when the facts are imported. */
  provisional(from: string, country: string): { contact: Contact; address: Address } {
    const value = normalised(from === '' ? WITHHELD : from, country);
    const address: Address = { channel: 'voice', value };
    return { address, contact: { id: `${PROVISIONAL}${value}`, addresses: [address], consent: 'unknown' } };
  }

  save(contact: Contact): Promise<void> {
    return this.store.saveContact(contact);
  }
}

/** E.164 where it is a phone number of the country or an international one; else as it is, e.g. an internal number. */
export function normalised(value: string, country: string): string {
  return e164(value, country) ?? value;
}
