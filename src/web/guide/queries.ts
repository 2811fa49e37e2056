// What the pages of the guide ask of the API.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { WireFlowList } from '../../contract/flow.js';
import type {
  WireGuideArticle,
  WireGuidePage,
  WireGuideRemoved,
  WireGuideRevision,
  WireGuideSuggestion,
} from '../../contract/guide/guide.js';
import type { WireQueue } from '../../contract/queue.js';
import { ask } from '../session/http.js';
import type { Language } from '../texts/language.js';
import type { GuideSearch } from './search-of.js';

const ARTICLES = '/api/guide/articles';
const told = (language: Language) => ({ headers: { 'accept-language': language } });

export const articlePath = (id: string): string => `${ARTICLES}/${encodeURIComponent(id)}`;

export const searchQuery = (search: GuideSearch, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['guide', 'search', search, language],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ ...search, ...(pageParam === 0 ? {} : { after: String(pageParam) }) });
      return ask<WireGuidePage>(`${ARTICLES}?${asked}`, told(language));
    },
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  });

export const articleQuery = (id: string) =>
  queryOptions({ queryKey: ['guide', 'article', id], queryFn: () => ask<WireGuideArticle>(articlePath(id)) });

/** `queue`: where the matter is now; another queue is another question. */
export const suggestionsQuery = (interaction: string, queue: string, language: Language) =>
  queryOptions({
    queryKey: ['guide', 'suggestions', interaction, queue, language],
    queryFn: async () => {
      const asked = new URLSearchParams({ interaction });
      type Answer = { readonly articles: readonly WireGuideSuggestion[] };
      return (await ask<Answer>(`/api/guide/suggestions?${asked}`, told(language))).articles;
    },
  });

export const revisionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['guide', 'revisions', id],
    queryFn: async () =>
      (await ask<{ readonly revisions: readonly WireGuideRevision[] }>(`${articlePath(id)}/revisions`)).revisions,
  });

export const removedQuery = (language: Language) =>
  queryOptions({
    queryKey: ['guide', 'removed', language],
    queryFn: async () =>
      (await ask<{ readonly articles: readonly WireGuideRemoved[] }>('/api/guide/removed', told(language))).articles,
  });

/** Names and titles of what an article can be suggested for. */
export const queuesQuery = queryOptions({
  queryKey: ['guide', 'queues'],
  queryFn: async () => (await ask<{ readonly queues: readonly WireQueue[] }>('/api/queues')).queues,
});

export const flowsQuery = queryOptions({
  queryKey: ['guide', 'flows'],
  queryFn: async () => {
    const { flows } = await ask<Pick<WireFlowList, 'flows'>>('/api/flows');
    return flows.flatMap(({ kind, name }) => (kind === 'flow' ? [name] : []));
  },
});
