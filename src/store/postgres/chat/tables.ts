// What visitors of web pages and the centre have written to each other.
import { type Kysely, type Migration, sql } from 'kysely';

export const CHAT_TABLES: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table chat_visitor (
        address text primary key,
        last_number bigint not null default 0,
        delivered bigint not null default 0,
        read bigint not null default 0,
        made_at timestamptz not null,
        written_at timestamptz not null
      )`.execute(db);
    await sql`create index chat_visitor_written on chat_visitor (written_at)`.execute(db);
    await sql`
      create table chat_line (
        address text not null references chat_visitor (address) on delete cascade,
        number bigint not null,
        id text not null,
        direction text not null check (direction in ('in', 'out')),
        text text not null,
        file jsonb,
        at timestamptz not null,
        primary key (address, number),
        unique (address, id)
      )`.execute(db);
  },
};
