// Why a leg is over, in the words of the record.
import { HiloError } from '../../app/errors.js';
import type { LegEnd } from '../../app/ports.js';
import type { EndSignal } from '../../lib/crowd-signal.js';
import type { DialogEnd } from '../drachtio/sip-dialog.js';

/** Who is at the other end of the leg. */
export type Party = 'customer' | 'agent';

export function fromDialog(end: DialogEnd, party: Party): LegEnd {
  return { by: end.by === 'remote' ? party : end.by, reason: end.reason };
}

/** The error of every method of a leg that has ended. */
export function legEnded(end: LegEnd): HiloError {
  return new HiloError('leg-ended', `ended by ${end.by}: ${end.reason}`, { cause: end });
}

/** Calls `then` once, at once when the signal is aborted already. */
export function whenAborted<T>(signal: EndSignal, then: (reason: T) => void): void {
  if (signal.aborted) then(signal.reason as T);
  else signal.addEventListener('abort', () => then(signal.reason as T), { once: true });
}

export const LOST_MEDIA: LegEnd = { by: 'network', reason: 'media-lost' };
