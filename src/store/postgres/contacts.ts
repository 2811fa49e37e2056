// Customers and the addresses by which they are known.
import type { Kysely } from 'kysely';
import type { Contact } from '../../app/ports.js';
import type { Address } from '../../core/interaction/event.js';
import { assert } from '../../lib/assert.js';
import type { Ids } from '../../lib/ids.js';
import type { Database } from './database.js';
import type { ContactAddressTable, ContactTable, Schema } from './schema.js';
import { cleanText } from './text.js';

/** The contact with exactly this address, made when nobody has it. */
export async function contactByAddress(database: Database, ids: Ids, address: Address): Promise<Contact> {
  const clean = { ...address, value: cleanText(address.value) };
  const known = (await findByAddress(database, clean)) ?? (await make(database, ids.uuid(), clean));
  const contact = known ?? (await findByAddress(database, clean)); // Somebody else made it meanwhile.
  assert(contact, 'an address that cannot be added belongs to somebody');
  return contact;
}

/** One statement, so one commit: callers wait for it. */
const MAKE = `
  with added as (
    insert into contact_address (channel, address, contact_id) values ($1, $2, $3)
    on conflict (channel, address) do nothing
    returning contact_id
  )
  insert into contact (id, consent) select contact_id, 'unknown' from added
  returning id`;

/** Undefined when the address is taken; then nothing is stored. */
async function make(database: Database, id: string, address: Address): Promise<Contact | undefined> {
  const rows = await database.ask<{ id: string }>(MAKE, [address.channel, address.value, id]);
  return rows.length > 0 ? { id, addresses: [address], consent: 'unknown' } : undefined;
}

const FIND = `
  select contact.id, contact.language, contact.consent, contact.last_message_at, own.channel, own.address
  from contact_address as wanted
  join contact on contact.id = wanted.contact_id
  join contact_address as own on own.contact_id = contact.id
  where wanted.channel = $1 and wanted.address = $2
  order by own.channel, own.address`;

async function findByAddress(database: Database, address: Address): Promise<Contact | undefined> {
  const rows = await database.ask<ContactTable & ContactAddressTable>(FIND, [address.channel, address.value]);
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    id: first.id,
    addresses: rows.map((row) => ({ channel: row.channel, value: row.address })),
    consent: first.consent,
    ...(first.language === null ? {} : { language: first.language }),
    ...(first.last_message_at === null ? {} : { lastMessageAtMs: first.last_message_at.getTime() }),
  };
}

/** Stores the contact as given; an address that belonged to somebody else is now theirs. */
export function saveContact(db: Kysely<Schema>, contact: Contact): Promise<void> {
  const row = {
    language: contact.language === undefined ? null : cleanText(contact.language),
    consent: contact.consent,
    last_message_at: contact.lastMessageAtMs === undefined ? null : new Date(contact.lastMessageAtMs),
  };
  const addresses = contact.addresses
    .map(({ channel, value }) => ({ channel, address: cleanText(value), contact_id: contact.id }))
    // Always in the same order: two writers must not wait for each other.
    .toSorted((a, b) => (`${a.channel} ${a.address}` < `${b.channel} ${b.address}` ? -1 : 1));
  return db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('contact')
      .values({ id: contact.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    await transaction.deleteFrom('contact_address').where('contact_id', '=', contact.id).execute();
    if (addresses.length === 0) return;
    await transaction
      .insertInto('contact_address')
      .values(addresses)
      .onConflict((conflict) => conflict.columns(['channel', 'address']).doUpdateSet({ contact_id: contact.id }))
      .execute();
  });
}
