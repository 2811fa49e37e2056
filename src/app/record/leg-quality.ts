// Writes into the record how a line sounded, when its leg is over.
import type { LegQuality } from '../../core/interaction/event.js';
import type { Leg } from '../ports.js';
import type { Thread } from './thread.js';

/** Nobody waits for it: the fact comes after the end of the call. */
export function noteQuality(
  { thread, segment }: { readonly thread: Pick<Thread, 'note'>; readonly segment: string },
  party: LegQuality['party'],
  leg: Pick<Leg, 'quality'>,
): void {
  void leg.quality().then((quality) => {
    if (quality !== undefined) thread.note({ type: 'leg-quality', data: { segment, party, ...quality } });
  });
}
