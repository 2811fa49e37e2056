// Whom a queue has: agents with its skill who are signed in, or at work.
import type { AgentPresence, ServingAgent } from '../agent.js';
import { serves } from '../choice/stage.js';
import type { QueueConfig } from '../queue.js';

export interface Staff {
  readonly agents: Iterable<AgentPresence>;
  readonly agentConfigs: ReadonlyMap<string, ServingAgent>;
}

/** At work: has calls, or could get one. */
export const AT_WORK: ReadonlySet<AgentPresence['state']> = new Set(['available', 'ringing', 'busy', 'wrap-up']);

export function agentsAtWork(queue: QueueConfig, staff: Staff): number {
  return count(queue, staff, (state) => AT_WORK.has(state));
}

/** Whether there is nobody to wait for, in the queue's own sense of the word. */
export function isEmpty(queue: QueueConfig, staff: Staff): boolean {
  if (queue.emptyMeans === 'nobody-at-work') return agentsAtWork(queue, staff) === 0;
  return count(queue, staff, (state) => state !== 'offline') === 0;
}

function count(
  queue: QueueConfig,
  { agents, agentConfigs }: Staff,
  wanted: (state: AgentPresence['state']) => boolean,
): number {
  let found = 0;
  for (const { agent, state } of agents) {
    const config = agentConfigs.get(agent);
    if (wanted(state) && config !== undefined && serves(config, queue)) found += 1;
  }
  return found;
}
