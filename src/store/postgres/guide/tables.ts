// The tables of the guide, as one step of the migrations: never edited once it was released.
import { type Kysely, type Migration, sql } from 'kysely';

export const GUIDE: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table guide_article (
        id text primary key,
        version integer not null,
        tags text[] not null,
        queues text[] not null,
        flows text[] not null,
        changed_at timestamptz not null,
        changed_by text not null,
        removed boolean not null
      )`.execute(db);
    await sql`create index guide_article_queues on guide_article using gin (queues)`.execute(db);
    await sql`create index guide_article_flows on guide_article using gin (flows)`.execute(db);
    await sql`
      create table guide_text (
        article_id text not null references guide_article (id),
        language text not null check (language in ('es', 'en')),
        title text not null,
        body text not null,
        plain text not null,
        folded text not null,
        folded_title text not null,
        words tsvector not null,
        primary key (article_id, language)
      )`.execute(db);
    await sql`create index guide_text_words on guide_text using gin (words)`.execute(db);
    await sql`
      create table guide_revision (
        article_id text not null references guide_article (id),
        version integer not null check (version > 0),
        act text not null check (act in ('written', 'changed', 'removed', 'restored')),
        "by" text not null,
        at timestamptz not null,
        note text not null,
        content jsonb not null,
        primary key (article_id, version)
      )`.execute(db);
  },
};
