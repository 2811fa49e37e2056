// The internal guide: articles that supervisors write and agents find, by words or because they fit the call in hand.
import { type GuideContent, type GuideLanguage, readIn, slugOf } from '../../core/guide/article.js';
import { flowNames, type Naming, placesNow } from '../../core/guide/naming.js';
import { type Fit, fitOf, placeOf } from '../../core/guide/place.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { RecordStore } from '../ports.js';
import type { GuideArticle, GuideHit, GuideQuestion, GuideRevision, GuideStore } from './guide-store.js';

export const ARTICLES_MAX = 2_000;
export const SUGGESTED_MAX = 6;
export const REVISIONS_MAX = 100;
const REMOVED_MAX = 100;
/** Looked at for each suggestion that is shown. */
const FITTING_MAX = 200;
/** Characters of chance behind the name of an article when another one has it. */
const CHANCE_CHARS = 6;
/** Who wrote the articles that come with Hilo. */
const SAMPLE_AUTHOR = 'hilo';

export interface Suggestion extends Fit {
  readonly article: GuideArticle;
  readonly language: GuideLanguage;
}

/** What is looked for: in a queue, or from a flow, by its present name. */
export interface GuideWanted extends Omit<GuideQuestion, 'queues' | 'flows'> {
  readonly queue?: string;
  readonly flow?: string;
}

export interface GuidePorts {
  readonly store: GuideStore;
  readonly records: Pick<RecordStore, 'read'>;
  /** Articles follow queues and flows that get other names. Rejects with HiloError `store-unavailable`. */
  readonly naming: () => Promise<Naming>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Everything rejects with HiloError `store-unavailable` while the database is away. */
export class Guide {
  constructor(private readonly ports: GuidePorts) {}

  async search({ queue, flow, ...question }: GuideWanted): Promise<readonly GuideHit[]> {
    const naming = await this.ports.naming();
    const hits = await this.ports.store.search({
      ...question,
      ...(queue === undefined ? {} : { queues: naming.queueNames(queue) }),
      ...(flow === undefined ? {} : { flows: flowNames(naming, flow) }),
    });
    return hits.map((hit) => placesNow(naming, hit, hit.changedAtMs));
  }

  /** Rejects with HiloError `not-found`, also when it was removed. */
  async article(id: string): Promise<GuideArticle> {
    const article = await this.ports.store.article(id);
    if (article === undefined || article.removed) throw new HiloError('not-found', `the guide has no article ${id}`);
    return placesNow(await this.ports.naming(), article, article.changedAtMs);
  }

  /** What fits the queues and flows of that matter, best first. Rejects with HiloError `not-found`. */
  async suggestions(interaction: string, language: GuideLanguage): Promise<readonly Suggestion[]> {
    const { records, store } = this.ports;
    const events = await records.read(interaction);
    if (events.length === 0) throw new HiloError('not-found', `there is no interaction ${interaction}`);
    const naming = await this.ports.naming();
    const place = placeOf(events, naming);
    const queues = place.queues.flatMap((name) => naming.queueNames(name));
    const flows = place.flows.flatMap((name) => flowNames(naming, name));
    const articles = await store.fitting(queues, flows, FITTING_MAX);
    return articles
      .map((article) => placesNow(naming, article, article.changedAtMs))
      .map((article) => ({ article, language: readIn(article, language), ...fitOf(article, place) }))
      .filter(({ weight }) => weight > 0)
      .toSorted((one, other) => other.weight - one.weight || titleOf(one).localeCompare(titleOf(other), language))
      .slice(0, SUGGESTED_MAX);
  }

  removed(): Promise<readonly GuideArticle[]> {
    return this.ports.store.removed(REMOVED_MAX);
  }

  /** The new one, under a name made of its title. Rejects with HiloError `wrong-state` when the guide is full. */
  async write(content: GuideContent, by: string, note: string): Promise<GuideArticle> {
    const { store, ids } = this.ports;
    const first = content.texts.es ?? content.texts.en;
    const slug = slugOf(first?.title ?? '') || 'article';
    for (const id of [slug, `${slug}-${ids.token(CHANCE_CHARS).toLowerCase()}`]) {
      if (await store.write(this.#change(id, 'written', content, by, note), ARTICLES_MAX)) return this.article(id);
    }
    throw new HiloError('wrong-state', `the guide takes ${ARTICLES_MAX} articles: remove one that is out of date`);
  }

  /** Rejects with HiloError `version-conflict` when somebody was quicker, `not-found`. */
  async change(id: string, version: number, content: GuideContent, by: string, note: string): Promise<GuideArticle> {
    await this.article(id);
    await this.#apply(this.#change(id, 'changed', content, by, note), version);
    return this.article(id);
  }

  /** Rejects as {@link change}. */
  async remove(id: string, version: number, by: string): Promise<void> {
    await this.#apply(this.#change(id, 'removed', await this.article(id), by, ''), version);
  }

  /** As it was in version `of`, also when it was removed since. Rejects as {@link change}. */
  async restore(id: string, version: number, of: number, by: string): Promise<GuideArticle> {
    const revision = (await this.revisions(id)).find((one) => one.version === of);
    if (revision === undefined) throw new HiloError('not-found', `the article ${id} has no version ${of}`);
    const content = placesNow(await this.ports.naming(), revision.content, revision.atMs);
    await this.#apply(this.#change(id, 'restored', content, by, `${of}`), version);
    return this.article(id);
  }

  /** Newest first. Rejects with HiloError `not-found`. */
  async revisions(id: string): Promise<readonly GuideRevision[]> {
    const revisions = await this.ports.store.revisions(id, REVISIONS_MAX);
    if (revisions.length === 0) throw new HiloError('not-found', `the guide has no article ${id}`);
    return revisions;
  }

  /** Takes the articles that come with the centre, when nobody has written any yet. Several nodes may do so at once. */
  async begin(samples: ReadonlyMap<string, GuideContent>): Promise<void> {
    const { store, log } = this.ports;
    if (samples.size === 0 || !(await store.isFresh())) return;
    for (const [id, content] of samples) {
      await store.write(this.#change(id, 'written', content, SAMPLE_AUTHOR, ''), ARTICLES_MAX);
    }
    log.info({ articles: samples.size }, 'the guide begins with the articles of the folder');
  }

  #change(id: string, act: GuideRevision['act'], content: GuideContent, by: string, note: string) {
    const { texts, tags, queues, flows } = content;
    return { id, act, by, note, atMs: this.ports.clock.nowMs(), content: { texts, tags, queues, flows } };
  }

  async #apply(change: Parameters<GuideStore['change']>[0], version: number): Promise<void> {
    if ((await this.ports.store.change(change, version)) !== undefined) return;
    const detail = `the article ${change.id} is not version ${version} any more: look at what it says now`;
    throw new HiloError('version-conflict', detail);
  }
}

function titleOf({ article, language }: Suggestion): string {
  return article.texts[language]?.title ?? article.id;
}
