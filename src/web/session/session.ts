// Who is signed in with this browser, and how that begins and ends.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Role, WirePerson, WireSession } from '../../contract/session.js';
import { ask, RequestFailed } from './http.js';

const RANK: Readonly<Record<Role, number>> = { agent: 1, supervisor: 2, admin: 3 };

/** null: nobody. */
export const personQuery = queryOptions({
  queryKey: ['person'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<WirePerson | null> => {
    try {
      return await ask<WirePerson>('/api/me');
    } catch (error) {
      if (error instanceof RequestFailed && error.status === 401) return null;
      throw error;
    }
  },
});

export function mayUse(person: WirePerson, least: Role): boolean {
  return RANK[person.role] >= RANK[least];
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wish: { readonly user: string; readonly password: string; readonly code?: string }) =>
      ask<WireSession>('/api/session', { method: 'POST', body: wish }),
    onSuccess: ({ user }) => queries.setQueryData(personQuery.queryKey, user),
  });
}

/** Nothing that was shown to the one who leaves is there for the next one. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask<undefined>('/api/session', { method: 'DELETE' }),
    onSettled: () => {
      queries.clear();
      queries.setQueryData(personQuery.queryKey, null);
    },
  });
}
