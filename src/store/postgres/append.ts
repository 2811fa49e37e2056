// Stores a batch of appends in one statement: one round trip, one transaction, one fsync, however many there are.
import type { InteractionSummary } from '../../app/ports.js';
import { assert } from '../../lib/assert.js';
import type { Chain } from './append-queue.js';
import type { Database } from './database.js';
import { toJson } from './text.js';
import { isDeadlock } from './unavailable.js';

const DEADLOCK_ATTEMPTS = 5;

/** Interactions of `chains` that were at their expected version and are stored now; the others are untouched. */
export async function storeChains(database: Database, chains: readonly Chain[]): Promise<ReadonlySet<string>> {
  // Always in the same order, so that two nodes rarely wait for each other in a circle.
  const ordered = chains.toSorted((a, b) => (a.interaction < b.interaction ? -1 : 1));
  const parameters = [toJson(ordered.map(summaryRow)), toJson(ordered.flatMap(eventRows))];
  for (let attempt = 1; ; attempt += 1) {
    try {
      const rows = await database.ask<{ id: string }>(APPEND, parameters);
      return new Set(rows.map(({ id }) => id));
    } catch (error) {
      if (!isDeadlock(error) || attempt === DEADLOCK_ATTEMPTS) throw error;
    }
  }
}

/**
 * The version check is part of the write: `on conflict do nothing` and the `where` of the update look at the row as the
 * other writer left it, after waiting for its commit (PostgreSQL manual, 13.2.1).
 */
const APPEND = `
  with input as (
    select *, to_timestamp(opened_at_ms / 1000) as opened_at, to_timestamp(updated_at_ms / 1000) as updated_at,
      to_timestamp(callback_due_at_ms / 1000) as callback_due_at, to_timestamp(lost_at_ms / 1000) as lost_at,
      to_timestamp(recovered_at_ms / 1000) as recovered_at, to_timestamp(voicemail_at_ms / 1000) as voicemail_at
    from jsonb_to_recordset($1::jsonb) as row (
      id text, expected integer, version integer, reference text, state text, contact_id text,
      address_channel text, address text, opened_at_ms double precision, updated_at_ms double precision,
      channels text[], callback_id text, callback_due_at_ms double precision, live_nodes text[],
      lost_state text, lost_queue text, lost_at_ms double precision, recovered_at_ms double precision,
      recovered_by text, voicemail_state text, voicemail_at_ms double precision)
  ), inserted as (
    insert into interaction (id, version, reference, state, contact_id, address_channel, address, opened_at,
      updated_at, channels, callback_id, callback_due_at, live_nodes, lost_state, lost_queue, lost_at, recovered_at,
      recovered_by, voicemail_state, voicemail_at)
    select id, version, reference, state, contact_id, address_channel, address, opened_at,
      updated_at, channels, callback_id, callback_due_at, live_nodes, lost_state, lost_queue, lost_at, recovered_at,
      recovered_by, voicemail_state, voicemail_at
    from input where expected = 0
    on conflict (id) do nothing
    returning id
  ), updated as (
    update interaction set version = input.version, reference = input.reference, state = input.state,
      contact_id = input.contact_id, address_channel = input.address_channel, address = input.address,
      opened_at = input.opened_at, updated_at = input.updated_at, channels = input.channels,
      callback_id = input.callback_id, callback_due_at = input.callback_due_at, live_nodes = input.live_nodes,
      lost_state = input.lost_state, lost_queue = input.lost_queue, lost_at = input.lost_at,
      recovered_at = input.recovered_at, recovered_by = input.recovered_by,
      voicemail_state = input.voicemail_state, voicemail_at = input.voicemail_at
    from input
    where interaction.id = input.id and input.expected > 0 and interaction.version = input.expected
    returning interaction.id
  ), accepted as (
    select id from inserted union all select id from updated
  ), recorded as (
    insert into interaction_event (interaction_id, version, type, data, at)
    select event.id, event.version, event.type, event.data, to_timestamp(event.at_ms / 1000)
    from jsonb_to_recordset($2::jsonb) as event (
      id text, version integer, type text, data jsonb, at_ms double precision)
    join accepted on accepted.id = event.id
  )
  select id from accepted`;

function summaryRow(chain: Chain): object {
  const summary: InteractionSummary | undefined = chain.appends.at(-1)?.summary;
  assert(summary, 'a chain has at least one append');
  const added = chain.appends.reduce((sum, { events }) => sum + events.length, 0);
  return {
    id: chain.interaction,
    expected: chain.expectedVersion,
    version: chain.expectedVersion + added,
    reference: summary.reference,
    state: summary.state,
    contact_id: summary.contact,
    address_channel: summary.address.channel,
    address: summary.address.value,
    opened_at_ms: Math.round(summary.openedAtMs),
    updated_at_ms: Math.round(summary.updatedAtMs),
    channels: summary.channels,
    callback_id: summary.callback?.id ?? null,
    callback_due_at_ms: summary.callback?.dueAtMs ?? null,
    live_nodes: summary.liveNodes,
    lost_state: summary.lost?.state ?? null,
    lost_queue: summary.lost?.queue ?? null,
    lost_at_ms: summary.lost?.atMs ?? null,
    recovered_at_ms: summary.lost?.recoveredAtMs ?? null,
    recovered_by: summary.lost?.by ?? null,
    voicemail_state: summary.voicemail?.state ?? null,
    voicemail_at_ms: summary.voicemail?.atMs ?? null,
  };
}

function eventRows(chain: Chain): readonly object[] {
  return chain.appends
    .flatMap(({ events }) => events)
    .map(({ event, atMs }, index) => ({
      id: chain.interaction,
      version: chain.expectedVersion + index + 1,
      type: event.type,
      data: event.data,
      at_ms: Math.round(atMs),
    }));
}
