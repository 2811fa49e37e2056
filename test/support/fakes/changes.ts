// What supervisors changed, in memory.
import type { Acknowledged, AlarmStore, GivenLimits } from '../../../src/app/supervision/alarms.js';
import type { TeamMove, TeamStore } from '../../../src/app/supervision/teams.js';

export class FakeAlarmStore implements AlarmStore {
  readonly given = new Map<string, GivenLimits>();
  readonly seen: Acknowledged[] = [];
  async limits(): Promise<readonly GivenLimits[]> {
    return [...this.given.values()];
  }
  async setLimits(given: GivenLimits): Promise<void> {
    this.given.set(given.queue, given);
  }
  async clearLimits(queue: string): Promise<void> {
    this.given.delete(queue);
  }
  async acknowledged(nowMs: number): Promise<readonly Acknowledged[]> {
    return this.seen.filter(({ untilMs }) => untilMs > nowMs);
  }
  async acknowledge(one: Acknowledged): Promise<void> {
    this.seen.push(one);
  }
  async forget({ queue, kind, atMs }: Acknowledged): Promise<void> {
    const left = this.seen.filter((one) => one.queue !== queue || one.kind !== kind || one.atMs !== atMs);
    this.seen.splice(0, this.seen.length, ...left);
  }
}

export class FakeTeamStore implements TeamStore {
  readonly kept = new Map<string, TeamMove>();
  async moves(nowMs: number): Promise<readonly TeamMove[]> {
    return [...this.kept.values()].filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs);
  }
  async move(move: TeamMove): Promise<void> {
    this.kept.set(move.agent, move);
  }
  async back(agent: string): Promise<void> {
    this.kept.delete(agent);
  }
}
