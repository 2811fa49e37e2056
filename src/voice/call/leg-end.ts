// Why a leg is over, in the words of the record.
import { HiloError } from '../../app/errors.js';
import type { LegEnd } from '../../app/ports.js';
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

export const LOST_MEDIA: LegEnd = { by: 'network', reason: 'media-lost' };
