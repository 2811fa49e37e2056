// The tables of prompts: revisions for each name and language, and the sounds by their content.
import { type Kysely, type Migration, sql } from 'kysely';

export const PROMPT_TABLES: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table prompt_sound (
        hash text primary key,
        narrow bytea not null,
        wide bytea not null,
        about jsonb not null
      )`.execute(db);
    await sql`
      create table prompt_revision (
        number bigint generated always as identity primary key,
        name text not null,
        language text not null,
        act text not null check (act in
          ('text-set', 'text-removed', 'sound-set', 'sound-removed', 'removed', 'rolled-back')),
        at timestamptz not null,
        "by" text not null,
        text jsonb,
        sound text references prompt_sound (hash)
      )`.execute(db);
    await sql`create index prompt_revision_place on prompt_revision (name, language, number desc)`.execute(db);
    await sql`create index prompt_revision_sound on prompt_revision (sound) where sound is not null`.execute(db);
  },
};
