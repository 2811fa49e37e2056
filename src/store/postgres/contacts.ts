// Customers and the addresses by which they are known.
import type { Kysely } from 'kysely';
import type { Contact, ContactHistory, FoundContact } from '../../app/ports.js';
import type { Address } from '../../core/interaction/event.js';
import { assert } from '../../lib/assert.js';
import type { Ids } from '../../lib/ids.js';
import type { Database } from './database.js';
import type { ContactAddressTable, ContactTable, Schema } from './schema.js';
import { cleanText } from './text.js';

/** The contact with exactly this address, made when nobody has it. */
export async function contactByAddress(database: Database, ids: Ids, address: Address): Promise<FoundContact> {
  const wanted = [address.channel, cleanText(address.value), ids.uuid()];
  let rows = await database.ask<Found>(FIND_OR_MAKE, wanted);
  // Somebody else made it between our look and our insert, and it is committed now.
  if (rows.length === 0) rows = await database.ask<Found>(FIND_OR_MAKE, wanted);
  const [first] = rows;
  assert(first, 'an address that cannot be added belongs to somebody');
  const contact = {
    id: first.id,
    addresses: rows.map((row) => ({ channel: row.channel, value: row.address })),
    consent: first.consent,
    ...(first.language === null ? {} : { language: first.language }),
    ...(first.name === null ? {} : { name: first.name }),
    ...(first.segment === null ? {} : { segment: first.segment }),
    ...(first.tags.length === 0 ? {} : { tags: first.tags }),
    ...(first.last_message_at === null ? {} : { lastMessageAtMs: first.last_message_at.getTime() }),
  };
  return { contact, isNew: first.is_new };
}

type Found = ContactTable & ContactAddressTable & { readonly is_new: boolean };

/** One statement, so one round trip and at most one commit: callers wait for it. No row: the address is being taken. */
const FIND_OR_MAKE = `
  with known as (
    select contact_id from contact_address where channel = $1 and address = $2
  ), added as (
    insert into contact_address (channel, address, contact_id)
    select $1, $2, $3 where not exists (select from known)
    on conflict (channel, address) do nothing
    returning contact_id, channel, address
  ), made as (
    insert into contact (id, consent) select contact_id, 'unknown' from added
    returning id, language, name, segment, tags, consent, last_message_at
  )
  select contact.id, contact.language, contact.name, contact.segment, contact.tags, contact.consent,
    contact.last_message_at, own.channel, own.address, false as is_new
  from known
  join contact on contact.id = known.contact_id
  join contact_address as own on own.contact_id = contact.id
  union all
  select made.id, made.language, made.name, made.segment, made.tags, made.consent,
    made.last_message_at, added.channel, added.address, true
  from made
  join added on added.contact_id = made.id
  order by channel, address`;

/** Stores the contact as given; an address that belonged to somebody else is now theirs. */
export function saveContact(db: Kysely<Schema>, contact: Contact): Promise<void> {
  const row = {
    language: contact.language === undefined ? null : cleanText(contact.language),
    name: contact.name === undefined ? null : cleanText(contact.name),
    segment: contact.segment === undefined ? null : cleanText(contact.segment),
    tags: (contact.tags ?? []).map(cleanText),
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

/** Matters that a contact's history is read from: the newest. */
const HISTORY_MAX = 20;

const HISTORY = `
  with fact as (
    select event.type, event.data, event.at, event.version
    from (select id from interaction where contact_id = $1 order by opened_at desc, id desc limit ${HISTORY_MAX}) as recent
    join interaction_event as event on event.interaction_id = recent.id
    where event.at < $2 and event.type in ('queued', 'connected', 'call-arrived', 'message-received')
  )
  select
    (select data ->> 'queue' from fact where type = 'queued' order by at desc, version desc limit 1) as last_queue,
    (select data ->> 'agent' from fact where type = 'connected' order by at desc, version desc limit 1) as last_agent,
    (select max(at) from fact where type in ('call-arrived', 'message-received')) as last_contact`;

/** What happened before `beforeMs`. */
export async function historyOf(database: Database, contact: string, beforeMs: number): Promise<ContactHistory> {
  const [row] = await database.ask<{
    readonly last_queue: string | null;
    readonly last_agent: string | null;
    readonly last_contact: Date | null;
  }>(HISTORY, [cleanText(contact), new Date(beforeMs)]);
  assert(row, 'a query of aggregates has one row');
  return {
    ...(row.last_queue === null ? {} : { lastQueue: row.last_queue }),
    ...(row.last_agent === null ? {} : { lastAgent: row.last_agent }),
    ...(row.last_contact === null ? {} : { lastContactMs: row.last_contact.getTime() }),
  };
}
