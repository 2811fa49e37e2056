// The tables of conversations' files, as one step of the migrations: never edited once it was released.
import { type Kysely, type Migration, sql } from 'kysely';

export const ATTACHMENT_TABLES: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table attachment (
        id text primary key,
        pieces integer not null,
        at timestamptz not null default now(),
        draft jsonb
      )`.execute(db);
    await sql`create index attachment_draft on attachment ((draft ->> 'conversation')) where draft is not null`.execute(
      db,
    );
    await sql`
      create table attachment_piece (
        attachment text not null references attachment (id) on delete cascade,
        number integer not null,
        content bytea not null,
        primary key (attachment, number)
      )`.execute(db);
  },
};
