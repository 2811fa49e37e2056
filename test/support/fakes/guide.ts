// The guide's articles in memory; words are found letter by letter.
import type {
  GuideArticle,
  GuideChange,
  GuideHit,
  GuideQuestion,
  GuideRevision,
  GuideStore,
} from '../../../src/app/guide/guide-store.js';
import { languagesOf, readIn } from '../../../src/core/guide/article.js';

export class FakeGuide implements GuideStore {
  readonly kept = new Map<string, GuideArticle>();
  readonly done: (GuideRevision & { readonly id: string })[] = [];

  async search({
    text = '',
    tag,
    queues,
    flows,
    language,
    limit,
    offset,
  }: GuideQuestion): Promise<readonly GuideHit[]> {
    const hits = [...this.kept.values()].filter(
      (article) =>
        !article.removed &&
        JSON.stringify(article.texts).toLowerCase().includes(text.toLowerCase()) &&
        (tag === undefined || article.tags.includes(tag)) &&
        (queues === undefined || article.queues.some((queue) => queues.includes(queue))) &&
        (flows === undefined || article.flows.some((flow) => flows.includes(flow))),
    );
    return hits.slice(offset, offset + limit).map((article) => {
      const shown = readIn(article, language);
      const { title = '', body = '' } = article.texts[shown] ?? {};
      const whole = (one: string) => [{ text: one, marked: false }];
      return {
        ...article,
        language: shown,
        languages: languagesOf(article),
        title: whole(title),
        excerpt: whole(body),
      };
    });
  }

  async article(id: string): Promise<GuideArticle | undefined> {
    return this.kept.get(id);
  }

  async fitting(queues: readonly string[], flows: readonly string[]): Promise<readonly GuideArticle[]> {
    return [...this.kept.values()].filter(
      (one) =>
        !one.removed &&
        (one.queues.some((queue) => queues.includes(queue)) || one.flows.some((flow) => flows.includes(flow))),
    );
  }

  async removed(): Promise<readonly GuideArticle[]> {
    return [...this.kept.values()].filter((one) => one.removed);
  }

  async write(change: GuideChange, most: number): Promise<boolean> {
    if (this.kept.has(change.id) || this.kept.size >= most) return false;
    this.#keep(change, 1);
    return true;
  }

  async change(change: GuideChange, version: number): Promise<number | undefined> {
    if (this.kept.get(change.id)?.version !== version) return undefined;
    this.#keep(change, version + 1);
    return version + 1;
  }

  async revisions(id: string): Promise<readonly GuideRevision[]> {
    return this.done.filter((one) => one.id === id).toReversed();
  }

  async isFresh(): Promise<boolean> {
    return this.done.length === 0;
  }

  #keep({ id, content, atMs, by, act, note }: GuideChange, version: number): void {
    const removed = act === 'removed';
    this.kept.set(id, { id, ...content, version, changedAtMs: atMs, changedBy: by, removed });
    this.done.push({ id, version, act, by, atMs, note, content });
  }
}
