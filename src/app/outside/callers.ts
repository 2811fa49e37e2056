// What the record tells of who calls, for flows: contact, earlier matters, what is open.
import { callerFacts } from '../../core/ivr/outside/caller-facts.js';
import { type CustomerFacts, STRANGER } from '../../core/ivr/outside/customer.js';
import { isWithheld } from '../../core/policy/recipient.js';
import type { Centre } from '../../core/routing/centre.js';
import { presentAgent } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { Call } from '../call/call.js';
import type { RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';

/** The caller hears nothing meanwhile. */
export const LOOK_UP_LIMIT_MS = 2_000;

export interface CallersPorts {
  readonly contacts: Contacts;
  readonly store: Pick<RecordStore, 'openOf' | 'historyOf'>;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

export class Callers {
  constructor(private readonly ports: CallersPorts) {}

  /** Rejects with HiloError `store-unavailable`, or TimedOut. */
  lookUp(call: Call): Promise<CustomerFacts> {
    return withTimeOut(this.ports.clock, 'the look-up of a caller', LOOK_UP_LIMIT_MS, this.#lookUp(call));
  }

  async #lookUp({ from, thread, segment }: Call): Promise<CustomerFacts> {
    const { contacts, store, centre, clock } = this.ports;
    const { contact } = await contacts.ofCaller(from, centre().country);
    // All who withhold their number share one contact: they are not one person.
    if (contact.addresses.some(({ value }) => isWithheld(value))) return STRANGER;
    const arrivedMs = arrivalOf(thread.events, segment) ?? clock.nowMs();
    const [open, history] = await Promise.all([store.openOf(contact.id), store.historyOf(contact.id, arrivedMs)]);
    const others = open.filter(({ id }) => id !== thread.id);
    const { lastAgent, ...rest } = history;
    const known = lastAgent === undefined ? history : { ...rest, lastAgent: presentAgent(centre(), lastAgent) };
    return callerFacts({ contact, history: known, matter: thread.events, segment, open: others, nowMs: clock.nowMs() });
  }
}

function arrivalOf(events: Call['thread']['events'], segment: string): number | undefined {
  return events.find(({ event }) => event.type === 'call-arrived' && event.data.segment === segment)?.atMs;
}
