// Small pieces of a contact centre for tests of the choice: queues, agents and entries with sensible values.
import type { AgentPresence } from '../../src/core/acd/agent.js';
import type { Entry, Offer } from '../../src/core/acd/entry.js';
import type { QueueConfig } from '../../src/core/acd/queue.js';
import type { Floor } from '../../src/core/acd/select.js';
import type { Explanation } from '../../src/core/interaction/explanation.js';
import type { AgentConfig } from '../../src/core/routing/centre.js';

export const NOON = Date.UTC(2026, 0, 5, 12, 0, 0);

export function queue(name: string, config: Partial<QueueConfig> = {}): QueueConfig {
  return {
    name,
    title: { es: name, en: name },
    skill: name,
    strategy: 'longest-idle',
    priority: 5,
    music: 'default',
    ringMs: 15_000,
    maxWaitMs: 600_000,
    maxLength: 100,
    announceEveryMs: 0,
    wrapUpMs: 10_000,
    overflow: { kind: 'hangup' },
    serviceLevelMs: 20_000,
    record: false,
    ...config,
  };
}

export function agentConfig(name: string, skills: Readonly<Record<string, number>>): AgentConfig {
  return {
    name,
    title: name,
    skills,
    devices: [{ name: `${name}-desk`, kind: 'sip' }],
    ring: 'together',
    availableOnRegister: true,
    forwards: [],
    role: 'agent',
  };
}

/** Available, idle for `idleMs` at noon. */
export function available(agent: string, idleMs = 0): AgentPresence & { state: 'available' } {
  const sinceMs = NOON - idleMs;
  return { agent, state: 'available', sinceMs, idleSinceMs: sinceMs, backOffUntilMs: 0, refusals: 0 };
}

/** Waiting since `waitedMs` before noon. */
export function waiting(
  entry: string,
  queueName: string,
  waitedMs = 0,
  place: Partial<Omit<Entry & { state: 'waiting' }, 'state'>> = {},
): Entry & { state: 'waiting' } {
  return {
    entry,
    interaction: `i-${entry}`,
    kind: 'call',
    queue: queueName,
    priority: 5,
    seniorityMs: NOON - waitedMs,
    joinedAtMs: NOON - waitedMs,
    refusedBy: {},
    node: 'node-1',
    state: 'waiting',
    ...place,
  };
}

export const NO_REASON: Explanation = {
  strategy: 'longest-idle',
  candidates: [],
  removed: [],
  counts: { candidates: 0, removed: {} },
  order: { priority: 5, seniorityMs: 0, joinedAtMs: 0 },
  ahead: 0,
  passedOver: [],
};

export function offerTo(agent: string, id = 'offer-1', lifeMs = 20_000): Offer {
  return { id, agent, madeAtMs: NOON, expiresAtMs: NOON + lifeMs, why: NO_REASON };
}

/** A floor at noon: agents with their skills, queues named like the skills. */
export function floorOf(options: {
  readonly agents: readonly (readonly [AgentPresence, Readonly<Record<string, number>>])[];
  readonly waiting: readonly Entry[];
  readonly queues: readonly QueueConfig[];
}): Floor {
  return {
    waiting: options.waiting,
    agents: options.agents.map(([presence]) => presence),
    agentConfigs: new Map(options.agents.map(([{ agent }, skills]) => [agent, agentConfig(agent, skills)])),
    queues: new Map(options.queues.map((one) => [one.name, one])),
    nowMs: NOON,
  };
}
