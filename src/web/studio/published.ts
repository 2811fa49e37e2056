// The texts in force and what may be done with them: read, published, taken back.
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { WireFlowList } from '../../contract/flow.js';
import type { WirePromptList } from '../../contract/prompt/prompt.js';
import type { WireJournal, WireRevisionList, WireRollout } from '../../contract/revision.js';
import type { WireFlowReferences } from '../../contract/studio/flow-name.js';
import type { WireFlowToday } from '../../contract/studio/flow-today.js';
import type { WireFlowWithTests, WirePublishedWithTests } from '../../contract/studio/flow-with-tests.js';
import type { JsonSchema } from '../../core/document/json-schema.js';
import { ask, read } from '../session/http.js';
import type { Heard } from './compiler/workshop.js';

/** How soon one sees that somebody else has published. */
const LOOK_MS = 5_000;
/** The server looks no more often. */
const TODAY_MS = 15_000;
const KEY = 'texts';

export interface Published {
  readonly text: string;
  readonly revision: string;
}

export const listQuery = queryOptions({
  queryKey: [KEY, 'list'],
  queryFn: () => ask<WireFlowList>('/api/flows'),
  refetchInterval: LOOK_MS,
});

/** All texts in force, by name; undefined until they are there. */
export function usePublished(): Readonly<Record<string, Published>> | undefined {
  const { data: list } = useQuery(listQuery);
  const flows = list?.flows ?? [];
  const { data } = useQuery({
    // Not among those that are asked for again: these revisions stay what they are, and some may be gone by then.
    queryKey: ['texts-in-force', flows.map(({ name, revision }) => `${name} ${revision}`)],
    enabled: list !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const found = await Promise.all(flows.map(async ({ name }) => [name, await read(pathOf(name))] as const));
      return Object.fromEntries(found);
    },
  });
  return data;
}

export type Language = 'flow' | 'centre' | 'tests';

/** Prompts with the languages in which they can be heard: what a draft may name. */
export const heardQuery = queryOptions({
  queryKey: ['prompts', 'list'],
  queryFn: () => ask<WirePromptList>('/api/prompts'),
  select: ({ prompts }): Heard =>
    Object.fromEntries(
      prompts.map(({ name, versions }) => [name, versions.flatMap((one) => (one.isHeard ? [one.language] : []))]),
    ),
});

export function schemaQuery(language: Language) {
  const path = language === 'flow' ? '/api/flows/schema' : `/api/flows/schema/${language}`;
  return queryOptions({
    queryKey: ['schema', path],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => ask<JsonSchema>(path),
  });
}

export function testsQuery(name: string) {
  return queryOptions({
    queryKey: [KEY, 'tests', name],
    refetchInterval: LOOK_MS,
    queryFn: () => read(`${pathOf(name)}/tests`),
  });
}

export function revisionsQuery(name: string) {
  return queryOptions({
    queryKey: [KEY, 'revisions', name],
    queryFn: () => ask<WireRevisionList>(`${pathOf(name)}/revisions`),
  });
}

export function revisionQuery(name: string, revision: string) {
  return queryOptions({
    queryKey: [KEY, 'revision', name, revision],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => read(`${pathOf(name)}/revisions/${encodeURIComponent(revision)}`),
  });
}

/** The newest roll-out with its figures; null when there never was one. */
export function rolloutQuery(name: string) {
  return queryOptions({
    queryKey: [KEY, 'rollout', name],
    refetchInterval: LOOK_MS,
    queryFn: async (): Promise<WireRollout | null> => {
      const { lines } = await ask<WireJournal>(`${pathOf(name)}/journal?limit=200`);
      if (!lines.some(({ action }) => action === 'rollout-started')) return null;
      return ask<WireRollout>(`${pathOf(name)}/rollout`);
    },
  });
}

export interface Publication {
  readonly text: string;
  /** Revision that the draft was begun from: another one in force is a conflict. '' for a new flow. */
  readonly base: string;
  readonly note: string;
  readonly isForced: boolean;
}

