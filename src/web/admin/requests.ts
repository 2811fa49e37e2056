// What the pages about accounts ask of Hilo.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { WireAccount, WireAuditPage, WireOpenSession, WireProgramToken } from '../../contract/account/account.js';
import { type Asked, ask } from '../session/http.js';

export const usersQuery = queryOptions({
  queryKey: ['accounts', 'users'],
  queryFn: async () => (await ask<{ readonly users: readonly WireAccount[] }>('/api/users')).users,
});

export const sessionsQuery = queryOptions({
  queryKey: ['accounts', 'sessions'],
  queryFn: async () => (await ask<{ readonly sessions: readonly WireOpenSession[] }>('/api/sessions')).sessions,
});

export const tokensQuery = queryOptions({
  queryKey: ['accounts', 'tokens'],
  queryFn: async () => (await ask<{ readonly tokens: readonly WireProgramToken[] }>('/api/tokens')).tokens,
});

/** As it goes into the address; '' where nothing is filtered. */
export interface AuditWish {
  readonly by: string;
  readonly act: string;
  readonly on: string;
  /** `2026-11-23`, in the time zone of the browser; both days are in it. */
  readonly from: string;
  readonly to: string;
}

export const NO_WISH: AuditWish = { by: '', act: '', on: '', from: '', to: '' };

export function auditParameters({ by, act, on, from, to }: AuditWish): URLSearchParams {
  const day = (date: string, ahead: number): string => {
    const [year = 0, month = 1, ofMonth = 1] = date.split('-').map(Number);
    return new Date(year, month - 1, ofMonth + ahead).toISOString();
  };
  const wanted = {
    ...{ by: by.trim(), act: act.trim(), on: on.trim() },
    ...{ from: from === '' ? '' : day(from, 0), to: to === '' ? '' : day(to, 1) },
  };
  return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ''));
}

export function auditPage(wish: AuditWish, before: number | undefined): Promise<WireAuditPage> {
  const parameters = auditParameters(wish);
  if (before !== undefined) parameters.set('before', String(before));
  return ask<WireAuditPage>(`/api/audit?${parameters}`);
}

export interface Act extends Asked {
  readonly path: string;
}

/** Does something, and has everything about accounts asked again. */
export function useAct<T>() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ path, ...asked }: Act) => ask<T>(path, asked),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
}
