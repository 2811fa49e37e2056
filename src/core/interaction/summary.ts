// The row by which an interaction is found, stored with the events it follows from.
import { isPromised } from './callback.js';
import type { Address, ChannelName } from './event.js';
import type { Interaction } from './interaction.js';
import type { Lost, RecoveredBy } from './lost/lost.js';
import { leastDone, type VoicemailState } from './owed/voicemails.js';

/** A customer who was not served: where, since when, and what became of it. */
export interface LostSummary {
  readonly state: Lost['state'];
  readonly queue: string;
  readonly atMs: number;
  readonly recoveredAtMs?: number;
  readonly by?: RecoveredBy;
}

/** Voice messages of the matter: what still has to be done about them, and when the newest was left. */
export interface VoicemailSummary {
  readonly state: VoicemailState;
  readonly atMs: number;
}

export interface InteractionSummary {
  readonly id: string;
  readonly reference: string;
  readonly state: string;
  readonly contact: string;
  readonly address: Address;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly channels: readonly ChannelName[];
  /** Promised call-back, if any: id, due time. */
  readonly callback?: { readonly id: string; readonly dueAtMs: number };
  readonly liveNodes: readonly string[];
  readonly lost?: LostSummary;
  readonly voicemail?: VoicemailSummary;
}

export function summaryOf(interaction: Interaction): InteractionSummary {
  const { id, reference, state, contact, address, openedAtMs, updatedAtMs, callback, liveNodes } = interaction;
  const channels = [...new Set([address.channel, ...interaction.segments.map(({ channel }) => channel)])];
  const lost = lostSummaryOf(interaction.lost);
  const voicemail = voicemailSummaryOf(interaction);
  const row = {
    id,
    reference,
    state,
    contact,
    address,
    openedAtMs,
    updatedAtMs,
    channels,
    liveNodes,
    ...lost,
    ...voicemail,
  };
  return isPromised(callback) ? { ...row, callback: { id: callback.id, dueAtMs: callback.dueAtMs } } : row;
}

function voicemailSummaryOf({ voicemails = [] }: Interaction): { readonly voicemail?: VoicemailSummary } {
  const state = leastDone(voicemails);
  return state === undefined ? {} : { voicemail: { state, atMs: Math.max(...voicemails.map(({ atMs }) => atMs)) } };
}

function lostSummaryOf(lost: Lost | undefined): { readonly lost?: LostSummary } {
  if (lost === undefined) return {};
  const { state, queue, atMs } = lost;
  const row = { state, queue, atMs };
  return { lost: lost.state === 'recovered' ? { ...row, recoveredAtMs: lost.recoveredAtMs, by: lost.by } : row };
}
