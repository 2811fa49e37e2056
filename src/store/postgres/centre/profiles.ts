// Profiles that were put together, in PostgreSQL: who is in whom now, and the facts of how it came to be.
import { sql } from 'kysely';
import type { Contact } from '../../../app/ports.js';
import type { MergeFact, ProfileStore } from '../../../app/record/profiles.js';
import type { Member } from '../../../core/interaction/contact/together.js';
import type { Database } from '../database.js';
import type { ContactAddressTable, ContactTable } from '../schema.js';
import { cleanText } from '../text.js';

/** Number of our own among PostgreSQL's advisory locks: two merges that cross must not make a ring. */
const MERGE_LOCK = 4_105_001;
const FACTS_MAX = 200;
/** Rings cannot be; a fault of ours must not make the database turn in one for ever. */
const DEPTH_MAX = 30;

type Row = ContactTable & { readonly merged_into: string | null } & {
  readonly channel: ContactAddressTable['channel'] | null;
  readonly address: string | null;
};

/** Up to the main one, then down to everybody who is in it. */
const TOGETHER = `
  with recursive up as (
    select id, merged_into, 1 as depth from contact where id = $1
    union all
    select contact.id, contact.merged_into, up.depth + 1 from contact
    join up on contact.id = up.merged_into where up.depth < ${DEPTH_MAX}
  ), down as (
    select id, 1 as depth from up where merged_into is null
    union all
    select contact.id, down.depth + 1 from contact
    join down on contact.merged_into = down.id where down.depth < ${DEPTH_MAX}
  )
  select contact.id, contact.language, contact.name, contact.segment, contact.tags, contact.consent,
    contact.last_message_at, contact.merged_into, own.channel, own.address
  from down
  join contact on contact.id = down.id
  left join contact_address as own on own.contact_id = contact.id
  order by down.depth, contact.id, own.channel, own.address`;

const MERGES = `
  select act, contact_id, into_id, by, at from contact_merge
  where contact_id = any($1) or into_id = any($1) order by number desc limit ${FACTS_MAX}`;

export class PostgresProfiles implements ProfileStore {
  constructor(private readonly database: Database) {}

  async together(contact: string): Promise<readonly Member<Contact>[]> {
    const rows = await this.database.ask<Row>(TOGETHER, [cleanText(contact)]);
    const ids = [...new Set(rows.map(({ id }) => id))];
    return ids.map((id) => memberOf(rows.filter((row) => row.id === id)));
  }

  noteMerge({ act, contact, into, by, atMs }: MergeFact): Promise<boolean> {
    return this.database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${MERGE_LOCK})`.execute(transaction);
        const alone = sql`merged_into is null and id <> ${into}
          and exists (select from contact as main where main.id = ${into} and main.merged_into is null)`;
        const changed = await sql<{ id: string }>`
          update contact set merged_into = ${act === 'merged' ? into : null}
          where id = ${contact} and ${act === 'merged' ? alone : sql`merged_into = ${into}`}
          returning id`.execute(transaction);
        if (changed.rows.length === 0) return false;
        await transaction
          .insertInto('contact_merge')
          .values({ act, contact_id: contact, into_id: into, by: cleanText(by), at: new Date(atMs) })
          .execute();
        return true;
      }),
    );
  }

  async mergesOf(contacts: readonly string[]): Promise<readonly MergeFact[]> {
    const rows = await this.database.ask<{
      readonly act: MergeFact['act'];
      readonly contact_id: string;
      readonly into_id: string;
      readonly by: string;
      readonly at: Date;
    }>(MERGES, [contacts.map(cleanText)]);
    return rows.map(({ act, contact_id: contact, into_id: into, by, at }) => {
      return { act, contact, into, by, atMs: at.getTime() };
    });
  }
}

/** `rows`: one for each address of the contact, at least one. */
function memberOf(rows: readonly Row[]): Member<Contact> {
  const [first] = rows;
  if (first === undefined) throw new Error('a contact without a row');
  const profile: Contact = {
    id: first.id,
    addresses: rows.flatMap(({ channel, address }) =>
      channel === null || address === null ? [] : [{ channel, value: address }],
    ),
    consent: first.consent,
    ...(first.language === null ? {} : { language: first.language }),
    ...(first.name === null ? {} : { name: first.name }),
    ...(first.segment === null ? {} : { segment: first.segment }),
    ...(first.tags.length === 0 ? {} : { tags: first.tags }),
    ...(first.last_message_at === null ? {} : { lastMessageAtMs: first.last_message_at.getTime() }),
  };
  return first.merged_into === null ? { profile } : { profile, into: first.merged_into };
}
