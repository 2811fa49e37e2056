// The internal guide on the wire: articles, what a search finds of them, and what was done to them.
import { z } from 'zod';
import {
  BODY_MAX_CHARS,
  NOTE_MAX_CHARS,
  PLACES_MAX,
  TAG_MAX_CHARS,
  TAGS_MAX,
  TITLE_MAX_CHARS,
} from '../../core/guide/article.js';
import { name, time } from '../wire.js';

export const HITS_MAX = 50;

const language = z.enum(['es', 'en']);
const places = z.array(name).max(PLACES_MAX).default([]);
const text = z.strictObject({
  title: z.string().trim().min(1).max(TITLE_MAX_CHARS),
  body: z.string().trim().min(1).max(BODY_MAX_CHARS).describe('Markdown.'),
});

const content = z.strictObject({
  texts: z
    .strictObject({ es: text.optional(), en: text.optional() })
    .refine(({ es, en }) => es !== undefined || en !== undefined, 'an article has a text in at least one language')
    .describe('By language; at least one.'),
  tags: z
    .array(z.string().trim().min(1).max(TAG_MAX_CHARS))
    .max(TAGS_MAX)
    .default([])
    .describe('Words by which articles are looked through.'),
  queues: places.describe('Names of the queues in which it is suggested.'),
  flows: places.describe('Names of the flows from which it is suggested.'),
});

const note = z.string().trim().max(NOTE_MAX_CHARS).default('').describe('Why, for those who read the history.');
const version = z.int().min(1).describe('The one that was read: if it is not in force any more, nothing is changed.');

export const guideWish = content.extend({ note });
export const guideChange = content.extend({ note, version });
export const guideRestore = z.strictObject({ version, of: z.int().min(1).describe('The version that comes back.') });
export type WireGuideWish = z.input<typeof guideWish>;

const about = z.object({
  id: z.string().describe('Also its place in addresses, made of its first title.'),
  tags: z.array(z.string()),
  queues: z.array(z.string()),
  flows: z.array(z.string()),
  changedAt: time,
  changedBy: z.string(),
});

const plainTextOf = z.object({ title: z.string(), body: z.string() });

export const guideArticle = about
  .extend({
    version: z.int(),
    texts: z.object({ es: plainTextOf.optional(), en: plainTextOf.optional() }).describe('Markdown, by language.'),
  })
  .meta({ id: 'GuideArticle' });
export type WireGuideArticle = z.infer<typeof guideArticle>;

const marked = z
  .array(z.object({ text: z.string(), marked: z.boolean() }))
  .describe('A text in parts; the words that were looked for are marked. Never markup.');

export const guideHit = about.extend({
  language: language.describe('The one that is shown: the reader’s, if the article was written in it.'),
  languages: z.array(language),
  title: marked,
  excerpt: marked,
});
export type WireGuideHit = z.infer<typeof guideHit>;

export const guideQuery = z.strictObject({
  text: z.string().trim().max(200).optional().describe('Words; `"as they stand"`, `-without`. Missing: all, by title.'),
  tag: z.string().min(1).max(TAG_MAX_CHARS).optional(),
  queue: name.optional(),
  flow: name.optional(),
  limit: z.coerce.number().int().min(1).max(HITS_MAX).default(20),
  after: z.coerce.number().int().min(0).max(10_000).default(0).describe('`next` of the page before.'),
});
export const guidePage = z.object({
  articles: z.array(guideHit).describe('Best first.'),
  next: z.int().optional().describe('There is more: as `after`.'),
});
export type WireGuidePage = z.infer<typeof guidePage>;

export const guideSuggestions = z.object({
  articles: z
    .array(
      z.object({
        id: z.string(),
        language,
        title: z.string(),
        queues: z.array(z.string()).describe('Queues of this matter for which it was written.'),
        flows: z.array(z.string()).describe('Flows of this matter for which it was written.'),
      }),
    )
    .describe('Best first.'),
});
export type WireGuideSuggestion = z.infer<typeof guideSuggestions>['articles'][number];

export const guideRevisions = z.object({
  revisions: z
    .array(
      z.object({
        version: z.int(),
        act: z.enum(['written', 'changed', 'removed', 'restored']),
        by: z.string(),
        at: time,
        note: z.string().describe('Of a restored one: the version that came back.'),
        texts: z.object({ es: plainTextOf.optional(), en: plainTextOf.optional() }),
      }),
    )
    .describe('Newest first.'),
});
export type WireGuideRevision = z.infer<typeof guideRevisions>['revisions'][number];

export const guideRemoved = z.object({
  articles: z.array(
    z.object({ id: z.string(), title: z.string(), version: z.int(), removedAt: time, removedBy: z.string() }),
  ),
});
export type WireGuideRemoved = z.infer<typeof guideRemoved>['articles'][number];
