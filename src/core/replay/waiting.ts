// Decides again whether callers could wait, how long that would be, and for how long agents could write up.
import { admission } from '../acd/join.js';
import type { QueueConfig } from '../acd/queue.js';
import { waitFrom } from '../acd/wait/estimate.js';
import type { InteractionEvent, RecordedEvent } from '../interaction/event.js';
import type { Centre } from '../routing/centre.js';
import { destinationName } from '../routing/forwarding.js';
import type { Findings } from './findings.js';

const PART = 'policy';
const JOIN = 'src/core/acd/join.ts';
const ESTIMATE = 'src/core/acd/wait/estimate.ts';
const WRAP_UP = 'src/core/acd/wrap-up.ts';

type Fact<Type extends InteractionEvent['type']> = Extract<InteractionEvent, { type: Type }>['data'];

/** Decisions of records that do not tell what they were made from are left out without a word: they were never to be made again. */
export function replayWaits(
  events: readonly RecordedEvent[],
  centreOf: (revision: string) => Centre | undefined,
  findings: Findings,
): void {
  const queues = new Map<string, string>();
  const queueBy = (revision: string, name: string, version: number): QueueConfig | undefined => {
    const queue = centreOf(revision)?.queues.get(name);
    if (queue === undefined) findings.leave(PART, version, `the centre's text ${revision} is gone, or has no ${name}`);
    return queue;
  };
  for (const { version, event } of events) {
    if (event.type === 'queued') queues.set(event.data.entry, event.data.queue);
    if (event.type === 'queued' || event.type === 'overflowed') {
      const { given, queue: name } = event.data;
      const queue = given && queueBy(given.centre, name, version);
      if (given === undefined || queue === undefined) continue;
      const answer = admission(queue, given);
      const now = answer.join ? 'joins' : { cause: answer.cause, to: destinationName(answer.to) };
      const recorded = event.type === 'queued' ? 'joins' : { cause: event.data.cause, to: event.data.to };
      findings.compare(PART, version, { recorded, now, place: JOIN });
    }
    if (event.type === 'wait-estimated') replayEstimate(version, event.data, findings);
    if (event.type === 'wrapped-up') {
      const { given, entry } = event.data;
      const queue = given && queueBy(given.centre, queues.get(entry) ?? '', version);
      if (given === undefined || queue === undefined) continue;
      findings.compare(PART, version, { recorded: given.lastsMs, now: queue.wrapUpMs, place: WRAP_UP });
    }
  }
}

function replayEstimate(version: number, data: Fact<'wait-estimated'>, findings: Findings): void {
  const { given, position, agents, waitMs } = data;
  if (given === undefined) return;
  findings.compare(PART, version, { recorded: waitMs, now: waitFrom(position, agents, given), place: ESTIMATE });
}
