// Agents whom supervisors have put into other teams.
import type { TeamMove, TeamStore } from '../../../app/supervision/teams.js';
import type { Database } from '../database.js';
import { cleanText } from '../text.js';

export class PostgresTeams implements TeamStore {
  constructor(private readonly database: Database) {}

  async moves(nowMs: number): Promise<readonly TeamMove[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('team_move')
        .selectAll()
        .where((where) => where.or([where('until', 'is', null), where('until', '>', new Date(nowMs))]))
        .execute(),
    );
    return rows.map(({ agent, team, by, at, until }) => ({
      ...{ agent, team, by, atMs: at.getTime() },
      ...(until === null ? {} : { untilMs: until.getTime() }),
    }));
  }

  async move({ agent, team, untilMs, by, atMs }: TeamMove): Promise<void> {
    const until = untilMs === undefined ? null : new Date(untilMs);
    const values = { team: cleanText(team), by: cleanText(by), at: new Date(atMs), until };
    await this.database.run((db) =>
      db
        .insertInto('team_move')
        .values({ agent: cleanText(agent), ...values })
        .onConflict((conflict) => conflict.column('agent').doUpdateSet(values))
        .execute(),
    );
  }

  async back(agent: string): Promise<void> {
    await this.database.run((db) => db.deleteFrom('team_move').where('agent', '=', cleanText(agent)).execute());
  }
}
