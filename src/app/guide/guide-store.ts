// What the guide needs of the database. store/ implements it; everything rejects with HiloError `store-unavailable`.
import type { GuideContent, GuideLanguage } from '../../core/guide/article.js';
import type { MarkedPart } from '../../core/guide/marked.js';

export type GuideAct = 'written' | 'changed' | 'removed' | 'restored';

export interface GuideArticle extends GuideContent {
  /** Also its place in addresses. */
  readonly id: string;
  /** From 1; counts what was done to it. */
  readonly version: number;
  readonly changedAtMs: number;
  readonly changedBy: string;
  /** It is shown to nobody any more, but can be brought back. */
  readonly removed: boolean;
}

export interface GuideRevision {
  readonly version: number;
  readonly act: GuideAct;
  readonly by: string;
  readonly atMs: number;
  /** Why, as its author says; may be ''. */
  readonly note: string;
  readonly content: GuideContent;
}

/** What is done to an article, and by whom. */
export interface GuideChange {
  readonly id: string;
  readonly act: GuideAct;
  readonly by: string;
  readonly atMs: number;
  readonly note: string;
  readonly content: GuideContent;
}

export interface GuideQuestion {
  /** Words as people type them; absent: all articles, by title. */
  readonly text?: string;
  readonly tag?: string;
  /** One of these. */
  readonly queues?: readonly string[];
  readonly flows?: readonly string[];
  /** Of the reader. */
  readonly language: GuideLanguage;
  readonly limit: number;
  readonly offset: number;
}

/** An article that was found, in the language in which it is shown. */
export interface GuideHit extends Pick<GuideArticle, 'id' | 'tags' | 'queues' | 'flows' | 'changedAtMs' | 'changedBy'> {
  readonly language: GuideLanguage;
  readonly languages: readonly GuideLanguage[];
  readonly title: readonly MarkedPart[];
  readonly excerpt: readonly MarkedPart[];
}

export interface GuideStore {
  /** Best first. */
  search(question: GuideQuestion): Promise<readonly GuideHit[]>;
  /** Also one that was removed. */
  article(id: string): Promise<GuideArticle | undefined>;
  /** Those that name one of these queues or flows. */
  fitting(queues: readonly string[], flows: readonly string[], limit: number): Promise<readonly GuideArticle[]>;
  /** Newest first. */
  removed(limit: number): Promise<readonly GuideArticle[]>;
  /** False: there is one of that id, or there are `most` already. */
  write(change: GuideChange, most: number): Promise<boolean>;
  /** The version that it has now; undefined: it is not `version` any more. */
  change(change: GuideChange, version: number): Promise<number | undefined>;
  /** Newest first. */
  revisions(id: string, limit: number): Promise<readonly GuideRevision[]>;
  /** Whether anything was ever written. */
  isFresh(): Promise<boolean>;
}
