// An agent's other name in everything that is kept of the agent beside the record: one transaction, all of it or nothing.
import { sql } from 'kysely';
import type { Database } from '../database.js';
import { cleanText } from '../text.js';

/** Tables with one row an agent. */
const OWN_ROWS = ['agent_skills', 'agent_rings', 'team_move'] as const;

/** `secret`: of the second factor; absent: as it is. An account that an administrator made is nobody's former name. */
export async function renameAgent(database: Database, from: string, to: string, secret?: string): Promise<void> {
  const [before, after] = [cleanText(from), cleanText(to)];
  await database.run((db) =>
    db.transaction().execute(async (together) => {
      // Every node does this when the centre changes: the second one finds nothing any more.
      const { rows } = await sql`
        select from user_account where name = ${before} and made_by is null for update`.execute(together);
      if (rows.length > 0) {
        await sql`
          insert into user_account (name, role, password_hash, password_by, disabled_by, signed_in_at)
          select ${after}, role, password_hash, password_by, disabled_by, signed_in_at
          from user_account where name = ${before}
          on conflict (name) do update set password_hash = excluded.password_hash, password_by = excluded.password_by,
            disabled_by = excluded.disabled_by`.execute(together);
        await sql`
          update token set user_name = ${after} where user_name = ${before} and kind = 'program'`.execute(together);
        await sql`
          insert into second_factor (user_name, secret, confirmed_at, last_step)
          select ${after}, coalesce(${secret ?? null}::text, secret), confirmed_at, last_step
          from second_factor where user_name = ${before}
          on conflict do nothing`.execute(together);
        await sql`update recovery_code set user_name = ${after} where user_name = ${before}`.execute(together);
        // Sessions, and what was copied, go with it (references … on delete cascade).
        await sql`delete from user_account where name = ${before}`.execute(together);
      }
      for (const table of OWN_ROWS) {
        // What was decided under the new name is newer.
        await sql`
          update ${sql.table(table)} set agent = ${after} where agent = ${before}
            and not exists (select from ${sql.table(table)} where agent = ${after})`.execute(together);
        await sql`delete from ${sql.table(table)} where agent = ${before}`.execute(together);
      }
    }),
  );
}
