// The tables of agents in memory.
import type { AgentDecision, AgentStore, Skills } from '../../../src/app/floor/agent-store.js';
import type { DeviceKind } from '../../../src/core/acd/agent.js';
import type { PresenceChange } from '../../../src/core/acd/agent-times.js';

export const AGENT_METHODS = [
  'keepPresence',
  'presence',
  'forgetPresence',
  'setSkills',
  'skills',
  'decisions',
  'setRings',
  'rings',
] as const;

export class FakeAgentStore implements AgentStore {
  readonly rows = new Map<string, PresenceChange>();
  readonly made: AgentDecision[] = [];

  async keepPresence(changes: readonly PresenceChange[]): Promise<void> {
    for (const change of changes) {
      const key = `${change.agent} ${change.atMs} ${change.version}`;
      if (!this.rows.has(key)) this.rows.set(key, change);
    }
  }
  async presence(names: readonly string[], fromMs: number, toMs: number): Promise<readonly PresenceChange[]> {
    const own = [...this.rows.values()]
      .filter((row) => names.includes(row.agent) && row.atMs < toMs)
      .toSorted((a, b) => a.atMs - b.atMs || a.version - b.version);
    const before = own.filter(({ atMs }) => atMs < fromMs).slice(-1);
    return [...before, ...own.filter(({ atMs }) => atMs >= fromMs)];
  }
  async forgetPresence(beforeMs: number, limit: number): Promise<number> {
    const old = [...this.rows].filter(([, { atMs }]) => atMs < beforeMs).toSorted(([, a], [, b]) => a.atMs - b.atMs);
    const gone = old
      .filter(([, row], at) => old.slice(at + 1).some(([, later]) => later.agent === row.agent))
      .slice(0, limit);
    for (const [key] of gone) this.rows.delete(key);
    return gone.length;
  }
  async setSkills(decision: AgentDecision): Promise<void> {
    this.made.push(decision);
  }
  async skills(): Promise<ReadonlyMap<string, Skills>> {
    const last = new Map(this.made.map(({ agent, skills }) => [agent, skills]));
    return new Map([...last].flatMap(([agent, skills]) => (skills === undefined ? [] : [[agent, skills] as const])));
  }
  async decisions(names: readonly string[], limit: number): Promise<readonly AgentDecision[]> {
    return this.made
      .filter((decision) => names.includes(decision.agent))
      .toReversed()
      .slice(0, limit);
  }
  readonly wishes = new Map<string, DeviceKind>();
  async setRings(agent: string, rings: DeviceKind | undefined): Promise<void> {
    if (rings === undefined) this.wishes.delete(agent);
    else this.wishes.set(agent, rings);
  }
  async rings(): Promise<ReadonlyMap<string, DeviceKind>> {
    return new Map(this.wishes);
  }
}
