// The buttons of the agent's own phone do what the API does: hold, blind and attended transfer.
import type { Centre } from '../../core/routing/centre.js';
import { dialledTarget } from '../../core/routing/transfer-target.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { PhoneRefer } from '../ports.js';
import type { TalkSide } from './side.js';
import type { Talk } from './talk.js';

export interface PhoneButtonsPorts {
  readonly centre: () => Centre;
  /** The talk that an agent's own call leads, by the Call-ID the phone knows it by. */
  readonly ownTalk: (callId: string) => Talk | undefined;
  readonly log: Log;
}

/** What is returned stops listening. */
export function followPhone(talk: Talk, side: TalkSide, { centre, ownTalk, log }: PhoneButtonsPorts): () => void {
  const by = side.party.name;
  const stopHold = side.leg.onHold((held) => {
    talk.hold(by, held).catch((error: unknown) => {
      // Held within a consultation, or while the API did the same: nothing to do.
      log.info({ err: error, interaction: talk.call.thread.id, held }, 'hold of a phone changes nothing');
    });
  });
  const stopRefer = side.leg.onRefer((refer) => wanted(talk, by, refer, centre, ownTalk));
  return () => {
    stopHold();
    stopRefer();
  };
}

/** Throws HiloError for what is not possible. */
function wanted(
  talk: Talk,
  by: string,
  { to, replaces }: PhoneRefer,
  centre: PhoneButtonsPorts['centre'],
  ownTalk: PhoneButtonsPorts['ownTalk'],
): () => Promise<void> {
  if (replaces !== undefined) {
    const other = ownTalk(replaces);
    if (other === undefined || other.call.fromAgent !== by) throw new HiloError('not-found', 'that call is not yours');
    talk.checkReceive();
    return async () => talk.receive(await other.surrender(), { by });
  }
  const target = dialledTarget(centre(), to);
  if (target === undefined) throw new HiloError('not-found', `nobody is called ${to} here`);
  talk.checkTransfer(target);
  return () => talk.transfer(target, { by });
}
