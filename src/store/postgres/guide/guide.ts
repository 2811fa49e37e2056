// The guide in PostgreSQL: articles, everything that was done to them, and the search for words in them.
import { sql, type Transaction } from 'kysely';
import type {
  GuideAct,
  GuideArticle,
  GuideChange,
  GuideHit,
  GuideQuestion,
  GuideRevision,
  GuideStore,
} from '../../../app/guide/guide-store.js';
import { GUIDE_LANGUAGES, type GuideContent, type GuideLanguage } from '../../../core/guide/article.js';
import { excerpt, joined, marked, type Range, rangesBetween } from '../../../core/guide/marked.js';
import { folded, plainText } from '../../../core/guide/plain-text.js';
import type { Database } from '../database.js';
import type { Schema } from '../schema.js';
import { cleanText, toJson } from '../text.js';

/** Of the private use area, so that no text has them: see {@link shown}. */
const [OPEN, CLOSE] = ['\ue000', '\ue001'];
/** One writer at a time counts the articles. */
const WRITE_LOCK = 4_105_002;

interface ArticleRow {
  readonly id: string;
  readonly version: number;
  readonly tags: string[];
  readonly queues: string[];
  readonly flows: string[];
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly removed: boolean;
  readonly texts: GuideContent['texts'];
}

interface HitRow extends Omit<ArticleRow, 'removed' | 'texts' | 'version'> {
  readonly language: GuideLanguage;
  readonly languages: GuideLanguage[];
  readonly title: string;
  readonly plain: string;
  readonly titles?: string[];
  readonly bodies?: string[];
}

const ARTICLE = `
  select article.*, (
    select jsonb_object_agg(language, jsonb_build_object('title', title, 'body', body))
    from guide_text where article_id = article.id
  ) as texts from guide_article as article`;

const SHOWN = `
  not article.removed and ($2::text is null or $2 = any(article.tags)) and ($3::text[] is null or $3 && article.queues)
    and ($4::text[] is null or $4 && article.flows)`;

const HEAD = `
  article.id, article.tags, article.queues, article.flows, article.changed_at, article.changed_by,
  (select array_agg(language order by language desc) from guide_text where article_id = article.id) as languages`;

/** All of them, by title; in another language those that are not written in the reader's. */
const ALL = `
  select * from (
    select distinct on (article.id) ${HEAD}, text.language, text.title, text.plain
    from guide_article as article join guide_text as text on text.article_id = article.id
    where ${SHOWN}
    order by article.id, (text.language = $1) desc
  ) as one order by lower(title), id limit $5 offset $6`;

/**
 * Words in every form that their language knows, with accents or without, and what begins with them. The headlines mark
 * them all three ways in texts of which every letter has its place, so that they can be laid over each other.
 */
const FOUND = `
  with asked as (
    select language, configuration,
      websearch_to_tsquery(configuration, $7) as as_typed,
      websearch_to_tsquery(configuration, $8) as bare,
      to_tsquery('simple', $9) as beginnings
    from (values ('es', 'spanish'::regconfig), ('en', 'english'::regconfig)) as known (language, configuration)
  ), found as (
    select distinct on (article.id) ${HEAD}, text.language, text.title, text.plain, text.folded, text.folded_title,
      asked.configuration, asked.as_typed, asked.bare, asked.beginnings,
      ts_rank_cd(text.words, asked.as_typed || asked.bare || asked.beginnings, 32) as rank
    from asked join guide_text as text on text.language = asked.language
      join guide_article as article on article.id = text.article_id
    where ${SHOWN} and text.words @@ (asked.as_typed || asked.bare || asked.beginnings)
    order by article.id, (text.language = $1) desc
  ), best as (
    select * from found order by rank desc, id limit $5 offset $6
  )
  select id, tags, queues, flows, changed_at, changed_by, languages, language, title, plain,
    array[ts_headline(configuration, translate(title, '<>', '  '), as_typed, $10),
      ts_headline(configuration, folded_title, bare, $10), ts_headline('simple', folded_title, beginnings, $10)] as titles,
    array[ts_headline(configuration, translate(plain, '<>', '  '), as_typed, $10),
      ts_headline(configuration, folded, bare, $10), ts_headline('simple', folded, beginnings, $10)] as bodies
  from best order by rank desc, id`;

const MARKS = `StartSel="${OPEN}", StopSel="${CLOSE}", HighlightAll=true`;

export class PostgresGuide implements GuideStore {
  constructor(private readonly database: Database) {}

  async search(question: GuideQuestion): Promise<readonly GuideHit[]> {
    const { text = '', language, tag = null, queues = null, flows = null, limit, offset } = question;
    const asked = unsigned(shown(text)).trim();
    const shared = [language, tag, queues, flows, limit, offset];
    const bare = folded(asked);
    const rows =
      asked === ''
        ? await this.database.ask<HitRow>(ALL, shared)
        : await this.database.ask<HitRow>(FOUND, [...shared, asked, bare, beginnings(bare), MARKS]);
    return rows.map(hitOf);
  }

  async article(id: string): Promise<GuideArticle | undefined> {
    const [row] = await this.database.ask<ArticleRow>(`${ARTICLE} where id = $1`, [cleanText(id)]);
    return row === undefined ? undefined : articleOf(row);
  }

  async fitting(queues: readonly string[], flows: readonly string[], limit: number): Promise<readonly GuideArticle[]> {
    const fits = `${ARTICLE} where not removed and (queues && $1::text[] or flows && $2::text[]) order by id limit $3`;
    return (await this.database.ask<ArticleRow>(fits, [queues, flows, limit])).map(articleOf);
  }

