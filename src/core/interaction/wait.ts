// The stays in queues of an interaction: of a caller on hold, a call-back that is due, a message or a task.
import type { InteractionEvent } from './event.js';

interface Common {
  readonly entry: string;
  readonly segment: string;
  readonly kind: 'call' | 'callback' | 'message' | 'task';
  readonly queue: string;
  readonly priority: number;
  readonly seniorityMs: number;
  readonly fromMs: number;
  /** Offers made so far. */
  readonly offers: number;
  /** Of a message or task: what there is to do. */
  readonly title?: string;
}

export type Wait =
  | (Common & { readonly state: 'waiting' })
  | (Common & { readonly state: 'offered'; readonly offer: string; readonly agent: string })
  | (Common & { readonly state: 'over'; readonly reason: string; readonly waitedMs: number });

export interface Place {
  readonly queue: string;
  readonly priority: number;
  /** Start of the first wait for this matter, Unix ms. */
  readonly seniorityMs: number;
}

export type WaitFact = Extract<
  InteractionEvent,
  {
    type:
      | 'queued'
      | 'offered'
      | 'offer-refused'
      | 'offer-withdrawn'
      | 'connected'
      | 'left-queue'
      | 'call-ended'
      | 'priority-changed';
  }
>;

export function evolveWaits(waits: readonly Wait[], fact: WaitFact, atMs: number): readonly Wait[] {
  switch (fact.type) {
    case 'queued':
      return [...waits, { ...fact.data, fromMs: atMs, offers: 0, state: 'waiting' }];
    case 'offered':
      return inWait(waits, fact.data.entry, (wait) => {
        const { offer, agent } = fact.data;
        return { ...common(wait), offers: wait.offers + 1, state: 'offered', offer, agent };
      });
    case 'offer-refused':
    case 'offer-withdrawn':
      return inWait(waits, fact.data.entry, (wait) =>
        wait.state === 'offered' && wait.offer === fact.data.offer ? { ...common(wait), state: 'waiting' } : wait,
      );
    case 'priority-changed':
      return inWait(waits, fact.data.entry, (wait) => ({ ...wait, priority: fact.data.priority }));
    case 'connected':
      return inWait(waits, fact.data.entry, (wait) => over(wait, 'connected', fact.data.waitedMs));
    case 'left-queue':
      return inWait(waits, fact.data.entry, (wait) => over(wait, fact.data.reason, fact.data.waitedMs));
    case 'call-ended':
      // Nobody waits without a call, also when its node could not say any more that the queue was left.
      return waits.map((wait) =>
        wait.segment === fact.data.segment && wait.kind === 'call' && wait.state !== 'over'
          ? over(wait, fact.data.reason, Math.max(0, atMs - wait.fromMs))
          : wait,
      );
  }
}

/** Time in queues of one call, in ms: the waits that are over. */
export function waitedMsOf(waits: readonly Wait[], segment: string): number {
  return waits.reduce(
    (sum, wait) => (wait.segment === segment && wait.state === 'over' ? sum + wait.waitedMs : sum),
    0,
  );
}

/** The place the customer has in this matter: that of the last queue, from the first wait on. Undefined: never waited. */
export function placeOf(waits: readonly Wait[]): Place | undefined {
  const last = waits.at(-1);
  if (last === undefined) return undefined;
  const { queue, priority } = last;
  return { queue, priority, seniorityMs: Math.min(...waits.map((wait) => wait.seniorityMs)) };
}

function inWait(
  waits: readonly Wait[],
  entry: string,
  change: (wait: Exclude<Wait, { state: 'over' }>) => Wait,
): readonly Wait[] {
  return waits.map((wait) => (wait.entry === entry && wait.state !== 'over' ? change(wait) : wait));
}

function over(wait: Wait, reason: string, waitedMs: number): Wait {
  return { ...common(wait), state: 'over', reason, waitedMs };
}

function common(wait: Wait): Common {
  const { entry, segment, kind, queue, priority, seniorityMs, fromMs, offers, title } = wait;
  const known = { entry, segment, kind, queue, priority, seniorityMs, fromMs, offers };
  return title === undefined ? known : { ...known, title };
}
