// Prompts as people changed them, with the sounds themselves: every node makes its files from here.
import { sql, type Transaction } from 'kysely';
import { HiloError } from '../../../app/errors.js';
import {
  contentAfter,
  type PromptChange,
  type PromptContent,
  type PromptRevision,
  type PromptSound,
  type PromptStore,
  type PromptText,
  REVISIONS_KEPT,
  type SoundBytes,
} from '../../../app/prompts/prompt-store.js';
import type { Database } from '../database.js';
import type { Schema } from '../schema.js';
import { cleanText, toJson } from '../text.js';

/** Number of our own among PostgreSQL's advisory locks: numbers become visible in their order. */
const CHANGE_LOCK = 4_105_002;

interface Row {
  readonly number: string | number;
  readonly name: string;
  readonly language: string;
  readonly act: PromptRevision['act'];
  readonly by: string;
  readonly at: Date;
  readonly content: unknown;
  readonly hash: string | null;
  readonly about: unknown;
}

/** `about`: of the sound. */
const COLUMNS = sql`r.number, r.name, r.language, r.act, r."by", r.at, r.text as content, s.hash, s.about`;

export class PostgresPrompts implements PromptStore {
  constructor(private readonly database: Database) {}

  async newest(): Promise<number> {
    const [row] = await this.database.ask<{ number: string | null }>(
      'select max(number) as number from prompt_revision',
      [],
    );
    return Number(row?.number ?? 0);
  }

  async inForce(): Promise<readonly PromptRevision[]> {
    const { rows } = await this.database.execute(sql<Row>`
      select distinct on (r.name, r.language) ${COLUMNS}
      from prompt_revision r left join prompt_sound s on s.hash = r.sound
      order by r.name, r.language, r.number desc`);
    return rows.map(revisionOf);
  }

  async revisions(name: string, language: string): Promise<readonly PromptRevision[]> {
    const { rows } = await this.database.execute(sql<Row>`
      select ${COLUMNS}
      from prompt_revision r left join prompt_sound s on s.hash = r.sound
      where r.name = ${cleanText(name)} and r.language = ${cleanText(language)}
      order by r.number desc limit ${REVISIONS_KEPT}`);
    return rows.map(revisionOf);
  }

  async sound(hash: string): Promise<SoundBytes | undefined> {
    const row = await this.database.run((db) =>
      db.selectFrom('prompt_sound').select(['narrow', 'wide']).where('hash', '=', hash).executeTakeFirst(),
    );
    return row;
  }

  save(change: PromptChange): Promise<PromptRevision> {
    return this.database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${CHANGE_LOCK})`.execute(transaction);
        const before = await lastOf(transaction, change);
        if (change.over !== undefined && change.over !== (before?.number ?? 0)) {
          throw new HiloError(
            'version-conflict',
            `${change.name} in ${change.language} is at revision ${before?.number ?? 0} meanwhile, not at ${change.over}`,
          );
        }
        const content = contentAfter(before, change);
        await keepSound(transaction, content.sound, change.bytes);
        const number = await insert(transaction, change, content);
        await forget(transaction, change);
        const { name, language, act, by, atMs } = change;
        return { number, name, language, act, by, atMs, ...content };
      }),
    );
  }
}

async function lastOf(db: Transaction<Schema>, { name, language }: PromptChange): Promise<PromptRevision | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS}
    from prompt_revision r left join prompt_sound s on s.hash = r.sound
    where r.name = ${name} and r.language = ${language} order by r.number desc limit 1`.execute(db);
  return rows[0] === undefined ? undefined : revisionOf(rows[0]);
}

async function keepSound(db: Transaction<Schema>, sound: PromptSound | undefined, bytes: SoundBytes | undefined) {
  if (sound === undefined || bytes === undefined) return;
  const { hash, ...about } = sound;
  await db
    .insertInto('prompt_sound')
    .values({ hash, narrow: Buffer.from(bytes.narrow), wide: Buffer.from(bytes.wide), about: toJson(about) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function insert(
  db: Transaction<Schema>,
  { name, language, act, by, atMs }: PromptChange,
  { text, sound }: PromptContent,
): Promise<number> {
  const row = await db
    .insertInto('prompt_revision')
    .values({
      ...{ name, language, act, by: cleanText(by), at: new Date(atMs) },
      text: text === undefined ? null : toJson(text),
      sound: sound?.hash ?? null,
    })
    .returning('number')
    .executeTakeFirstOrThrow();
  return Number(row.number);
}

/** What is older than the revisions that are kept, and the sounds that nobody can go back to any more. */
async function forget(db: Transaction<Schema>, { name, language }: PromptChange): Promise<void> {
  const gone = await sql<{ sound: string | null }>`
    delete from prompt_revision where number in (
      select number from prompt_revision where name = ${name} and language = ${language}
      order by number desc offset ${REVISIONS_KEPT}
    ) returning sound`.execute(db);
  const hashes = gone.rows.flatMap(({ sound }) => sound ?? []);
  if (hashes.length === 0) return;
  await sql`delete from prompt_sound where hash = any(${hashes})
    and not exists (select from prompt_revision where sound = prompt_sound.hash)`.execute(db);
}

function revisionOf({ number, name, language, act, by, at, content, hash, about }: Row): PromptRevision {
  const text = content as PromptText | null;
  return {
    ...{ number: Number(number), name, language, act, by, atMs: at.getTime() },
    // Written by us, above, and read as it was written.
    ...(text === null ? {} : { text }),
    ...(hash === null ? {} : { sound: { ...(about as Omit<PromptSound, 'hash'>), hash } }),
  };
}
