// Whether somebody may begin to wait in a queue, and where they go otherwise.
import type { AgentPresence, ServingAgent } from './agent.js';
import { type ChannelRules, DEFAULT_CHANNELS } from './choice/capacity.js';
import { filterAt } from './choice/pool.js';
import type { Entry } from './entry.js';
import { isInLine } from './position.js';
import type { Destination, QueueConfig } from './queue.js';
import { isEmpty } from './wait/at-work.js';

export type JoinAnswer =
  | { readonly join: true }
  | { readonly join: false; readonly cause: 'queue-full' | 'nobody-signed-in'; readonly overflow: Destination };

export interface JoinQuestion {
  readonly kind: Entry['kind'];
  readonly queue: QueueConfig;
  readonly entries: Iterable<Entry>;
  readonly agents: Iterable<AgentPresence>;
  readonly agentConfigs: ReadonlyMap<string, ServingAgent>;
}

export function mayJoin({ kind, queue, entries, agents, agentConfigs }: JoinQuestion): JoinAnswer {
  // A call-back was promised: there is always room for it.
  if (kind === 'callback') return { join: true };
  let waiting = 0;
  for (const entry of entries) if (entry.queue === queue.name && entry.kind === 'call' && isInLine(entry)) waiting += 1;
  if (waiting >= queue.maxLength) return { join: false, cause: 'queue-full', overflow: queue.overflow };
  if (queue.whenEmpty === 'overflow' && isEmpty(queue, { agents, agentConfigs })) {
    return { join: false, cause: 'nobody-signed-in', overflow: queue.overflow };
  }
  return { join: true };
}

/** Whether somebody could be offered who joins now, were nobody before them. */
export function isSomebodyFree(
  queue: QueueConfig,
  agents: Iterable<AgentPresence>,
  configs: ReadonlyMap<string, ServingAgent>,
  nowMs: number,
  rules: ChannelRules = DEFAULT_CHANNELS,
): boolean {
  const stand = { queue, waitedMs: 0, channel: 'call', rules, nowMs } as const;
  for (const presence of agents) {
    const config = configs.get(presence.agent);
    if (config !== undefined && filterAt(presence, config, stand) === undefined) return true;
  }
  return false;
}