  async removed(limit: number): Promise<readonly GuideArticle[]> {
    const rows = await this.database.ask<ArticleRow>(`${ARTICLE} where removed order by changed_at desc limit $1`, [
      limit,
    ]);
    return rows.map(articleOf);
  }

  write(change: GuideChange, most: number): Promise<boolean> {
    return this.#within(async (db) => {
      await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(db);
      const { tags, queues, flows } = cleaned(change.content);
      const { rows } = await sql`
        insert into guide_article (id, version, tags, queues, flows, changed_at, changed_by, removed)
        select ${change.id}, 1, ${tags}::text[], ${queues}::text[], ${flows}::text[], ${new Date(change.atMs)}, ${cleanText(change.by)}, false
        where (select count(*) from guide_article where not removed) < ${most}
        on conflict do nothing returning id`.execute(db);
      if (rows.length === 0) return false;
      await keep(db, change, 1);
      return true;
    });
  }

  change(change: GuideChange, version: number): Promise<number | undefined> {
    return this.#within(async (db) => {
      const { tags, queues, flows } = cleaned(change.content);
      const { rows } = await sql<{ version: number }>`
        update guide_article set version = version + 1, tags = ${tags}::text[], queues = ${queues}::text[],
          flows = ${flows}::text[], changed_at = ${new Date(change.atMs)}, changed_by = ${cleanText(change.by)},
          removed = ${change.act === 'removed'}
        where id = ${change.id} and version = ${version} returning version`.execute(db);
      const [now] = rows;
      if (now !== undefined) await keep(db, change, now.version);
      return now?.version;
    });
  }

  async revisions(id: string, limit: number): Promise<readonly GuideRevision[]> {
    const rows = await this.database.ask<{
      readonly version: number;
      readonly act: GuideAct;
      readonly by: string;
      readonly at: Date;
      readonly note: string;
      readonly content: GuideContent;
    }>(
      'select version, act, "by", at, note, content from guide_revision where article_id = $1 order by version desc limit $2',
      [cleanText(id), limit],
    );
    return rows.map(({ at, ...row }) => ({ ...row, atMs: at.getTime() }));
  }

  async isFresh(): Promise<boolean> {
    return (await this.database.ask('select from guide_revision limit 1', [])).length === 0;
  }

  #within<T>(work: (db: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.database.run((db) => db.transaction().execute(work));
  }
}

/** The texts in force with what finds them, and what was done, for ever. */
async function keep(db: Transaction<Schema>, change: GuideChange, version: number): Promise<void> {
  const { id, act, by, atMs, note, content } = change;
  await sql`
    insert into guide_revision (article_id, version, act, "by", at, note, content)
    values (${id}, ${version}, ${act}, ${cleanText(by)}, ${new Date(atMs)}, ${cleanText(note)}, ${toJson(content)}::jsonb)`.execute(
    db,
  );
  await sql`delete from guide_text where article_id = ${id}`.execute(db);
  const tags = unsigned(shown(content.tags.join(' ')));
  for (const language of GUIDE_LANGUAGES) {
    const text = content.texts[language];
    if (text === undefined) continue;
    const [title, plain] = [shown(text.title), shown(plainText(text.body))];
    const bare = { title: folded(unsigned(title)), plain: folded(unsigned(plain)) };
    const words = (weight: 'A' | 'B' | 'D', written: string, plainly: string) => {
      const configuration = sql`${language === 'es' ? 'spanish' : 'english'}::regconfig`;
      return sql`setweight(to_tsvector(${configuration}, ${unsigned(written)}) || to_tsvector(${configuration}, ${plainly})
        || to_tsvector('simple', ${plainly}), ${weight}::"char")`;
    };
    await sql`
      insert into guide_text (article_id, language, title, body, plain, folded, folded_title, words)
      values (${id}, ${language}, ${title}, ${cleanText(text.body)}, ${plain}, ${bare.plain}, ${bare.title},
        ${words('A', title, bare.title)} || ${words('B', tags, folded(tags))} || ${words('D', plain, bare.plain)})`.execute(
      db,
    );
  }
}

/** Every letter in one place, and none that is one of our marks. */
function shown(text: string): string {
  return cleanText(text)
    .normalize('NFC')
    .replace(/[\ue000\ue001]/g, ' ');
}

/** Without what the search would take for tags; every letter keeps its place. */
function unsigned(text: string): string {
  return text.replace(/[<>]/g, ' ');
}

/** Words that begin like these; '' when somebody asks in the language of searches (`-not "these words"`). */
function beginnings(text: string): string {
  if (/["]|(^|\s)-|\bor\b/i.test(text)) return '';
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `'${word}':*`).join(' & ');
}

function cleaned({ tags, queues, flows }: GuideContent): Record<'tags' | 'queues' | 'flows', string[]> {
  return { tags: tags.map(cleanText), queues: queues.map(cleanText), flows: flows.map(cleanText) };
}

function articleOf({ changed_at: at, changed_by: changedBy, ...row }: ArticleRow): GuideArticle {
  return { ...row, texts: row.texts ?? {}, changedAtMs: at.getTime(), changedBy };
}

function hitOf(row: HitRow): GuideHit {
  const { changed_at: at, changed_by: changedBy, title, plain, titles = [], bodies = [], ...rest } = row;
  return {
    ...rest,
    ...{ changedAtMs: at.getTime(), changedBy },
    title: marked(title, rangesIn(title, titles)),
    excerpt: excerpt(plain, rangesIn(plain, bodies)),
  };
}

function rangesIn(text: string, headlines: readonly string[]): readonly Range[] {
  // One that is not letter for letter as long tells nothing about places.
  const straight = headlines.filter((one) => one.replaceAll(OPEN, '').replaceAll(CLOSE, '').length === text.length);
  return joined(straight.flatMap((one) => rangesBetween(one, OPEN, CLOSE)));
}
