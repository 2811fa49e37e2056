// Rows of the summary table as the port has them, and the mark that leads to the next page.
import type { Selectable } from 'kysely';
import { HiloError } from '../../app/errors.js';
import type { InteractionSummary } from '../../app/ports.js';
import type { InteractionTable } from './schema.js';

export function summaryOf(row: Selectable<InteractionTable>): InteractionSummary {
  return {
    id: row.id,
    reference: row.reference,
    state: row.state,
    contact: row.contact_id,
    address: { channel: row.address_channel, value: row.address },
    openedAtMs: row.opened_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    channels: row.channels,
    liveNodes: row.live_nodes,
    ...(row.callback_id === null || row.callback_due_at === null
      ? {}
      : { callback: { id: row.callback_id, dueAtMs: row.callback_due_at.getTime() } }),
    ...lostOf(row),
    ...voicemailOf(row),
  };
}

function lostOf(row: Selectable<InteractionTable>): Pick<InteractionSummary, 'lost'> {
  const { lost_state: state, lost_queue: queue, lost_at: at, recovered_at: recoveredAt, recovered_by: by } = row;
  if (state === null || queue === null || at === null) return {};
  const lost = { state, queue, atMs: at.getTime() };
  return { lost: recoveredAt === null || by === null ? lost : { ...lost, recoveredAtMs: recoveredAt.getTime(), by } };
}

function voicemailOf({
  voicemail_state: state,
  voicemail_at: at,
}: Selectable<InteractionTable>): Pick<InteractionSummary, 'voicemail'> {
  return state === null || at === null ? {} : { voicemail: { state, atMs: at.getTime() } };
}

/** Place of a summary in the order of `find`: the next page begins after it. */
export function markOf(summary: InteractionSummary): string {
  return Buffer.from(`${summary.openedAtMs} ${summary.id}`).toString('base64url');
}

/** Throws HiloError `invalid-input` for anything that {@link markOf} did not make. */
export function parseMark(mark: string): { readonly openedAt: Date; readonly id: string } {
  const match = /^(\d{1,15}) ([^\0]+)$/.exec(Buffer.from(mark, 'base64url').toString());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new HiloError('invalid-input', '`after` is not a mark of ours: take it from the last page, unchanged');
  }
  return { openedAt: new Date(Number(match[1])), id: match[2] };
}
