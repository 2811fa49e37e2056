// What one more fact of a matter teaches about waiting in a queue: how long a call was handled, how fast the line moved.
import type { InteractionEvent, RecordedEvent } from '../event.js';

export interface QueueSample {
  readonly queue: string;
  readonly entry: string;
  readonly kind: 'handled' | 'advanced';
  readonly ms: number;
  readonly atMs: number;
}

/** `before`: the facts of the matter so far, in which the queue of an entry and its place are looked up. */
export function sampleOf(
  before: readonly RecordedEvent[],
  event: InteractionEvent,
  atMs: number,
): QueueSample | undefined {
  switch (event.type) {
    case 'connected': {
      const { entry, waitedMs } = event.data;
      const estimated = last(before, 'wait-estimated', (data) => data.entry === entry);
      if (estimated === undefined) return undefined;
      return { queue: estimated.queue, entry, kind: 'advanced', ms: waitedMs / estimated.position, atMs };
    }
    case 'call-ended': {
      const { segment, talkedMs } = event.data;
      const connected = last(before, 'connected', (data) => data.segment === segment);
      const queue = connected && queueOf(before, connected.entry);
      if (connected === undefined || queue === undefined || talkedMs <= 0) return undefined;
      return { queue, entry: connected.entry, kind: 'handled', ms: talkedMs, atMs };
    }
    case 'wrapped-up': {
      const { entry, wrapUpMs } = event.data;
      const queue = queueOf(before, entry);
      return queue === undefined ? undefined : { queue, entry, kind: 'handled', ms: wrapUpMs, atMs };
    }
    default:
      return undefined;
  }
}

/** What was said and what came true: positive: waited longer than told, in ms. */
export function estimateErrorMs(before: readonly RecordedEvent[], event: InteractionEvent): number | undefined {
  if (event.type !== 'connected') return undefined;
  const { entry, waitedMs } = event.data;
  const told = last(before, 'wait-estimated', (data) => data.entry === entry)?.waitMs;
  return told === undefined ? undefined : waitedMs - told;
}

type Data<Type extends InteractionEvent['type']> = Extract<InteractionEvent, { type: Type }>['data'];

function queueOf(events: readonly RecordedEvent[], entry: string): string | undefined {
  return last(events, 'queued', (data) => data.entry === entry)?.queue;
}

function last<Type extends InteractionEvent['type']>(
  events: readonly RecordedEvent[],
  type: Type,
  wanted: (data: Data<Type>) => boolean,
) {
  const found = events.findLast(({ event }) => event.type === type && wanted(event.data as Data<Type>));
  return found?.event.data as Data<Type> | undefined;
}
