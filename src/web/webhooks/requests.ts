// What the page of webhooks asks of Hilo.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { WireDelivery, WireDeliveryPage, WireWebhook } from '../../contract/webhook/webhook.js';
import { type Asked, ask } from '../session/http.js';

const KEY = 'webhooks';
/** What becomes of deliveries is seen by itself. */
const LOOK_MS = 3_000;

export const webhooksQuery = queryOptions({
  queryKey: [KEY],
  refetchInterval: LOOK_MS,
  queryFn: async () => (await ask<{ readonly webhooks: readonly WireWebhook[] }>('/api/webhooks')).webhooks,
});

export function deliveriesQuery(id: string, state: WireDelivery['state'] | '', before: number | undefined) {
  const wanted = { ...(state === '' ? {} : { state }), ...(before === undefined ? {} : { before: String(before) }) };
  return queryOptions({
    queryKey: [KEY, id, wanted],
    refetchInterval: LOOK_MS,
    queryFn: () => ask<WireDeliveryPage>(`/api/webhooks/${id}/deliveries?${new URLSearchParams(wanted)}`),
  });
}

export interface Act extends Asked {
  /** Behind `/api/webhooks`. */
  readonly path: string;
}

/** Does something, and has everything about webhooks asked again. */
export function useWebhookAct<T>() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ path, ...asked }: Act) => ask<T>(`/api/webhooks${path}`, asked),
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}
