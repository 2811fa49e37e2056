// The record in memory, with the version checks and the questions of the real one.
import { HiloError } from '../../../src/app/errors.js';
import type {
  Append,
  Contact,
  ContactHistory,
  FoundContact,
  InteractionQuery,
  InteractionSummary,
  LostQuery,
  RecordStore,
} from '../../../src/app/ports.js';
import type { RevisionRow } from '../../../src/app/publishing/flow-history.js';
import type { Address, ChannelName, RecordedEvent } from '../../../src/core/interaction/event.js';
import type { Ids } from '../../../src/lib/ids.js';

interface Row {
  readonly events: readonly RecordedEvent[];
  readonly summary: InteractionSummary;
}

type MessageRow = Parameters<RecordStore['rememberMessage']>[0];

export class FakeRecords implements RecordStore {
  readonly #rows = new Map<string, Row>();
  readonly #contacts = new Map<string, Contact>();
  readonly #messages = new Map<string, MessageRow>();
  readonly #revisions: RevisionRow[] = [];

  constructor(private readonly ids: Ids) {}

  /** Everything, oldest interaction first. */
  get interactions(): readonly Row[] {
    return [...this.#rows.values()];
  }

  async append({ interaction, expectedVersion, events, summary }: Append): Promise<void> {
    const row = this.#rows.get(interaction);
    const version = row?.events.length ?? 0;
    if (version !== expectedVersion) {
      throw new HiloError('version-conflict', `${interaction} is at ${version}, not at ${expectedVersion}`);
    }
    // As JSON, like in the database: nobody changes what is stored.
    const added = events.map(({ event, atMs }, index) => ({
      interaction,
      version: version + index + 1,
      atMs,
      event: structuredClone(event),
    }));
    this.#rows.set(interaction, { events: [...(row?.events ?? []), ...added], summary: structuredClone(summary) });
  }

  async read(interaction: string): Promise<readonly RecordedEvent[]> {
    return this.#rows.get(interaction)?.events ?? [];
  }

  async find(query: InteractionQuery): Promise<{ interactions: readonly InteractionSummary[]; next?: string }> {
    const { fromMs, toMs, channel, state, contact, contacts, reference, after, limit } = query;
    const all = this.#summaries(
      (row) =>
        (fromMs === undefined || row.openedAtMs >= fromMs) &&
        (toMs === undefined || row.openedAtMs < toMs) &&
        (channel === undefined || row.channels.includes(channel)) &&
        (state === undefined || row.state === state) &&
        (contact === undefined || row.contact === contact || row.address.value === contact) &&
        (contacts === undefined || contacts.includes(row.contact)) &&
        (reference === undefined || row.reference === reference),
    ).toReversed();
    const from = after === undefined ? 0 : Number(after);
    const interactions = all.slice(from, from + limit);
    return all.length > from + limit ? { interactions, next: String(from + limit) } : { interactions };
  }

  async openOf(contact: string): Promise<readonly InteractionSummary[]> {
    return this.#summaries((row) => row.contact === contact && row.state !== 'closed').toReversed();
  }

  async liveOn(node: string): Promise<readonly InteractionSummary[]> {
    return this.#summaries((row) => row.liveNodes.includes(node));
  }

  async nodesWithLiveCalls(): Promise<readonly string[]> {
    return [...new Set(this.#summaries(() => true).flatMap(({ liveNodes }) => liveNodes))];
  }

  async pendingCallbacks(): Promise<readonly InteractionSummary[]> {
    return this.#summaries((row) => row.callback !== undefined);
  }

  async lostMatters({ state, queue, contact, fromMs, toMs, limit }: LostQuery): Promise<readonly InteractionSummary[]> {
    const found = this.#summaries(
      ({ lost, contact: whose }) =>
        lost !== undefined &&
        (contact === undefined || whose === contact) &&
        (state === undefined || lost.state === state) &&
        (queue === undefined || lost.queue === queue) &&
        (fromMs === undefined || lost.atMs >= fromMs) &&
        (toMs === undefined || lost.atMs < toMs),
    );
    return found.toSorted((a, b) => (a.lost?.atMs ?? 0) - (b.lost?.atMs ?? 0)).slice(0, limit);
  }

  async voicemailMatters({ done, limit }: { done: boolean; limit: number }): Promise<readonly InteractionSummary[]> {
    const found = this.#summaries(({ voicemail }) => voicemail !== undefined && (voicemail.state === 'done') === done);
    const ordered = found.toSorted((a, b) => (a.voicemail?.atMs ?? 0) - (b.voicemail?.atMs ?? 0));
    return (done ? ordered.toReversed() : ordered).slice(0, limit);
  }

  async contactByAddress(address: Address): Promise<FoundContact> {
    const known = [...this.#contacts.values()].find(({ addresses }) =>
      addresses.some(({ channel, value }) => channel === address.channel && value === address.value),
    );
    if (known !== undefined) return { contact: known, isNew: false };
    const made: Contact = { id: this.ids.uuid(), addresses: [address], consent: 'unknown' };
    this.#contacts.set(made.id, made);
    return { contact: made, isNew: true };
  }

  contact(id: string): Contact | undefined {
    return this.#contacts.get(id);
  }

  async historyOf(contact: string, beforeMs: number): Promise<ContactHistory> {
    const facts = [...this.#rows.values()]
      .filter(({ summary }) => summary.contact === contact)
      .flatMap(({ events }) => events)
      .filter(({ atMs }) => atMs < beforeMs)
      .toSorted((a, b) => a.atMs - b.atMs);
    let history: ContactHistory = {};
    for (const { event, atMs } of facts) {
      if (event.type === 'queued') history = { ...history, lastQueue: event.data.queue };
      if (event.type === 'connected') history = { ...history, lastAgent: event.data.agent };
      if (event.type === 'call-arrived' || event.type === 'message-received') {
        history = { ...history, lastContactMs: atMs };
      }
    }
    return history;
  }

  async saveContact(contact: Contact): Promise<void> {
    this.#contacts.set(contact.id, structuredClone(contact));
  }

  async rememberMessage(row: MessageRow): Promise<boolean> {
    const key = `${row.channel} ${row.providerId}`;
    if (this.#messages.has(key)) return false;
    this.#messages.set(key, row);
    return true;
  }

  async messageByProviderId(
    channel: ChannelName,
    providerId: string,
  ): Promise<{ message: string; interaction: string } | undefined> {
    const row = this.#messages.get(`${channel} ${providerId}`);
    return row === undefined ? undefined : { message: row.message, interaction: row.interaction };
  }

  async saveRevision(...rows: readonly RevisionRow[]): Promise<void> {
    this.#revisions.push(...rows);
  }

  async revision(name: string, revision?: string): Promise<Omit<RevisionRow, 'name'> | undefined> {
    return this.#revisions.findLast(
      (row) => row.name === name && (revision === undefined || row.revision === revision),
    );
  }

  #summaries(wanted: (row: InteractionSummary) => boolean): InteractionSummary[] {
    return [...this.#rows.values()].map(({ summary }) => summary).filter(wanted);
  }
}

export const RECORD_METHODS = [
  'append',
  'read',
  'find',
  'openOf',
  'historyOf',
  'liveOn',
  'nodesWithLiveCalls',
  'pendingCallbacks',
  'lostMatters',
  'voicemailMatters',
  'contactByAddress',
  'saveContact',
  'rememberMessage',
  'messageByProviderId',
  'saveRevision',
  'revision',
] as const;
