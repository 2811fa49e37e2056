// A floor of any size from a seed: queues with skills, agents who have some of them, callers who wait.
import type { AgentPresence } from '../core/acd/agent.js';
import type { Entry } from '../core/acd/entry.js';
import { joinQueue } from '../core/acd/entry-transition.js';
import { type QueueConfig, STRATEGIES, type Strategy } from '../core/acd/queue.js';
import type { Floor } from '../core/acd/select.js';
import type { AgentConfig } from '../core/routing/centre.js';
import { seededRandom } from '../lib/ids.js';

export interface FloorSize {
  readonly waiting: number;
  readonly agents: number;
  /** Of the agents: who can be offered something; the others talk. */
  readonly free: number;
  readonly queues: number;
  readonly seed: number;
}

const NOW_MS = Date.UTC(2026, 0, 5, 12);
const SKILLS_EACH = 3;
/** Of ring-all one entry would take five agents. */
const ONE_AT_A_TIME = STRATEGIES.filter((strategy) => strategy !== 'ring-all');

export function floorOf({ waiting, agents, free, queues, seed }: FloorSize): Floor {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random.next() * most);
  const names = Array.from({ length: queues }, (_, n) => `queue${n}`);
  const presences: AgentPresence[] = [];
  const configs = new Map<string, AgentConfig>();
  for (let n = 0; n < agents; n += 1) {
    const agent = `agent${String(n).padStart(5, '0')}`;
    const skills = Object.fromEntries(
      Array.from({ length: SKILLS_EACH }, () => [`queue${below(queues)}`, 1 + below(5)]),
    );
    configs.set(agent, agentConfig(agent, skills));
    const idleSinceMs = NOW_MS - below(3_600_000);
    const common = { agent, sinceMs: idleSinceMs, idleSinceMs, backOffUntilMs: 0, refusals: 0 };
    const busy = { interaction: 'i', entry: 'e', node: 'n', afterwards: { state: 'available' } } as const;
    presences.push(n < free ? { state: 'available', ...common } : { state: 'busy', ...busy, ...common });
  }
  const entries: Entry[] = [];
  for (let n = 0; n < waiting; n += 1) {
    const joinedAtMs = NOW_MS - below(600_000);
    const place = { interaction: `i${n}`, kind: 'call', queue: names[below(queues)] ?? '', node: 'n' } as const;
    entries.push(
      joinQueue({
        ...{ ...place, entry: `e${below(1e9)}-${n}`, priority: below(3) + 3, seniorityMs: joinedAtMs, joinedAtMs },
        ageingMs: 120_000,
      }),
    );
  }
  return {
    ...{ waiting: entries, agents: presences, agentConfigs: configs, nowMs: NOW_MS, seed },
    queues: new Map(names.map((name, n) => [name, queueConfig(name, ONE_AT_A_TIME[n % ONE_AT_A_TIME.length])])),
  };
}

/** Three rings: best first, after 20 s who is good, after a minute whoever knows it. */
function queueConfig(name: string, strategy: Strategy = 'longest-idle'): QueueConfig {
  const ring = (afterMs: number, level: number) => ({ afterMs, skills: { [name]: level } });
  return {
    ...{ name, title: {}, skill: name, strategy, priority: 5, music: 'moh', ringMs: 20_000, maxWaitMs: 600_000 },
    ...{ maxLength: 10_000, announceEveryMs: 0, wrapUpMs: 0, overflow: { kind: 'hangup' }, serviceLevelMs: 20_000 },
    ...{ record: false, rings: [ring(0, 4), ring(20_000, 2), ring(60_000, 1)] },
  };
}

function agentConfig(name: string, skills: Readonly<Record<string, number>>): AgentConfig {
  return {
    ...{ name, title: name, skills, devices: [], ring: 'in-order', availableOnRegister: true, forwards: [] },
    role: 'agent',
  };
}
