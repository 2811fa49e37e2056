// An article as it is being written: both languages, of which one may be empty.
import type { WireGuideArticle, WireGuideWish } from '../../contract/guide/guide.js';
import { GUIDE_LANGUAGES, type GuideLanguage } from '../../core/guide/article.js';

export interface Draft {
  readonly texts: Readonly<Record<GuideLanguage, { readonly title: string; readonly body: string }>>;
  readonly tags: readonly string[];
  readonly queues: readonly string[];
  readonly flows: readonly string[];
  readonly note: string;
}

const EMPTY = { title: '', body: '' };
export const BLANK: Draft = { texts: { es: EMPTY, en: EMPTY }, tags: [], queues: [], flows: [], note: '' };

export function draftOf({ texts, tags, queues, flows }: WireGuideArticle): Draft {
  return { texts: { es: texts.es ?? EMPTY, en: texts.en ?? EMPTY }, tags, queues, flows, note: '' };
}

/** What is sent; undefined: a language has a title without a text or the reverse, or none has anything. */
export function wishOf({ texts, tags, queues, flows, note }: Draft): WireGuideWish | undefined {
  const written = GUIDE_LANGUAGES.filter((language) => isWritten(texts[language].title, texts[language].body));
  const isHalf = GUIDE_LANGUAGES.some(
    (language) => !written.includes(language) && `${texts[language].title}${texts[language].body}`.trim() !== '',
  );
  if (written.length === 0 || isHalf) return undefined;
  return {
    texts: Object.fromEntries(written.map((language) => [language, { ...texts[language] }])),
    ...{ tags: [...tags], queues: [...queues], flows: [...flows], note: note.trim() },
  };
}

function isWritten(title: string, body: string): boolean {
  return title.trim() !== '' && body.trim() !== '';
}
