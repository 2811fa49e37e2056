// Notices of supervisors: those that are still shown.
import type { Notice, NoticeStore } from '../../../app/supervision/notices.js';
import type { Database } from '../database.js';
import { cleanText } from '../text.js';

export class PostgresNotices implements NoticeStore {
  constructor(private readonly database: Database) {}

  async notices(nowMs: number): Promise<readonly Notice[]> {
    const rows = await this.database.run((db) =>
      db.selectFrom('notice').selectAll().where('until', '>', new Date(nowMs)).orderBy('at').execute(),
    );
    return rows.map(({ id, at, by, text, until }) => ({ id, by, text, atMs: at.getTime(), untilMs: until.getTime() }));
  }

  async saveNotice({ id, by, text, atMs, untilMs }: Notice): Promise<void> {
    const row = { id, by: cleanText(by), text: cleanText(text), at: new Date(atMs), until: new Date(untilMs) };
    await this.database.run((db) => db.insertInto('notice').values(row).execute());
  }

  async endNotice(id: string, atMs: number): Promise<void> {
    const until = new Date(atMs);
    await this.database.run((db) => db.updateTable('notice').set({ until }).where('id', '=', id).execute());
  }
}
