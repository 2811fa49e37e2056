// The audit log in PostgreSQL: rows are only ever added.
import { sql } from 'kysely';
import type { AuditLine, AuditQuery, AuditStore } from '../../../app/audit.js';
import type { Database } from '../database.js';
import { cleanText, toJson } from '../text.js';

const PAGE_MAX = 500;

export class PostgresAudit implements AuditStore {
  constructor(private readonly database: Database) {}

  async noteAudit({ by, act, on, detail = {}, atMs }: Parameters<AuditStore['noteAudit']>[0]): Promise<void> {
    await this.database.run((db) =>
      db
        .insertInto('audit')
        .values({
          at: new Date(atMs),
          by: cleanText(by),
          act: cleanText(act),
          on: cleanText(on),
          detail: sql<unknown>`${toJson(detail)}::jsonb`,
        })
        .execute(),
    );
  }

  async audit({ by, act, on, fromMs, toMs, before, limit }: AuditQuery): Promise<readonly AuditLine[]> {
    const rows = await this.database.run((db) => {
      let some = db.selectFrom('audit').select(['number', 'at', 'by', 'act', 'on', 'detail']).orderBy('number', 'desc');
      if (by !== undefined) some = some.where('by', '=', cleanText(by));
      if (act !== undefined) some = some.where('act', '=', cleanText(act));
      if (on !== undefined) some = some.where('on', '=', cleanText(on));
      if (fromMs !== undefined) some = some.where('at', '>=', new Date(fromMs));
      if (toMs !== undefined) some = some.where('at', '<', new Date(toMs));
      if (before !== undefined) some = some.where('number', '<', before);
      return some.limit(Math.max(1, Math.min(PAGE_MAX, Math.trunc(limit)))).execute();
    });
    return rows.map(({ number, at, detail, ...who }) => ({
      ...who,
      // pg gives a bigint as text.
      number: Number(number),
      atMs: at.getTime(),
      // Written by us, above, and read as it was written.
      detail: detail as NonNullable<AuditLine['detail']>,
    }));
  }
}
