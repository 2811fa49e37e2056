// What the work-list asks of the API; it is asked again when the live count says that something has changed.
import { queryOptions } from '@tanstack/react-query';
import type { WirePlacingQueues } from '../../contract/owed/placed-call.js';
import type { WireWorkList } from '../../contract/owed/work-list.js';
import { ask } from '../session/http.js';

export type Scope = 'mine' | 'queues' | 'all';

export const workListQuery = (scope: Scope, done: boolean) =>
  queryOptions({
    queryKey: ['work-list', scope, done],
    queryFn: () => ask<WireWorkList>(`/api/work-list?scope=${scope}&done=${done}`),
  });

export const timesQuery = (interaction: string) =>
  queryOptions({
    queryKey: ['callable-times', interaction],
    queryFn: async () => (await ask<{ times: string[] }>(`${workPath(interaction)}/times`)).times,
  });

export const workPath = (interaction: string): string => `/api/work-list/${encodeURIComponent(interaction)}`;

export const placingQueuesQuery = queryOptions({
  queryKey: ['placing-queues'],
  queryFn: async () => (await ask<WirePlacingQueues>('/api/placed-calls/queues')).queues,
  staleTime: 60_000,
});