/** That come with a flow: both or neither. */
export type TestsToPublish = Pick<Publication, 'text' | 'base'>;

export function usePublish(name: string) {
  const queries = useQueryClient();
  return useChange(async ({ text, base, note, isForced, tests }: Publication & { readonly tests?: TestsToPublish }) => {
    if (tests === undefined) {
      const query = new URLSearchParams({ note, ...(isForced ? { force: 'true' } : {}) });
      return ask<{ revision: string }>(`${pathOf(name)}?${query}`, {
        ...{ method: 'PUT', text, headers: overHeaders(base) },
      });
    }
    const over = (revision: string) => (revision === '' ? null : revision);
    const body: WireFlowWithTests = {
      ...{ text, over: over(base), note, force: isForced },
      tests: { text: tests.text, over: over(tests.base) },
    };
    const done = await ask<WirePublishedWithTests>(`${pathOf(name)}/publish`, { method: 'POST', body });
    keepTests(queries, name, { text: tests.text, revision: done.tests });
    return done;
  });
}

/** Known at once: until they are read again there would be none. */
function keepTests(queries: QueryClient, name: string, tests: Published): void {
  queries.setQueryData<Published>(testsQuery(name).queryKey, tests);
}

export function usePublishTests(name: string) {
  const queries = useQueryClient();
  return useChange(async ({ text, base, note }: Omit<Publication, 'isForced'>) => {
    const { revision } = await ask<{ revision: string }>(`${pathOf(name)}/tests?${new URLSearchParams({ note })}`, {
      ...{ method: 'PUT', text, headers: overHeaders(base) },
    });
    keepTests(queries, name, { text, revision });
    return { revision };
  });
}

export function referencesQuery(name: string) {
  return queryOptions({
    queryKey: ['references', name],
    gcTime: 0,
    queryFn: () => ask<WireFlowReferences>(`${pathOf(name)}/references`),
  });
}

/** Read only while somebody looks. */
export function todayQuery(name: string) {
  return queryOptions({
    queryKey: [KEY, 'today', name],
    refetchInterval: TODAY_MS,
    queryFn: () => ask<WireFlowToday>(`${pathOf(name)}/today`),
  });
}

export function useRename(name: string, revision: string) {
  return useChange((wish: { readonly to: string; readonly note: string }) =>
    ask<{ name: string; files: readonly string[] }>(`${pathOf(name)}/rename`, {
      ...{ method: 'POST', body: wish, headers: overHeaders(revision) },
    }),
  );
}

export function useRemove(name: string, revision: string) {
  return useChange(({ note }: { readonly note: string }) =>
    ask(`${pathOf(name)}?${new URLSearchParams({ note })}`, { method: 'DELETE', headers: overHeaders(revision) }),
  );
}

/** What somebody else has written since is not written over. */
function overHeaders(base: string): Readonly<Record<string, string>> {
  return base === '' ? { 'if-none-match': '*' } : { 'if-match': `"${base}"` };
}

export function useRollBack(name: string) {
  return useChange((wish: { readonly revision: string; readonly note?: string }) =>
    ask(`${pathOf(name)}/rollback`, { method: 'POST', body: wish }),
  );
}

export interface RolloutWish {
  readonly text: string;
  readonly percent: number;
  readonly note: string;
  readonly force: boolean;
  readonly watch: { readonly minCalls: number };
}

export function useBeginRollout(name: string) {
  return useChange((wish: RolloutWish) => ask(`${pathOf(name)}/rollout`, { method: 'POST', body: wish }));
}

export function useEndRollout(name: string) {
  return useChange((how: 'promote' | 'abort') =>
    ask(`${pathOf(name)}/rollout/${how}`, { method: 'POST', ...(how === 'abort' ? { body: {} } : {}) }),
  );
}

/** Whatever came of it: what is shown is asked for again. */
function useChange<Wish, Result>(change: (wish: Wish) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }) });
}

function pathOf(name: string): string {
  return `/api/flows/${encodeURIComponent(name)}`;
}
