// Limits of alarms that supervisors set, and alarms they have seen.
import type { Acknowledged, AlarmStore, GivenLimits } from '../../../app/supervision/alarms.js';
import type { Database } from '../database.js';
import { cleanText } from '../text.js';

export class PostgresAlarms implements AlarmStore {
  constructor(private readonly database: Database) {}

  async limits(): Promise<readonly GivenLimits[]> {
    const rows = await this.database.run((db) => db.selectFrom('alarm_limits').selectAll().execute());
    return rows.map(({ queue, waiting, wait_ms: waitMs, service_level: serviceLevel, by, at }) => ({
      ...{ queue, by, atMs: at.getTime() },
      limits: { waiting, waitMs, serviceLevel },
    }));
  }

  async setLimits({ queue, limits, by, atMs }: GivenLimits): Promise<void> {
    const { waiting, waitMs: wait_ms, serviceLevel: service_level } = limits;
    const values = { waiting, wait_ms, service_level, by: cleanText(by), at: new Date(atMs) };
    await this.database.run((db) =>
      db
        .insertInto('alarm_limits')
        .values({ queue: cleanText(queue), ...values })
        .onConflict((conflict) => conflict.column('queue').doUpdateSet(values))
        .execute(),
    );
  }

  async clearLimits(queue: string): Promise<void> {
    await this.database.run((db) => db.deleteFrom('alarm_limits').where('queue', '=', cleanText(queue)).execute());
  }

  async acknowledged(nowMs: number): Promise<readonly Acknowledged[]> {
    const rows = await this.database.run((db) =>
      db.selectFrom('alarm_acknowledged').selectAll().where('until', '>', new Date(nowMs)).execute(),
    );
    return rows.map(({ queue, kind, by, at, until }) => ({
      ...{ queue, by, atMs: at.getTime(), untilMs: until.getTime() },
      kind: kind as Acknowledged['kind'],
    }));
  }

  async acknowledge({ queue, kind, by, atMs, untilMs }: Acknowledged): Promise<void> {
    const values = { by: cleanText(by), at: new Date(atMs), until: new Date(untilMs) };
    await this.database.run((db) =>
      db
        .insertInto('alarm_acknowledged')
        .values({ queue: cleanText(queue), kind, ...values })
        .onConflict((conflict) => conflict.columns(['queue', 'kind']).doUpdateSet(values))
        .execute(),
    );
  }

  async forget({ queue, kind, atMs }: Acknowledged): Promise<void> {
    await this.database.run((db) =>
      db
        .deleteFrom('alarm_acknowledged')
        .where('queue', '=', cleanText(queue))
        .where('kind', '=', kind)
        .where('at', '=', new Date(atMs))
        .execute(),
    );
  }
}
