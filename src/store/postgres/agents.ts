// Agents beyond their live state: the log of their presence, and skills that supervisors gave them.
import { sql } from 'kysely';
import type { AgentDecision, AgentStore, Skills } from '../../app/floor/agent-store.js';
import type { DeviceKind } from '../../core/acd/agent.js';
import type { PresenceChange } from '../../core/acd/agent-times.js';
import type { Database } from './database.js';
import type { AgentPresenceTable } from './schema.js';
import { cleanText } from './text.js';

/** No agent changes state oftener in the longest time that may be asked for. */
const ROWS_MAX = 200_000;

const FORGET = `
  delete from agent_presence where ctid = any (array(
    select ctid from agent_presence as old
    where at < to_timestamp($1::double precision / 1000) and exists (
      select from agent_presence as later
      where later.agent = old.agent and (later.at, later.version) > (old.at, old.version)
        and later.at < to_timestamp($1::double precision / 1000))
    order by at limit $2
  )) returning 1`;

export class PostgresAgents implements AgentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keepPresence(changes: readonly PresenceChange[]): Promise<void> {
    if (changes.length === 0) return;
    const rows = changes.map(({ agent, atMs, version, state, reason }) => ({
      ...{ agent: cleanText(agent), version, state },
      at: new Date(atMs),
      reason: reason === undefined ? null : cleanText(reason),
    }));
    await this.#database.run((db) =>
      db
        .insertInto('agent_presence')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
  }

  async presence(names: readonly string[], fromMs: number, toMs: number): Promise<readonly PresenceChange[]> {
    const from = new Date(fromMs);
    const rows = await this.#database.run(async (db) => {
      const of = db.selectFrom('agent_presence').selectAll().where('agent', 'in', names.map(cleanText));
      const before = await of
        .where('at', '<', from)
        .orderBy('at', 'desc')
        .orderBy('version', 'desc')
        .limit(1)
        .execute();
      const within = await of
        .where('at', '>=', from)
        .where('at', '<', new Date(toMs))
        .orderBy('at')
        .orderBy('version')
        .limit(ROWS_MAX)
        .execute();
      return [...before, ...within];
    });
    return rows.map(changeOf);
  }

  async forgetPresence(beforeMs: number, limit: number): Promise<number> {
    return (await this.#database.ask(FORGET, [beforeMs, limit])).length;
  }

  async setSkills({ agent, atMs, by, skills }: AgentDecision): Promise<void> {
    const name = cleanText(agent);
    const [at, set_by] = [new Date(atMs), cleanText(by)];
    const json = skills === undefined ? null : JSON.stringify(skills);
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await transaction.insertInto('agent_decision').values({ agent: name, at, by: set_by, skills: json }).execute();
        if (json === null) await transaction.deleteFrom('agent_skills').where('agent', '=', name).execute();
        else {
          await transaction
            .insertInto('agent_skills')
            .values({ agent: name, skills: json })
            .onConflict((conflict) => conflict.column('agent').doUpdateSet({ skills: json }))
            .execute();
        }
      }),
    );
  }

  async skills(): Promise<ReadonlyMap<string, Skills>> {
    const rows = await this.#database.run((db) => db.selectFrom('agent_skills').selectAll().execute());
    return new Map(rows.map(({ agent, skills }) => [agent, skills as Skills]));
  }

  async setRings(agent: string, rings: DeviceKind | undefined): Promise<void> {
    const name = cleanText(agent);
    await this.#database.run(async (db) => {
      if (rings === undefined) return db.deleteFrom('agent_rings').where('agent', '=', name).execute();
      return db
        .insertInto('agent_rings')
        .values({ agent: name, rings })
        .onConflict((conflict) => conflict.column('agent').doUpdateSet({ rings }))
        .execute();
    });
  }

  async rings(): Promise<ReadonlyMap<string, DeviceKind>> {
    const rows = await this.#database.run((db) => db.selectFrom('agent_rings').selectAll().execute());
    return new Map(rows.map(({ agent, rings }) => [agent, rings]));
  }

  async decisions(names: readonly string[], limit: number): Promise<readonly AgentDecision[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('agent_decision')
        .selectAll()
        .where('agent', 'in', names.map(cleanText))
        .orderBy(sql`number`, 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(({ agent: name, at, by, skills }) => ({
      ...{ agent: name, by, atMs: at.getTime() },
      skills: skills === null ? undefined : (skills as unknown as Skills),
    }));
  }
}

function changeOf({ agent, at, version, state, reason }: AgentPresenceTable): PresenceChange {
  return { agent, version, state, atMs: at.getTime(), ...(reason === null ? {} : { reason }) };
}
