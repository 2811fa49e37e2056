// What supervisors change on the floor: limits of alarms, alarms they have seen, agents in other teams.
import { type Kysely, type Migration, sql } from 'kysely';

export const FLOOR_TABLES: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table alarm_limits (
        queue text primary key,
        waiting integer not null,
        wait_ms double precision not null,
        service_level double precision not null,
        "by" text not null,
        at timestamptz not null
      )`.execute(db);
    await sql`
      create table alarm_acknowledged (
        queue text not null,
        kind text not null,
        "by" text not null,
        at timestamptz not null,
        until timestamptz not null,
        primary key (queue, kind)
      )`.execute(db);
    await sql`
      create table team_move (
        agent text primary key,
        team text not null,
        "by" text not null,
        at timestamptz not null,
        until timestamptz
      )`.execute(db);
  },
};

export interface AlarmLimitsTable {
  queue: string;
  waiting: number;
  wait_ms: number;
  service_level: number;
  by: string;
  at: Date;
}

export interface AlarmAcknowledgedTable {
  queue: string;
  kind: string;
  by: string;
  at: Date;
  until: Date;
}

export interface TeamMoveTable {
  agent: string;
  team: string;
  by: string;
  at: Date;
  until: Date | null;
}
