// One contact that rings: an INVITE with a time limit, which is answered, fails, or is withdrawn.
import { unreachable } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import { statusOf } from '../drachtio/deadline.js';
import type { InviteRequest, SipConnection } from '../drachtio/sip-connection.js';
import type { SipDialog } from '../drachtio/sip-dialog.js';
import type { Destination } from './destination.js';
import { type Failure, failureOf } from './outcome.js';

export type Rung =
  | { readonly kind: 'answered'; readonly dialog: SipDialog }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A phone that has not even said 180 by now is gone, whatever its registration says. Trunks may take their time. */
export const SIGN_OF_LIFE_MS = 6000;

export interface RingRequest {
  readonly connection: SipConnection;
  readonly destination: Destination;
  readonly headers: Readonly<Record<string, string>>;
  /** Our offer, or what answers theirs. */
  readonly session: Pick<InviteRequest, 'sdp' | 'answerTo'>;
  readonly ringMs: number;
  /** Longest wait for the first provisional response. */
  readonly signOfLifeMs: number;
  /** CANCEL; the result is then a failure that nobody looks at. */
  readonly stop: AbortSignal;
  readonly clock: Clock;
}

/** Never rejects. A 200 that comes after the end of ringing gets ACK and BYE: no ghost at the phone. */
export function ring(request: RingRequest): Promise<Rung> {
  const { connection, destination, headers, session, stop, clock } = request;
  if (stop.aborted) return Promise.resolve({ kind: 'failed', failure: failureOf(487) });
  const invitation = connection.invite({
    uri: destination.uri,
    ...(destination.nextHop === undefined ? {} : { nextHop: destination.nextHop }),
    headers,
    ...session,
  });
  return new Promise((resolve) => {
    let state: 'ringing' | 'over' = 'ringing';
    const over = (rung: Rung): void => {
      switch (state) {
        case 'ringing':
          state = 'over';
          timer.cancel();
          lifeTimer.cancel();
          stop.removeEventListener('abort', onStop);
          resolve(rung);
          return;
        case 'over':
          return;
        default:
          unreachable(state);
      }
    };
    const giveUp = (failure: Failure): void => {
      invitation.cancel();
      over({ kind: 'failed', failure });
    };
    const onStop = (): void => giveUp(failureOf(487));
    const timer = clock.after(request.ringMs, () => giveUp(invitation.alive ? failureOf(408) : failureOf(undefined)));
    const lifeTimer = clock.after(request.signOfLifeMs, () => {
      if (!invitation.alive) giveUp(failureOf(undefined));
    });
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
