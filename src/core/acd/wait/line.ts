// Who waits in a queue at a moment, and who serves it.
import type { AgentPresence, ServingAgent } from '../agent.js';
import { serves } from '../choice/stage.js';
import type { Entry } from '../entry.js';
import { isInLine } from '../position.js';
import type { QueueConfig } from '../queue.js';
import type { QueueFigures } from './alarms.js';

/** `entries`: of this queue; `agents`: all of the centre. */
export function lineOf(
  config: QueueConfig,
  entries: readonly Entry[],
  agents: readonly { readonly config: ServingAgent; readonly presence: AgentPresence }[],
  nowMs: number,
): Pick<QueueFigures, 'waiting' | 'longestMs' | 'agents'> {
  const inLine = entries.filter(isInLine);
  const states: Record<string, number> = {};
  for (const { config: agent, presence } of agents) {
    if (serves(agent, config)) states[presence.state] = (states[presence.state] ?? 0) + 1;
  }
  const waits = inLine.map(({ joinedAtMs }) => nowMs - joinedAtMs);
  return {
    waiting: inLine.length,
    agents: states,
    ...(waits.length === 0 ? {} : { longestMs: Math.max(0, ...waits) }),
  };
}
