// What of an entry itself decides who may have it: whose call it is, who has refused it, for whom it is kept.
import type { AgentPresence, ServingAgent } from '../agent.js';
import type { Entry } from '../entry.js';
import type { QueueConfig } from '../queue.js';
import { AT_WORK } from '../wait/at-work.js';
import { stageFilterOf } from './stage.js';

export type OwnFilter = 'own-call' | 'refused-this';

/** What stops an agent for this entry alone; undefined: nothing does. */
export function ownFilterOf(entry: Entry, agent: string, nowMs: number): OwnFilter | undefined {
  if (entry.fromAgent === agent) return 'own-call';
  const refusal = entry.refusedBy[agent];
  return refusal !== undefined && nowMs < refusal.untilMs ? 'refused-this' : undefined;
}

/** Nobody has refused it, and it is nobody's own call: no agent needs to be asked about. */
export function isForEverybody({ fromAgent, refusedBy }: Entry): boolean {
  if (fromAgent !== undefined) return false;
  for (const _ in refusedBy) return false;
  return true;
}

/** The agent this entry is kept for now: one who is at work, serves it at its stage and has not refused it. */
export function keptFor(
  entry: Entry,
  queue: QueueConfig,
  agentOf: (name: string) => { readonly presence: AgentPresence; readonly config: ServingAgent } | undefined,
  nowMs: number,
): string | undefined {
  const { preferred, joinedAtMs } = entry;
  if (preferred === undefined || nowMs >= preferred.untilMs) return undefined;
  const known = agentOf(preferred.agent);
  if (known === undefined || !AT_WORK.has(known.presence.state)) return undefined;
  if (ownFilterOf(entry, preferred.agent, nowMs) !== undefined) return undefined;
  const outside = stageFilterOf(known.config, queue, nowMs - joinedAtMs);
  return outside === undefined ? preferred.agent : undefined;
}
