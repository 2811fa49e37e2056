// Where a matter is in the centre, and how well an article fits there.
import type { InteractionEvent, RecordedEvent } from '../interaction/event.js';
import type { GuideContent } from './article.js';
import { flowNow, type Naming } from './naming.js';

/** Newest first; those of earlier calls in the same matter come after. */
export interface Place {
  readonly queues: readonly string[];
  readonly flows: readonly string[];
}

const PLACES_LOOKED_AT = 10;
const WEIGHTS = { queueNow: 4, queueBefore: 2, flowNow: 3, flowBefore: 1 } as const;

export function placeOf(events: readonly Pick<RecordedEvent, 'event' | 'atMs'>[], naming: Naming): Place {
  const newest = events.toReversed();
  const queues = newest.flatMap(({ event }) => queueOf(event).map((name) => naming.queue(name)));
  const flows = newest.flatMap(({ event, atMs }) =>
    event.type === 'flow-entered' ? [flowNow(naming, event.data.flow, atMs)] : [],
  );
  const few = (names: readonly string[]): readonly string[] => [...new Set(names)].slice(0, PLACES_LOOKED_AT);
  return { queues: few(queues), flows: few(flows) };
}

/** A call and a written conversation wait alike; a supervisor may have sent them to another queue meanwhile. */
function queueOf(event: InteractionEvent): readonly string[] {
  if (event.type === 'queued' || event.type === 'work-passed') return [event.data.queue];
  return event.type === 'queue-changed' ? [event.data.to] : [];
}

export interface Fit {
  /** 0: not at all. */
  readonly weight: number;
  /** Queues and flows by which it fits. */
  readonly queues: readonly string[];
  readonly flows: readonly string[];
}

export function fitOf(article: Pick<GuideContent, 'queues' | 'flows'>, place: Place): Fit {
  const queues = place.queues.filter((queue) => article.queues.includes(queue));
  const flows = place.flows.filter((flow) => article.flows.includes(flow));
  const weigh = (names: readonly string[], [now]: readonly string[], ofNow: number, ofBefore: number): number =>
    names.reduce((sum, name) => sum + (name === now ? ofNow : ofBefore), 0);
  const weight =
    weigh(queues, place.queues, WEIGHTS.queueNow, WEIGHTS.queueBefore) +
    weigh(flows, place.flows, WEIGHTS.flowNow, WEIGHTS.flowBefore);
  return { weight, queues, flows };
}
