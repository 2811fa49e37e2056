// Emergency messages as they were switched on and off: the last row is in force, the others tell who did what when.
import { sql } from 'kysely';
import type { EmergencyMessage, EmergencyStore } from '../../../app/emergency/emergency.js';
import type { Database } from '../database.js';
import { cleanText, toJson } from '../text.js';

export class PostgresEmergency implements EmergencyStore {
  constructor(private readonly database: Database) {}

  async emergency(): Promise<EmergencyMessage | undefined> {
    const last = await this.database.run((db) =>
      db.selectFrom('emergency').select('message').orderBy('number', 'desc').limit(1).executeTakeFirst(),
    );
    // Written by us, below, and read as it was written.
    return (last?.message as EmergencyMessage | null | undefined) ?? undefined;
  }

  async decideEmergency({ message, by, atMs }: Parameters<EmergencyStore['decideEmergency']>[0]): Promise<void> {
    const value = message === undefined ? null : sql<unknown>`${toJson(message)}::jsonb`;
    await this.database.run((db) =>
      db
        .insertInto('emergency')
        .values({ at: new Date(atMs), by: cleanText(by), message: value })
        .execute(),
    );
  }
}
