// A customer who rings in while something is still open: which thread the call belongs to, and what it makes needless.

import { isPending, isPromised } from '../interaction/callback.js';
import type { InteractionEvent } from '../interaction/event.js';
import type { Interaction } from '../interaction/interaction.js';
import { type Place, placeOf } from '../interaction/wait.js';

/** A matter left without anything promised is taken up again within this time: the line was cut, or they hung up too soon. */
export const SAME_MATTER_MS = 10 * 60_000;

/** The place in the line is kept for a caller who is gone for no longer; a centre may say otherwise. */
export const RESUME_PLACE_MS = 60_000;
/** Ways out of a queue that nobody chose for another one. */
const LEFT_BY_ITSELF: ReadonlySet<string> = new Set(['caller-hung-up', 'hung-up-in-queue', 'node-lost', 'media-lost']);

export interface Return {
  readonly interaction: Interaction;
  /** To be recorded with the arrival: the call-back that is not needed any more. */
  readonly events: readonly InteractionEvent[];
  /** Queue entry of that call-back, to be given up. */
  readonly leaves?: string;
  /** The place in the line they had: a new wait for this matter starts with it. */
  readonly place?: Place;
}

/**
 * The open interaction a new call of the same contact belongs to, or undefined: a new matter.
 * A matter with a call-back promised or offered wins, the latest first; then one that was left a moment ago. A matter
 * with a live inbound call is left alone: a company's switchboard shows one number for many people.
 */
export function returningCaller(
  open: readonly Interaction[],
  nowMs: number,
  resumePlaceMs = RESUME_PLACE_MS,
): Return | undefined {
  const newestFirst = [...open].filter((one) => !inCall(one)).sort((a, b) => b.openedAtMs - a.openedAtMs);
  const interaction =
    newestFirst.find(({ callback }) => isPromised(callback)) ??
    newestFirst.find(({ callback }) => isPending(callback)) ??
    newestFirst.find(({ state, updatedAtMs }) => state === 'idle' && nowMs - updatedAtMs <= SAME_MATTER_MS);
  if (interaction === undefined) return undefined;
  return { interaction, ...resumed(interaction, nowMs, resumePlaceMs), ...madeNeedless(interaction) };
}

/** Who hung up in the queue, or was cut off there, a moment ago stands where they stood. */
function resumed({ waits }: Interaction, nowMs: number, withinMs: number): Pick<Return, 'place'> {
  const last = waits.at(-1);
  if (last?.state !== 'over' || last.kind !== 'call' || !LEFT_BY_ITSELF.has(last.reason)) return {};
  if (nowMs - (last.fromMs + last.waitedMs) > withinMs) return {};
  const place = placeOf(waits);
  return place === undefined ? {} : { place };
}

function madeNeedless(interaction: Interaction): Omit<Return, 'interaction'> {
  const { callback, waits } = interaction;
  if (!isPending(callback)) return { events: [] };
  const events: InteractionEvent[] = [
    { type: 'callback-ended', data: { callback: callback.id, result: 'superseded', reason: 'customer-called' } },
  ];
  if (callback.state === 'offered') {
    const place = placeOf(waits);
    return place === undefined ? { events } : { events, place };
  }
  const { seniorityMs, priority, queue } = callback;
  const place = { seniorityMs, priority, queue };
  return callback.state === 'waiting' ? { events, place, leaves: callback.entry } : { events, place };
}

function inCall(interaction: Interaction): boolean {
  return interaction.segments.some(
    (segment) => segment.kind === 'call' && segment.direction === 'in' && segment.state !== 'ended',
  );
}
