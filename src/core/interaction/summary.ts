// The row by which an interaction is found, stored with the events it follows from.
import { isPromised } from './callback.js';
import type { Address, ChannelName } from './event.js';
import type { Interaction } from './interaction.js';

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
}

export function summaryOf(interaction: Interaction): InteractionSummary {
  const { id, reference, state, contact, address, openedAtMs, updatedAtMs, callback, liveNodes } = interaction;
  const channels = [...new Set([address.channel, ...interaction.segments.map(({ channel }) => channel)])];
  const row = { id, reference, state, contact, address, openedAtMs, updatedAtMs, channels, liveNodes };
  return isPromised(callback) ? { ...row, callback: { id: callback.id, dueAtMs: callback.dueAtMs } } : row;
}
