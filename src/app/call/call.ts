// A customer's call while it lasts: what every step of its story needs to know.
import type { Destination } from '../../core/acd/queue.js';
import type { CallEnd, CallResult } from '../../core/interaction/event.js';
import { isShortAbandon } from '../../core/policy/abandoned-call.js';
import type { RecoveryPolicy } from '../../core/routing/centre.js';
import { HiloError } from '../errors.js';
import type { Leg, LegEnd } from '../ports.js';
import type { Thread } from '../record/thread.js';
import type { Handover } from '../talk/side.js';

/** Where the caller is: decides what a hang-up means. */
export type Phase =
  | { readonly phase: 'flow' }
  | { readonly phase: 'queue'; readonly queue: string; readonly sinceMs: number }
  | { readonly phase: 'forwarding' }
  | { readonly phase: 'talking'; readonly sinceMs: number }
  | { readonly phase: 'voicemail' }
  /** Got what was wanted; whatever happens now, the call was not in vain. `talkEnd`: of the talk, if there was one. */
  | { readonly phase: 'done'; readonly result: CallResult; readonly talkEnd?: LegEnd };

export interface Call {
  readonly thread: Thread;
  readonly segment: string;
  readonly leg: Leg;
  /** As dialled by the customer, normalised; '' when withheld. */
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  /** The agent from whose own device the call comes. */
  readonly fromAgent?: string;
  language: string;
  phase: Phase;
  /** Start of the first wait of this matter, Unix ms: kept over queues, overflow and call-backs. */
  seniorityMs: number | undefined;
  /** The queue a recovery goes back to. */
  lastQueue: string | undefined;
  talkedMs: number;
  /** Where an agent has sent the customer, who is not there yet. */
  sentOn?: SentOn | undefined;
  /** What whoever sent them had to say, for who is rung next. */
  handover?: Handover | undefined;
  /** Destinations passed on the way, against loops. */
  readonly visited: string[];
}

export interface SentOn {
  readonly to: Destination;
  readonly handover: Handover;
}

export type StoryEnd = Pick<CallEnd, 'by' | 'result' | 'reason'> & { readonly sipStatus?: number };

/** What the end of the caller's leg means at this point of the story. `waitedMs`: in the present queue. */
export function endOfLeg(phase: Phase, end: LegEnd, nowMs: number, policy: RecoveryPolicy): StoryEnd {
  const cause = end.sipStatus === undefined ? { by: end.by } : { by: end.by, sipStatus: end.sipStatus };
  if (end.by === 'network' && phase.phase !== 'done') return { ...cause, result: 'failed', reason: end.reason };
  switch (phase.phase) {
    case 'done':
      return { ...cause, result: phase.result, reason: end.reason };
    case 'talking':
      return { ...cause, result: 'served', reason: end.reason };
    case 'queue': {
      const short = isShortAbandon(nowMs - phase.sinceMs, policy);
      return { ...cause, result: short ? 'short-abandoned' : 'abandoned', reason: 'hung-up-in-queue' };
    }
    case 'forwarding':
      return { ...cause, result: 'abandoned', reason: 'hung-up-while-forwarded' };
    case 'voicemail':
      return { ...cause, result: 'abandoned', reason: 'hung-up-before-message' };
    default:
      return { ...cause, result: 'abandoned', reason: 'hung-up-in-flow' };
  }
}

/** Causes of which no party knows anything: a server of ours is gone. */
const SERVERS_LOST: readonly string[] = ['media-lost', 'signalling-lost'];

/** Why a talk was cut off that the other side's leg ended: the server that is gone, or that party's own network. */
export function causeOfCut({ reason }: LegEnd): string {
  return SERVERS_LOST.includes(reason) ? reason : 'agent-lost';
}

/** What every wait on a leg rejects with once it is over. */
export function legEnded(leg: Leg): HiloError {
  const end = leg.ended.reason as LegEnd;
  return new HiloError('leg-ended', `${end.by}: ${end.reason}`, { cause: end });
}

export function isLegEnded(error: unknown): boolean {
  return error instanceof HiloError && error.code === 'leg-ended';
}
