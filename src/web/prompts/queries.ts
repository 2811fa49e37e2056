// What the pages of prompts ask of Hilo, and what they change there.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  WirePrompt,
  WirePromptList,
  WirePromptRevision,
  WirePromptRevisions,
  WireSoundReport,
} from '../../contract/prompt/prompt.js';
import { ask, download } from '../session/http.js';

const KEY = 'prompts';
/** How soon one sees what somebody else changed, or a flow that was published. */
const LOOK_MS = 5_000;

export const listQuery = queryOptions({
  queryKey: [KEY, 'list'],
  queryFn: () => ask<WirePromptList>('/api/prompts'),
  refetchInterval: LOOK_MS,
});

export function promptQuery(name: string) {
  return queryOptions({
    queryKey: [KEY, 'one', name],
    queryFn: () => ask<WirePrompt>(`/api/prompts/${name}`),
    refetchInterval: LOOK_MS,
  });
}

export function revisionsQuery(name: string, language: string) {
  return queryOptions({
    queryKey: [KEY, 'revisions', name, language],
    queryFn: async () => (await ask<WirePromptRevisions>(`${pathOf({ name, language })}/revisions`)).revisions,
  });
}

/** One language of a prompt, and the revision of it that is seen. */
export interface Place {
  readonly name: string;
  readonly language: string;
  readonly revision: number;
}

export interface Wording {
  readonly text: string;
  /** '' for the usual one. */
  readonly voice: string;
}

export function useSetText(place: Place) {
  return useChange(({ text, voice }: Wording) =>
    ask<WirePromptRevision>(`${pathOf(place)}/text?over=${place.revision}`, {
      ...{ method: 'PUT', body: { text, ...(voice === '' ? {} : { voice }) } },
    }),
  );
}

export function useSetSound(place: Place) {
  return useChange((file: Blob) =>
    ask<WireSoundReport>(`${pathOf(place)}/sound?over=${place.revision}`, { method: 'PUT', file }),
  );
}

export function useRemove(place: Place, what: 'sound' | 'text') {
  return useChange((_: undefined) => ask(`${pathOf(place)}/${what}?over=${place.revision}`, { method: 'DELETE' }));
}

export function useRemoveAll(name: string) {
  return useChange((_: undefined) => ask<undefined>(`/api/prompts/${name}`, { method: 'DELETE' }));
}

export function useRollBack(place: Place) {
  return useChange((revision: number) =>
    ask(`${pathOf(place)}/rollback?over=${place.revision}`, { method: 'POST', body: { revision } }),
  );
}

/** `revision`: absent for the one in force. */
export function soundOf({ name, language }: Pick<Place, 'name' | 'language'>, revision?: number): Promise<Blob> {
  return download(`${pathOf({ name, language })}/sound${revision === undefined ? '' : `?revision=${revision}`}`);
}

export function speechOf(language: string, { text, voice }: Wording): Promise<Blob> {
  const body = { text, language, ...(voice === '' ? {} : { voice }) };
  return download('/api/prompts/speech', { method: 'POST', body });
}

/** Whatever came of it: what is shown is asked for again. */
function useChange<Wish, Result>(change: (wish: Wish) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }) });
}

function pathOf({ name, language }: Pick<Place, 'name' | 'language'>): string {
  return `/api/prompts/${name}/${language}`;
}
