// The internal guide: agents look up, supervisors and administrators write.
import { z } from 'zod';
import {
  guideArticle,
  guideChange,
  guidePage,
  guideQuery,
  guideRemoved,
  guideRestore,
  guideRevisions,
  guideSuggestions,
  guideWish,
} from '../../contract/guide/guide.js';
import { languageHeader } from '../../contract/wire.js';
import { BODY_MAX_CHARS, type GuideContent } from '../../core/guide/article.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import type { ApiServices } from '../services.js';
import { articleView, hitView, removedView, revisionView, suggestionView } from './view.js';

const tags = ['guide'];
const URL = '/api/guide/articles';
const ONE = `${URL}/:id`;
const params = z.object({ id: z.string().min(1).max(64) });
/** Two languages, every character in up to six bytes of JSON. */
const bodyLimit = 2 * BODY_MAX_CHARS * 6 + 16 * 1024;

type Services = Pick<ApiServices, 'guide' | 'audit' | 'flows'>;

export function guideRoutes(api: Api, services: Services): void {
  readingRoutes(api, services);
  suggestionRoute(api, services);
  writingRoutes(api, services);
  historyRoutes(api, services);
}

function readingRoutes(api: Api, { guide, flows }: Services): void {
  api.get(
    URL,
    rule(
      'agent',
      {
        tags,
        summary: 'Look for articles of the guide',
        description:
          'Words are found in every form that their language knows, with accents or without, and by their beginnings.',
        querystring: guideQuery,
        headers: languageHeader,
        response: { 200: guidePage },
      },
      ['store-unavailable'],
    ),
    async ({ query, headers }) => {
      const { limit, after, text, tag, queue, flow } = query;
      const hits = await guide.search({
        ...(text === undefined ? {} : { text }),
        ...(tag === undefined ? {} : { tag }),
        ...(queue === undefined ? {} : { queue }),
        ...(flow === undefined ? {} : { flow }),
        language: preferredLanguage(headers['accept-language'], flows.centre().defaultLanguage),
        limit: limit + 1,
        offset: after,
      });
      const articles = hits.slice(0, limit).map(hitView);
      return hits.length > limit ? { articles, next: after + limit } : { articles };
    },
  );

  api.get(
    ONE,
    rule('agent', { tags, summary: 'An article in all its languages', params, response: { 200: guideArticle } }, [
      'not-found',
      'store-unavailable',
    ]),
    async ({ params: { id } }) => articleView(await guide.article(id)),
  );
}

function suggestionRoute(api: Api, { guide, flows }: Services): void {
  api.get(
    '/api/guide/suggestions',
    rule(
      'agent',
      {
        tags,
        summary: 'Articles that fit a matter: by the queues it waited in and the flows it went through',
        querystring: z.strictObject({ interaction: z.string().min(1).max(64) }),
        headers: languageHeader,
        response: { 200: guideSuggestions },
      },
      ['not-found', 'store-unavailable'],
    ),
    async ({ query, headers }) => {
      const language = preferredLanguage(headers['accept-language'], flows.centre().defaultLanguage);
      const suggestions = await guide.suggestions(query.interaction, language);
      return { articles: suggestions.map(suggestionView) };
    },
  );
}

function writingRoutes(api: Api, { guide, audit }: Services): void {
  api.post(
    URL,
    {
      ...rule('supervisor', { tags, summary: 'Write an article', body: guideWish, response: { 201: guideArticle } }, [
        'wrong-state',
        'store-unavailable',
      ]),
      bodyLimit,
    },
    async (request, reply) => {
      const { note, ...wish } = request.body;
      const by = userOf(request).name;
      const content = contentOf(wish);
      const title = content.texts.es?.title ?? content.texts.en?.title ?? '';
      await audit.note({ by, act: 'guide-article-written', on: title });
      return reply.code(201).send(articleView(await guide.write(content, by, note)));
    },
  );

  api.put(
    ONE,
    {
      ...rule(
        'supervisor',
        { tags, summary: 'Change an article', params, body: guideChange, response: { 200: guideArticle } },
        ['not-found', 'version-conflict', 'store-unavailable'],
      ),
      bodyLimit,
    },
    async (request) => {
      const { note, version, ...wish } = request.body;
      const { id } = request.params;
      const by = userOf(request).name;
      await audit.note({ by, act: 'guide-article-changed', on: id, detail: { version } });
      return articleView(await guide.change(id, version, contentOf(wish), by, note));
    },
  );

  api.delete(
    ONE,
    rule(
      'supervisor',
      {
        tags,
        summary: 'Remove an article; it can be brought back',
        params,
        querystring: z.strictObject({ version: z.coerce.number().int().min(1) }),
        response: { 204: z.null() },
      },
      ['not-found', 'version-conflict', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { id } = request.params;
      const by = userOf(request).name;
      await audit.note({ by, act: 'guide-article-removed', on: id });
      await guide.remove(id, request.query.version, by);
      return reply.code(204).send(null);
    },
  );
}

function historyRoutes(api: Api, { guide, audit, flows }: Services): void {
  api.get(
    `${ONE}/revisions`,
    rule(
      'supervisor',
      { tags, summary: 'What was done to an article, and what it said', params, response: { 200: guideRevisions } },
      ['not-found', 'store-unavailable'],
    ),
    async ({ params: { id } }) => ({ revisions: (await guide.revisions(id)).map(revisionView) }),
  );

  api.post(
    `${ONE}/restore`,
    rule(
      'supervisor',
      {
        tags,
        summary: 'Bring an earlier version of an article back, also of one that was removed',
        params,
        body: guideRestore,
        response: { 200: guideArticle },
      },
      ['not-found', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      const { version, of } = request.body;
      const by = userOf(request).name;
      await audit.note({ by, act: 'guide-article-restored', on: id, detail: { of } });
      return articleView(await guide.restore(id, version, of, by));
    },
  );

  api.get(
    '/api/guide/removed',
    rule(
      'supervisor',
      { tags, summary: 'Articles that were removed', headers: languageHeader, response: { 200: guideRemoved } },
      ['store-unavailable'],
    ),
    async ({ headers }) => {
      const language = preferredLanguage(headers['accept-language'], flows.centre().defaultLanguage);
      return { articles: (await guide.removed()).map((article) => removedView(article, language)) };
    },
  );
}

type Text = { readonly title: string; readonly body: string };

function contentOf(wish: {
  readonly texts: { readonly es?: Text | undefined; readonly en?: Text | undefined };
  readonly tags: readonly string[];
  readonly queues: readonly string[];
  readonly flows: readonly string[];
}): GuideContent {
  const { es, en } = wish.texts;
  return {
    texts: { ...(es === undefined ? {} : { es }), ...(en === undefined ? {} : { en }) },
    ...{ tags: [...new Set(wish.tags)], queues: [...new Set(wish.queues)], flows: [...new Set(wish.flows)] },
  };
}
