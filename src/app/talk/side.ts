// Who talks with a customer, as the talk knows them.

import type { Destination } from '../../core/acd/queue.js';
import type { TalkParty } from '../../core/interaction/talk/talk-event.js';
import type { Leg, LegEnd } from '../ports.js';

export interface TalkSide {
  readonly party: TalkParty;
  readonly leg: Leg;
  readonly device: string;
  /** Names the agent's call for the live state. */
  readonly entry: string;
  /** Whose wrap-up follows. */
  readonly queue?: string;
  /** No longer in the talk; called once. `servedCustomer`: not only the colleague who asked. */
  readonly release: (servedCustomer: boolean) => void;
}

/** What travels with a customer who is passed on. */
export interface Handover {
  /** The user who did it. */
  readonly by: string;
  readonly note?: string;
}

/** The agent's own network; where a server is gone, the customer's call goes with it. */
const AGENT_LOST: readonly string[] = ['connection-lost', 'media-time-out', 'session-expired'];

/** Where a customer goes whose agent is cut off: back to the queue they came from, at the place they had. */
export function refugeOf(customer: Leg, { queue }: TalkSide, { by, reason }: LegEnd): Destination | undefined {
  if (customer.ended.aborted || queue === undefined) return undefined;
  if (by !== 'network' || !AGENT_LOST.includes(reason)) return undefined;
  return { kind: 'queue', queue };
}

/** Shown to whoever is rung for it. */
export function handoverHeaders(handover: Handover | undefined): Readonly<Record<string, string>> {
  if (handover === undefined) return {};
  const { by, note } = handover;
  return { 'X-Hilo-Transferred-By': by, ...(note === undefined ? {} : { 'X-Hilo-Note': note }) };
}

/** Has nothing more to do with the customer; `served`: talked with them. */
export function dismiss(side: TalkSide, reason: string, served = false): void {
  void side.leg.hangUp({ by: 'hilo', reason });
  side.release(served);
}

/** Came when nobody could talk with the customer any more. */
export function tooLate(side: TalkSide, error: unknown): never {
  dismiss(side, 'too-late');
  throw error;
}
