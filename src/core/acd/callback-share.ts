// How many call-backs of a queue may occupy agents at a time, so that a wave of them leaves agents for those on the line.
import type { AgentPresence, ServingAgent } from './agent.js';
import type { Entry } from './entry.js';
import type { QueueConfig } from './queue.js';
import { agentsAtWork } from './wait/at-work.js';

/** Of the agents of a queue who are at work; a queue may say otherwise. */
export const CALLBACK_SHARE = 0.5;

export interface CallbackFloor {
  readonly waiting: Iterable<Entry>;
  readonly agents: Iterable<AgentPresence>;
  readonly agentConfigs: ReadonlyMap<string, ServingAgent>;
}

/** Call-backs of the queue that ring at an agent or occupy one. */
export function callbacksInFlight(queue: string, floor: CallbackFloor): number {
  let count = 0;
  for (const entry of floor.waiting) {
    if (entry.kind === 'callback' && entry.queue === queue && entry.state === 'offered') count += 1;
  }
  for (const agent of floor.agents) if (agent.state === 'busy' && agent.callbackOf === queue) count += 1;
  return count;
}

/** Share of the agents at work who serve the queue, sooner or later, rounded down; never less than one. */
export function callbacksMax(queue: QueueConfig, floor: CallbackFloor): number {
  return Math.max(1, Math.floor(agentsAtWork(queue, floor) * (queue.callbackShare ?? CALLBACK_SHARE)));
}
