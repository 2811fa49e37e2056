// Whether somebody may begin to wait in a queue, and where they go otherwise.
import type { JoinGiven } from '../interaction/decision/given.js';
import type { AgentPresence, ServingAgent } from './agent.js';
import { type ChannelRules, DEFAULT_CHANNELS } from './choice/capacity.js';
import { filterAt } from './choice/pool.js';
import type { Entry } from './entry.js';
import { isInLine } from './position.js';
import type { Destination, QueueConfig } from './queue.js';
import { isEmpty } from './wait/at-work.js';
import { diversion } from './wait/divert.js';

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

export function mayJoin(question: JoinQuestion): JoinAnswer {
  // A call-back was promised: there is always room for it.
  return question.kind === 'callback' ? { join: true } : roomIn(question.queue, crowdOf(question));
}

/** What it depends on whether there is room. */
export type Crowd = Pick<JoinGiven, 'waiting' | 'isEmpty'>;

export function crowdOf({ queue, entries, agents, agentConfigs }: Omit<JoinQuestion, 'kind'>): Crowd {
  let waiting = 0;
  for (const entry of entries) if (entry.queue === queue.name && entry.kind === 'call' && isInLine(entry)) waiting += 1;
  return { waiting, isEmpty: isEmpty(queue, { agents, agentConfigs }) };
}

/** Whether a caller may wait: there is room, and the wait would not be one that the queue spares its callers. */
export function admission(
  queue: QueueConfig,
  { outlook, ...crowd }: Omit<JoinGiven, 'centre'>,
): { readonly join: true } | { readonly join: false; readonly cause: string; readonly to: Destination } {
  const room = roomIn(queue, crowd);
  if (!room.join) return { join: false, cause: room.cause, to: room.overflow };
  if (outlook === undefined) return { join: true };
  const { position, agents, waitMs } = outlook;
  const estimate = waitMs === undefined ? undefined : { waitMs };
  const diverted = diversion({ queue, position, agentsAtWork: agents, estimate });
  return diverted === undefined ? { join: true } : { join: false, ...diverted };
}

function roomIn(queue: QueueConfig, { waiting, isEmpty: nobody }: Crowd): JoinAnswer {
  if (waiting >= queue.maxLength) return { join: false, cause: 'queue-full', overflow: queue.overflow };
  if (queue.whenEmpty === 'overflow' && nobody) {
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
