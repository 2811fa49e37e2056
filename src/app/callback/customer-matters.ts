// Which matter an act for a customer belongs to: where something is owed already, or else a new one.
import { isPending } from '../../core/interaction/callback.js';
import type { Centre } from '../../core/routing/centre.js';
import type { RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';

/** Matters of a customer in which a pending call-back is looked for, the newest ones. */
const MAX_OPEN = 20;

export interface CustomerMattersPorts {
  readonly interactions: Pick<Interactions, 'resume' | 'open'>;
  readonly contacts: Contacts;
  readonly store: Pick<RecordStore, 'openOf'>;
  readonly centre: () => Centre;
}

/** The matter in which something is pending for whoever has that number, or else lost; otherwise a new one. */
export async function matterOf(ports: CustomerMattersPorts, number: string): Promise<Thread> {
  const { contacts, store, interactions, centre } = ports;
  const { contact, address } = await contacts.ofCaller(number, centre().country);
  const open = (await store.openOf(contact.id)).slice(0, MAX_OPEN);
  const threads = await Promise.all(open.map(({ id }) => interactions.resume(id)));
  return (
    threads.find(({ state }) => isPending(state.callback)) ??
    threads.find(({ state }) => state.lost?.state === 'open' && state.liveNodes.length === 0) ??
    interactions.open(contact, address)
  );
}
