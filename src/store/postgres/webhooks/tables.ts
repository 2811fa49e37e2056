// Tables of webhooks. The facts that were there before them are told to nobody.
import { type Kysely, type Migration, sql } from 'kysely';

export const WEBHOOK_TABLES: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table webhook (
        id text primary key,
        title text not null,
        url text not null,
        secret text not null,
        events text[] not null,
        state text not null,
        disabled_for text,
        disabled_at timestamptz,
        failures integer not null default 0,
        failing_since timestamptz,
        open_until timestamptz,
        made_at timestamptz not null,
        made_by text not null
      )`.execute(db);
    await sql`
      create table webhook_delivery (
        number bigint generated always as identity primary key,
        webhook text not null references webhook (id) on delete cascade,
        event text not null,
        type text not null,
        body text not null,
        state text not null default 'waiting',
        attempts integer not null default 0,
        made_at timestamptz not null,
        next_at timestamptz not null,
        last_at timestamptz,
        status integer,
        error text,
        unique (webhook, event)
      )`.execute(db);
    await sql`
      create index webhook_delivery_waiting on webhook_delivery (webhook, next_at) where state = 'waiting'`.execute(db);
    await sql`create index webhook_delivery_ended on webhook_delivery (last_at) where state <> 'waiting'`.execute(db);
    await sql`
      create table webhook_position (
        single boolean primary key default true check (single),
        position bigint not null
      )`.execute(db);
    await sql`
      insert into webhook_position (position)
      select coalesce(max(number), 0) from interaction_event`.execute(db);
  },
};
