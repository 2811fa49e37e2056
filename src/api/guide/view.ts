// The guide as the API shows it.

import type { Suggestion } from '../../app/guide/guide.js';
import type { GuideArticle, GuideHit, GuideRevision } from '../../app/guide/guide-store.js';
import type {
  WireGuideArticle,
  WireGuideHit,
  WireGuideRemoved,
  WireGuideRevision,
  WireGuideSuggestion,
} from '../../contract/guide/guide.js';
import { type GuideContent, type GuideLanguage, readIn } from '../../core/guide/article.js';
import { iso } from '../view/time.js';

export function articleView(article: GuideArticle): WireGuideArticle {
  const { id, version, changedAtMs, changedBy } = article;
  return { id, version, ...copied(article), texts: textsOf(article), changedAt: iso(changedAtMs), changedBy };
}

export function hitView(hit: GuideHit): WireGuideHit {
  const { id, language, languages, title, excerpt, changedAtMs, changedBy } = hit;
  return {
    ...{ id, language, ...copied(hit), changedAt: iso(changedAtMs), changedBy },
    languages: [...languages],
    title: title.map((part) => ({ ...part })),
    excerpt: excerpt.map((part) => ({ ...part })),
  };
}

export function suggestionView({ article, language, queues, flows }: Suggestion): WireGuideSuggestion {
  return { id: article.id, language, title: titleIn(article, language), queues: [...queues], flows: [...flows] };
}

export function revisionView({ version, act, by, atMs, note, content }: GuideRevision): WireGuideRevision {
  return { version, act, by, at: iso(atMs), note, texts: textsOf(content) };
}

export function removedView(article: GuideArticle, language: GuideLanguage): WireGuideRemoved {
  const { id, version, changedAtMs, changedBy } = article;
  const title = titleIn(article, readIn(article, language));
  return { id, title, version, removedAt: iso(changedAtMs), removedBy: changedBy };
}

function titleIn(article: GuideArticle, language: GuideLanguage): string {
  return article.texts[language]?.title ?? article.id;
}

function textsOf({ texts: { es, en } }: GuideContent): WireGuideArticle['texts'] {
  return { ...(es === undefined ? {} : { es: { ...es } }), ...(en === undefined ? {} : { en: { ...en } }) };
}

function copied({ tags, queues, flows }: Pick<GuideContent, 'tags' | 'queues' | 'flows'>) {
  return { tags: [...tags], queues: [...queues], flows: [...flows] };
}
