// How much of what an agent can do at a time, and which kind may interrupt which.
import type { AgentPresence, ServingAgent } from '../agent.js';
import type { EntryKind } from '../entry.js';
import { type WorkKind, workCount } from '../work/work.js';

/** What occupies an agent; a call-back is a call. */
export type Channel = 'call' | WorkKind;
export const CHANNELS: readonly Channel[] = ['call', 'message', 'task'];

export interface ChannelRule {
  /** At a time; always 1 for calls. */
  readonly perAgent: number;
  /** An agent who has these may get one of this kind all the same. */
  readonly interrupts: readonly Channel[];
}

export type ChannelRules = Readonly<Record<Channel, ChannelRule>>;

export const DEFAULT_CHANNELS: ChannelRules = {
  call: { perAgent: 1, interrupts: ['message', 'task'] },
  message: { perAgent: 4, interrupts: ['task'] },
  task: { perAgent: 1, interrupts: [] },
};

export type CapacityFilter = 'full' | 'on-message' | 'on-task';

export function channelOf(kind: EntryKind): Channel {
  return kind === 'callback' ? 'call' : kind;
}

/** Somebody on a call (or whose phone rings) takes this kind beside it. */
export function goesBesideCalls(channel: Channel, rules: ChannelRules): boolean {
  return channel !== 'call' && rules[channel].interrupts.includes('call');
}

/** What of the agent's messages and tasks stands against one more of this channel; undefined: nothing. */
export function capacityFilterOf(
  presence: AgentPresence,
  config: ServingAgent,
  channel: Channel,
  rules: ChannelRules,
): CapacityFilter | undefined {
  const most = channel === 'call' ? 1 : (config.capacity?.[channel] ?? rules[channel].perAgent);
  if (most === 0) return 'full';
  if (presence.works === undefined || presence.works.length === 0) return undefined;
  const { interrupts } = rules[channel];
  for (const kind of ['message', 'task'] as const) {
    if (kind === channel || interrupts.includes(kind)) continue;
    if (workCount(presence, kind) > 0) return `on-${kind}`;
  }
  return channel !== 'call' && workCount(presence, channel) >= most ? 'full' : undefined;
}
