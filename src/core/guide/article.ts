// An article of the internal guide: what agents are told about a subject, in the languages it was written in.

export const GUIDE_LANGUAGES = ['es', 'en'] as const;
export type GuideLanguage = (typeof GUIDE_LANGUAGES)[number];

export const TITLE_MAX_CHARS = 120;
export const BODY_MAX_CHARS = 40_000;
export const TAGS_MAX = 12;
export const TAG_MAX_CHARS = 40;
/** Why something was changed. */
export const NOTE_MAX_CHARS = 200;
/** Queues, and as many flows, that an article is suggested for. */
export const PLACES_MAX = 50;

export interface GuideText {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** What people write; who wrote it when is kept beside it. */
export interface GuideContent {
  /** At least one. */
  readonly texts: { readonly [L in GuideLanguage]?: GuideText | undefined };
  readonly tags: readonly string[];
  /** Names of the queues in which it is suggested. */
  readonly queues: readonly string[];
  /** Names of the flows from which it is suggested. */
  readonly flows: readonly string[];
}

export function languagesOf({ texts }: Pick<GuideContent, 'texts'>): readonly GuideLanguage[] {
  return GUIDE_LANGUAGES.filter((language) => texts[language] !== undefined);
}

/** The language that a reader gets: the wished one when it was written. */
export function readIn(content: Pick<GuideContent, 'texts'>, wished: GuideLanguage): GuideLanguage {
  return content.texts[wished] === undefined ? (languagesOf(content)[0] ?? wished) : wished;
}

/** The words of a title as part of an address: `Devolución de compras` → `devolucion-de-compras`; '' when none is left. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return words
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX_CHARS)
    .replace(/^-+|-+$/g, '');
}

const SLUG_MAX_CHARS = 48;
