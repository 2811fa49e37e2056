// What the pages of the history ask of the API.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { WireProfile } from '../../contract/history/profile.js';
import type { WireRecording, WireWave } from '../../contract/history/recording.js';
import type { WireInteraction, WireSummary } from '../../contract/interaction.js';
import type { WireInteractionWhy } from '../../contract/work.js';
import { ask } from '../session/http.js';
import type { Language } from '../texts/language.js';
import type { Search } from './search-of.js';

/** A matter that goes on is looked at again. */
const AGAIN_MS = 3_000;
const OVER: readonly string[] = ['closed', 'idle'];

/** Texts of the API are in the language of whoever asks. */
const told = (language: Language) => ({ headers: { 'accept-language': language } });
const path = (id: string): string => `/api/interactions/${encodeURIComponent(id)}`;

export const interactionQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['interaction', id, language],
    queryFn: () => ask<WireInteraction>(path(id), told(language)),
    refetchInterval: ({ state: { data } }) => (data === undefined || OVER.includes(data.state) ? false : AGAIN_MS),
  });

export const whyQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['why', id, language],
    queryFn: () => ask<WireInteractionWhy>(`${path(id)}/why`, told(language)),
  });

export const profileQuery = (interaction: string, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['profile', interaction, language],
    queryFn: ({ pageParam }) => {
      const older = pageParam === '' ? '' : `?after=${encodeURIComponent(pageParam)}`;
      return ask<WireProfile>(`${path(interaction)}/customer${older}`, told(language));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export const recordingsQuery = (interaction: string) =>
  queryOptions({
    queryKey: ['recordings', interaction],
    queryFn: async () => (await ask<{ recordings: WireRecording[] }>(`${path(interaction)}/recordings`)).recordings,
    refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => state === 'running') ? AGAIN_MS : false),
  });

export const recordingPath = (interaction: string, recording: string): string =>
  `${path(interaction)}/recordings/${encodeURIComponent(recording)}`;

/** What is over does not change. */
export const waveQuery = (interaction: string, recording: string) =>
  queryOptions({
    queryKey: ['wave', interaction, recording],
    queryFn: () => ask<WireWave>(`${recordingPath(interaction, recording)}/wave`),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface Found {
  readonly interactions: readonly WireSummary[];
  readonly next?: string;
}

const REFERENCE = /^\s*h?-?[2-9a-z]{4}[\s-]?[2-9a-z]{4}\s*$/i;

/** What is typed is a reference or somebody's number. */
export function questionOf({ text = '', channel, state, from, to }: Search, after: string): URLSearchParams {
  const typed = text.trim();
  const named =
    typed === '' ? {} : REFERENCE.test(typed) && /[a-z]/i.test(typed) ? { reference: typed } : { contact: typed };
  const all = { ...named, channel, state, from, to, after };
  return new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => (pair[1] ?? '') !== ''));
}

export const searchQuery = (search: Search) =>
  infiniteQueryOptions({
    queryKey: ['interactions', search],
    queryFn: ({ pageParam }) => ask<Found>(`/api/interactions?${questionOf(search, pageParam)}`),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
