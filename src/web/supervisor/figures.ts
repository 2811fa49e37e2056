// A queue as the floor and the wall board show it: its state, today's figures, and its alarms.
import { useMemo } from 'react';
import type { LiveFigures } from '../../contract/live/floor.js';
import type { LiveQueue } from '../../contract/live/live.js';
import { type AlarmKind, alarmsOf } from '../../core/acd/wait/alarms.js';
import { useLive } from '../live/live.js';
import { useNow } from '../texts/duration.js';

export interface ShownQueue {
  readonly queue: LiveQueue;
  readonly figures: LiveFigures | undefined;
  readonly alarms: readonly AlarmKind[];
}

export function shownQueue(queue: LiveQueue, figures: LiveFigures | undefined, nowMs: number): ShownQueue {
  const { waiting, agents, longestSince, alarms: limits } = queue;
  if (limits === undefined) return { queue, figures, alarms: [] };
  const state = {
    ...{ waiting, agents, counted: (figures?.answered ?? 0) + (figures?.abandoned ?? 0) },
    ...(longestSince === undefined ? {} : { longestMs: nowMs - Date.parse(longestSince) }),
    ...(figures?.serviceLevel === undefined ? {} : { serviceLevel: figures.serviceLevel }),
  };
  return { queue, figures, alarms: alarmsOf(state, limits) };
}

/** All queues, in the order of the centre; looked at anew every second, because waits grow by themselves. */
export function useShownQueues(): readonly ShownQueue[] {
  const queues = useLive('queue');
  const figures = useLive('figures');
  const nowMs = useNow();
  return useMemo(
    () => [...queues.values()].map((queue) => shownQueue(queue, figures.get(queue.id), nowMs)),
    [queues, figures, nowMs],
  );
}

/** `92 %`; undefined: nothing to divide by. */
export function percentText(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${Math.round(100 * share)} %`;
}
