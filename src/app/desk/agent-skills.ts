// Skills that supervisors give to agents while the centre runs: valid for the next decision, kept until taken back.
import type { Centre } from '../../core/routing/centre.js';
import { namesOfAgent } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { AgentDecision, AgentStore, Skills } from '../floor/agent-store.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState } from '../floor/live-state.js';

export const DECISIONS_SHOWN = 100;

export interface AgentSkillsPorts {
  readonly agents: Agents;
  readonly live: LiveState;
  readonly agentStore: AgentStore;
  readonly centre: () => Centre;
  readonly eventually: Eventually;
  readonly clock: Clock;
}

export class AgentSkills {
  readonly #ports: AgentSkillsPorts;

  constructor(ports: AgentSkillsPorts) {
    this.#ports = ports;
    // The live state may have been lost, or be older than the last decision.
    ports.live.onReset(() => this.restore());
  }

  /** Brings the live state in line with what was decided. */
  restore(): void {
    this.#ports.eventually.do('skills given to agents', async () => {
      const kept = await this.#ports.agentStore.skills();
      for (const name of this.#ports.centre().agents.keys()) await this.#apply(name, kept.get(name));
    });
  }

  /**
   * `undefined`: those of the centre's file again. Stored first, so that it outlives whatever happens next.
   * Rejects with HiloError `not-found`, `invalid-input` (a skill that no queue and no agent has), `store-unavailable`.
   */
  async set(agent: string, skills: Skills | undefined, by: string): Promise<void> {
    const centre = this.#ports.centre();
    if (!centre.agents.has(agent)) throw new HiloError('not-found', `there is no agent ${agent}`);
    const known = skillsOf(centre);
    const unknown = Object.keys(skills ?? {}).filter((skill) => !known.has(skill));
    if (unknown.length > 0) {
      throw new HiloError('invalid-input', `no queue asks for ${unknown.join(', ')}; known: ${[...known].join(', ')}`);
    }
    await this.#ports.agentStore.setSkills({ agent, skills, by, atMs: this.#ports.clock.nowMs() });
    await this.#apply(agent, skills);
  }

  /** Newest first. */
  decisions(agent: string): Promise<readonly AgentDecision[]> {
    return this.#ports.agentStore.decisions(namesOfAgent(this.#ports.centre(), agent), DECISIONS_SHOWN);
  }

  async #apply(agent: string, skills: Skills | undefined): Promise<void> {
    if (isSame(this.#ports.agents.presence(agent).skills, skills)) return;
    await this.#ports.agents.apply(agent, { type: 'skills-set', skills });
  }
}

function skillsOf({ queues, agents }: Centre): ReadonlySet<string> {
  const ofQueues = [...queues.values()].flatMap(({ skill, rings = [] }) => [
    skill,
    ...rings.flatMap((ring) => Object.keys(ring.skills)),
  ]);
  return new Set([...ofQueues, ...[...agents.values()].flatMap(({ skills }) => Object.keys(skills))]);
}

function isSame(a: Skills | undefined, b: Skills | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
