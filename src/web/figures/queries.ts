// The figures of a day, asked for again every few seconds while somebody looks.
import { queryOptions } from '@tanstack/react-query';
import type { WireFigures } from '../../contract/figures/figures.js';
import { ask } from '../session/http.js';

const AGAIN_MS = 10_000;
/** What the record has not counted for a moment is not worth a word. */
export const UNCOUNTED_TOLD = 200;

export function figuresQuery(day: 'today' | 'yesterday') {
  return queryOptions({
    queryKey: ['figures', day],
    queryFn: () => ask<WireFigures>(`/api/figures?day=${day}`),
    refetchInterval: AGAIN_MS,
  });
}

export function csvAddress({ from, to }: { readonly from: string; readonly to: string }, queue: string | undefined) {
  const query = new URLSearchParams({ from, to, format: 'csv', ...(queue === undefined ? {} : { queue }) });
  return `/api/figures?${query.toString()}`;
}
