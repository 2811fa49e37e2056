// The record of all interactions in PostgreSQL: appends, and the reads that the stories and the API need.
import { type RawBuilder, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type {
  Append,
  Contact,
  ContactHistory,
  FoundContact,
  InteractionQuery,
  InteractionSummary,
  LostQuery,
  RecordStore,
} from '../../app/ports.js';
import type { RevisionRow } from '../../app/publishing/flow-history.js';
import type { Address, ChannelName, InteractionEvent, RecordedEvent } from '../../core/interaction/event.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { storeChains } from './append.js';
import { AppendQueue } from './append-queue.js';
import { contactByAddress, historyOf, saveContact } from './contacts.js';
import type { Database } from './database.js';
import type { InteractionTable, Schema } from './schema.js';
import { markOf, parseMark, summaryOf } from './summaries.js';
import { cleanText } from './text.js';

const EVENTS_MAX = 10_000;
const PAGE_MAX = 500;
const LIST_MAX = 10_000;
const OPEN_MAX = 100;
/** A fact that somebody waits for is durable so much later, and a second of many calls costs at most a hundred commits. */
const GATHER_MS = 10;
/** The same for facts that nobody waits for: half of the commits of a busy hour. */
const GATHER_UNHURRIED_MS = 50;
/** By name: a plan kept by PostgreSQL does not outlive a new column of `*`. */
const SUMMARY_COLUMNS = [
  'id',
  'version',
  'reference',
  'state',
  'contact_id',
  'address_channel',
  'address',
  'opened_at',
  'updated_at',
  'channels',
  'callback_id',
  'callback_due_at',
  'live_nodes',
  'lost_state',
  'lost_queue',
  'lost_at',
  'recovered_at',
  'recovered_by',
  'voicemail_state',
  'voicemail_at',
] as const satisfies readonly (keyof InteractionTable)[];

const OPEN = `
  select ${SUMMARY_COLUMNS.join(', ')} from interaction
  where contact_id = $1 and state <> 'closed'
  order by opened_at desc, id desc
  limit $2`;

type AllSummaries = SelectQueryBuilder<Schema, 'interaction', Selectable<InteractionTable>>;

export class PostgresRecords implements RecordStore {
  readonly #database: Database;
  readonly #ids: Ids;
  readonly #queue: AppendQueue;

  constructor(database: Database, clock: Clock, ids: Ids) {
    this.#database = database;
    this.#ids = ids;
    this.#queue = new AppendQueue({
      gather: () => new Promise((resolve) => void clock.after(GATHER_MS, resolve)),
      gatherUnhurried: () => new Promise((resolve) => void clock.after(GATHER_UNHURRIED_MS, resolve)),
      write: (chains) => storeChains(database, chains),
    });
  }

  append(append: Append): Promise<void> {
    return this.#queue.append(append);
  }

  /** Settles when no append waits any more: before the connection is closed. */
  drained(): Promise<void> {
    return this.#queue.drained();
  }

  async read(interaction: string): Promise<readonly RecordedEvent[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('interaction_event')
        .select(['version', 'type', 'data', 'at'])
        .where('interaction_id', '=', cleanText(interaction))
        .orderBy('version')
        .limit(EVENTS_MAX)
        .execute(),
    );
    return rows.map(({ version, type, data, at }) => ({
      interaction,
      version,
      atMs: at.getTime(),
      event: { type, data } as InteractionEvent,
    }));
  }

  /** Newest first; `fromMs` ≤ opened < `toMs`. Rejects with HiloError `invalid-input` for a mark that is not ours. */
  async find(query: InteractionQuery): Promise<{ interactions: readonly InteractionSummary[]; next?: string }> {
    const limit = Math.max(1, Math.min(PAGE_MAX, Math.trunc(query.limit)));
    const after = query.after === undefined ? undefined : parseMark(query.after);
    const rows = await this.#summaries((all) => {
      let some = all
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (query.fromMs !== undefined) some = some.where('opened_at', '>=', new Date(query.fromMs));
      if (query.toMs !== undefined) some = some.where('opened_at', '<', new Date(query.toMs));
      if (query.state !== undefined) some = some.where('state', '=', cleanText(query.state));
      if (query.reference !== undefined) some = some.where('reference', '=', cleanText(query.reference));
      if (query.contact !== undefined) some = some.where('contact_id', 'in', contactIds(cleanText(query.contact)));
      if (query.contacts !== undefined) some = some.where('contact_id', 'in', query.contacts.map(cleanText));
      if (query.channel !== undefined) some = some.where(sql<boolean>`channels @> array[${query.channel}]`);
      if (after !== undefined) {
        some = some.where((row) => row(row.refTuple('opened_at', 'id'), '<', row.tuple(after.openedAt, after.id)));
      }
      return some;
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return rows.length > limit && last !== undefined
      ? { interactions: page, next: markOf(last) }
      : { interactions: page };
  }

  async openOf(contact: string): Promise<readonly InteractionSummary[]> {
    const rows = await this.#database.ask<Selectable<InteractionTable>>(OPEN, [cleanText(contact), OPEN_MAX]);
    return rows.map(summaryOf);
  }

  liveOn(node: string): Promise<readonly InteractionSummary[]> {
    return this.#summaries((all) =>
      all
        .where(sql<boolean>`live_nodes @> array[${cleanText(node)}]`)
        .where(sql<boolean>`live_nodes <> '{}'`) // Word for word as in the partial index.
        .orderBy('opened_at')
        .limit(LIST_MAX),
    );
  }

  async nodesWithLiveCalls(): Promise<readonly string[]> {
    const { rows } = await this.#database.execute(
      sql<{ node: string }>`select distinct unnest(live_nodes) as node from interaction where live_nodes <> '{}'`,
    );
    return rows.map(({ node }) => node);
  }

  pendingCallbacks(): Promise<readonly InteractionSummary[]> {
    return this.#summaries((all) =>
      all.where('callback_id', 'is not', null).orderBy('callback_due_at').limit(LIST_MAX),
    );
  }

  lostMatters({ state, queue, contact, fromMs, toMs, limit }: LostQuery): Promise<readonly InteractionSummary[]> {
    return this.#summaries((all) => {
      let rows = all.where('lost_at', 'is not', null);
      if (state !== undefined) rows = rows.where('lost_state', '=', state);
      if (queue !== undefined) rows = rows.where('lost_queue', '=', cleanText(queue));
      if (contact !== undefined) rows = rows.where('contact_id', '=', cleanText(contact));
      if (fromMs !== undefined) rows = rows.where('lost_at', '>=', new Date(fromMs));
      if (toMs !== undefined) rows = rows.where('lost_at', '<', new Date(toMs));
      return rows.orderBy('lost_at').orderBy('id').limit(Math.min(limit, LIST_MAX));
    });
  }

  voicemailMatters({ done, limit }: { done: boolean; limit: number }): Promise<readonly InteractionSummary[]> {
    return this.#summaries((all) => {
      // Word for word as in the partial indexes.
      const open = all.where(sql<boolean>`voicemail_state in ('new', 'heard')`).orderBy('voicemail_at');
      const over = all.where(sql<boolean>`voicemail_state = 'done'`).orderBy('voicemail_at', 'desc');
      return (done ? over : open).limit(Math.min(limit, LIST_MAX));
    });
  }

  contactByAddress(address: Address): Promise<FoundContact> {
    return contactByAddress(this.#database, this.#ids, address);
  }

  historyOf(contact: string, beforeMs: number): Promise<ContactHistory> {
    return historyOf(this.#database, contact, beforeMs);
  }

  saveContact(contact: Contact): Promise<void> {
    return this.#database.run((db) => saveContact(db, contact));
  }

  async rememberMessage(row: {
    channel: ChannelName;
    providerId: string;
    message: string;
    interaction: string;
    direction: 'in' | 'out';
  }): Promise<boolean> {
    const added = await this.#database.run((db) =>
      db
        .insertInto('message')
        .values({
          channel: row.channel,
          provider_id: cleanText(row.providerId),
          message_id: row.message,
          interaction_id: row.interaction,
          direction: row.direction,
        })
        .onConflict((conflict) => conflict.columns(['channel', 'provider_id']).doNothing())
        .returning('message_id')
        .execute(),
    );
    return added.length > 0;
  }

  messageByProviderId(
    channel: ChannelName,
    providerId: string,
  ): Promise<{ message: string; interaction: string } | undefined> {
    return this.#database.run((db) =>
      db
        .selectFrom('message')
        .select(['message_id as message', 'interaction_id as interaction'])
        .where('channel', '=', channel)
        .where('provider_id', '=', cleanText(providerId))
        .executeTakeFirst(),
    );
  }

  /** Each becomes the newest of its name, also when the same text was published before; all of them or none. */
  async saveRevision(...rows: readonly RevisionRow[]): Promise<void> {
    const values = rows.map(({ name, revision, text, author, note, atMs }) => ({
      ...{ name, revision, at: new Date(atMs) },
      ...{ text: cleanText(text), author: cleanText(author), note: cleanText(note) },
    }));
    await this.#database.run((db) => db.insertInto('revision').values(values).execute());
  }

  /** The newest of that name, or the newest publication of that revision. */
  async revision(
    name: string,
    revision?: string,
  ): Promise<{ revision: string; text: string; author: string; note: string; atMs: number } | undefined> {
    const row = await this.#database.run((db) => {
      const newest = db
        .selectFrom('revision')
        .select(['revision', 'text', 'author', 'note', 'at'])
        .where('name', '=', cleanText(name))
        .orderBy('number', 'desc')
        .limit(1);
      return (revision === undefined ? newest : newest.where('revision', '=', cleanText(revision))).executeTakeFirst();
    });
    if (row === undefined) return undefined;
    const { at, ...rest } = row;
    return { ...rest, atMs: at.getTime() };
  }

  async #summaries(narrow: (all: AllSummaries) => AllSummaries): Promise<readonly InteractionSummary[]> {
    const rows = await this.#database.run((db) =>
      narrow(db.selectFrom('interaction').select(SUMMARY_COLUMNS)).execute(),
    );
    return rows.map(summaryOf);
  }
}

/** The contact of that id, and whoever has that address in any channel. */
function contactIds(contact: string): RawBuilder<string> {
  // All channels by name: the key of the table begins with the channel.
  return sql<string>`(select ${contact}::text union select contact_id from contact_address
    where channel in ('voice', 'sms', 'whatsapp', 'chat', 'sandbox') and address = ${contact})`;
}
