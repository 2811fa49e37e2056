// One contact that rings: an INVITE with a time limit, which is answered, fails, or is withdrawn.
import { unreachable } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import { statusOf } from '../drachtio/deadline.js';
import type { SipConnection } from '../drachtio/sip-connection.js';
import type { SipDialog } from '../drachtio/sip-dialog.js';
import type { Destination } from './destination.js';
import { type Failure, failureOf } from './outcome.js';

export type Rung =
  | { readonly kind: 'answered'; readonly dialog: SipDialog }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RingRequest {
  readonly connection: SipConnection;
  readonly destination: Destination;
  readonly headers: Readonly<Record<string, string>>;
  readonly sdp: string;
  readonly ringMs: number;
  /** CANCEL; the result is then a failure that nobody looks at. */
  readonly stop: AbortSignal;
  readonly clock: Clock;
}

/** Never rejects. A 200 that comes after the end of ringing gets ACK and BYE: no ghost at the phone. */
export function ring(request: RingRequest): Promise<Rung> {
  const { connection, destination, headers, sdp, stop, clock } = request;
  if (stop.aborted) return Promise.resolve({ kind: 'failed', failure: failureOf(487) });
  const invitation = connection.invite({
    uri: destination.uri,
    ...(destination.nextHop === undefined ? {} : { nextHop: destination.nextHop }),
    headers,
    sdp,
  });
  return new Promise((resolve) => {
    let state: 'ringing' | 'over' = 'ringing';
    const over = (rung: Rung): void => {
      switch (state) {
        case 'ringing':
          state = 'over';
          timer.cancel();
          stop.removeEventListener('abort', onStop);
          resolve(rung);
          return;
        case 'over':
          return;
        default:
          unreachable(state);
      }
    };
    const giveUp = (status: number): void => {
      invitation.cancel();
      over({ kind: 'failed', failure: failureOf(status) });
    };
    const onStop = (): void => giveUp(487);
    const timer = clock.after(request.ringMs, () => giveUp(408));
    stop.addEventListener('abort', onStop, { once: true });
    invitation.answer.then(
      (dialog) => {
        if (state === 'over') void dialog.bye('cancelled');
        else if (dialog.ended.aborted) over({ kind: 'failed', failure: failureOf(487) });
        else over({ kind: 'answered', dialog });
      },
      (error: unknown) => over({ kind: 'failed', failure: failureOf(statusOf(error)) }),
    );
  });
}
