// A customer who was not served, and whether we got them back: folded from the facts of the matter, like everything else.
//
//            a call in ends without service         a talk, in this matter or another, or served itself
//                                                   in it, was answered in writing, or an agent says so
//  (nothing) ───────────────────────────▶ open ─────────────────────────────────────────▶ recovered
//                                         ▲  │ declined, cancelled                           │
//                                         │  ▼                                               │
//                                         │ declined ── asks for a call-back ──▶ open        │
//                                         └──────────────────────────────────────────────────┘ not served again

import type { CallSegment } from '../call-segment.js';
import type { CallResult, InteractionEvent } from '../event.js';
import type { MessageSegment } from '../message-segment.js';
import type { Wait } from '../wait.js';

interface Common {
  /** The queue in which, or on the way to which, the customer was lost first. */
  readonly queue: string;
  /** End of the call that was not served. */
  readonly atMs: number;
  readonly segment: string;
  readonly result: CallResult;
  /** Calls of the customer in this matter that were not served. */
  readonly calls: number;
}

/** We called back, the customer called again, they wrote to each other, or an agent says that it was settled. */
export type RecoveredBy = 'callback' | 'call' | 'message' | 'hand';

export type Lost =
  | (Common & { readonly state: 'open' })
  | (Common & {
      readonly state: 'recovered';
      readonly recoveredAtMs: number;
      readonly by: RecoveredBy;
      /** The call, or the answer in writing; absent: somebody says so. */
      readonly recoveredIn?: string;
    })
  | (Common & { readonly state: 'declined'; readonly declinedAtMs: number; readonly reason: string });

export type LostState = Lost['state'];

/** What a customer got who is still owed something. Who hangs up at once was not lost. */
const NOT_SERVED: ReadonlySet<CallResult> = new Set([
  'abandoned',
  'failed',
  'refused',
  'voicemail',
  'message-sent',
  'callback-promised',
]);

/** The only facts that {@link evolveLost} looks at. */
export const TELLS_OF_LOSS: ReadonlySet<InteractionEvent['type']> = new Set([
  'call-ended',
  'work-finished',
  'callback-ended',
  'callback-requested',
  'recovered-elsewhere',
  'lost-settled',
]);

export interface LostQuestion {
  readonly lost: Lost | undefined;
  /** The matter after the fact. */
  readonly calls: readonly CallSegment[];
  readonly waits: readonly Wait[];
  readonly messages: readonly MessageSegment[];
  /** A call-back is promised: that is still to be done. */
  readonly promised: boolean;
  /** Queue that sent the last call away without a wait. */
  readonly overflowed: string | undefined;
}

/** What is known of the loss after one more fact. */
export function evolveLost(question: LostQuestion, event: InteractionEvent, atMs: number): Lost | undefined {
  const { lost } = question;
  switch (event.type) {
    case 'call-ended':
      return callEnded(question, event.data, atMs);
    case 'work-finished': {
      if (lost?.state !== 'open' || event.data.kind !== 'message' || question.promised) return lost;
      const answer = answerInWriting(question.messages, lost.atMs);
      if (answer === undefined) return lost;
      return { ...common(lost), state: 'recovered', recoveredAtMs: atMs, by: 'message', recoveredIn: answer.id };
    }
    case 'callback-ended': {
      const { result, reason } = event.data;
      // Nobody answered an offer: the customer has not said no.
      const no = result === 'refused' || (result === 'cancelled' && reason !== 'offer-lapsed');
      return no && lost?.state === 'open' ? { ...common(lost), state: 'declined', declinedAtMs: atMs, reason } : lost;
    }
    case 'recovered-elsewhere': {
      const { segment: recoveredIn, by } = event.data;
      return lost?.state === 'open'
        ? { ...common(lost), state: 'recovered', recoveredAtMs: atMs, by, recoveredIn }
        : lost;
    }
    case 'lost-settled': {
      const { as, note: reason = 'dismissed' } = event.data;
      if (lost?.state !== 'open') return lost;
      return as === 'recovered'
        ? { ...common(lost), state: 'recovered', recoveredAtMs: atMs, by: 'hand' }
        : { ...common(lost), state: 'declined', declinedAtMs: atMs, reason };
    }
    case 'callback-requested':
      return lost?.state === 'declined' ? { ...common(lost), state: 'open' } : lost;
    default:
      return lost;
  }
}

/** What one of us wrote last after that moment to a customer who writes, too. A message of ours that nobody has answered serves nobody. */
export function answerInWriting(messages: readonly MessageSegment[], sinceMs: number): MessageSegment | undefined {
  if (!messages.some(({ direction }) => direction === 'in')) return undefined;
  return messages.findLast(
    ({ agent, status, startedAtMs }) => agent !== undefined && status !== 'failed' && startedAtMs >= sinceMs,
  );
}

type Ended = Extract<InteractionEvent, { type: 'call-ended' }>['data'];

function callEnded(question: LostQuestion, { segment, result, talkedMs }: Ended, atMs: number): Lost | undefined {
  const { lost, calls, waits, overflowed } = question;
  const call = calls.find(({ id }) => id === segment);
  if (call === undefined) return lost;
  if (result === 'served' && (talkedMs > 0 || call.direction === 'in')) {
    if (lost?.state !== 'open') return lost;
    const by = call.direction === 'in' ? 'call' : 'callback';
    return { ...common(lost), state: 'recovered', recoveredAtMs: atMs, by, recoveredIn: segment };
  }
  if (call.direction !== 'in' || !NOT_SERVED.has(result)) return lost;
  if (lost?.state === 'open') return { ...lost, calls: lost.calls + 1 };
  const queue = waits.findLast((wait) => wait.segment === segment)?.queue ?? overflowed;
  return queue === undefined ? lost : { state: 'open', queue, atMs, segment, result, calls: 1 };
}

function common({ queue, atMs, segment, result, calls }: Lost): Common {
  return { queue, atMs, segment, result, calls };
}
