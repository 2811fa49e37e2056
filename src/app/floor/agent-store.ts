// What is kept of agents beyond their live state: how they spent their time, which skills supervisors gave them.
import type { DeviceKind } from '../../core/acd/agent.js';
import type { PresenceChange } from '../../core/acd/agent-times.js';

export type Skills = Readonly<Record<string, number>>;

/** Something a person decided about an agent. */
export interface AgentDecision {
  readonly agent: string;
  readonly atMs: number;
  /** The user. */
  readonly by: string;
  /** undefined: those of the centre's file again. */
  readonly skills: Skills | undefined;
}

/** Every method rejects with HiloError `store-unavailable`. */
export interface AgentStore {
  /** Writes rows once, however often and by however many nodes they are told. */
  keepPresence(changes: readonly PresenceChange[]): Promise<void>;
  /** Of one agent, under all these names: the rows from `fromMs` until before `toMs`, and the last one before. Oldest first. */
  presence(names: readonly string[], fromMs: number, toMs: number): Promise<readonly PresenceChange[]>;
  /**
   * Forgets at most `limit` rows from before `beforeMs` and tells how many; of each agent the last one before then stays:
   * it says what they were doing when it began.
   */
  forgetPresence(beforeMs: number, limit: number): Promise<number>;
  /** The decision in force and its place in the history of decisions, in one. */
  setSkills(decision: AgentDecision): Promise<void>;
  /** Agents with skills of their own. */
  skills(): Promise<ReadonlyMap<string, Skills>>;
  /** Under all these names, newest first. */
  decisions(names: readonly string[], limit: number): Promise<readonly AgentDecision[]>;
  /** Which of their devices an agent wants to be rung at; undefined: all of them again. */
  setRings(agent: string, rings: DeviceKind | undefined): Promise<void>;
  /** Agents with such a wish. */
  rings(): Promise<ReadonlyMap<string, DeviceKind>>;
}
