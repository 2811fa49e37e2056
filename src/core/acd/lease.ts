// How long an offer may live before it ends by itself.
import type { ServingAgent } from './agent.js';
import type { EntryKind } from './entry.js';
import type { QueueConfig } from './queue.js';

/** Added to the ringing time: the node that dials must report before the lease is over. */
export const LEASE_MARGIN_MS = 5_000;
/** Added for a call-back that rings the customer first: the agent is kept while the customer is rung and asked. */
export const CUSTOMER_FIRST_MS = 75_000;

/** Ringing of all devices of the agent (a message or task rings nowhere: as long as the queue says) and a margin, in ms. */
export function leaseMsOf(queue: QueueConfig, agent: ServingAgent, kind: EntryKind = 'call'): number {
  return LEASE_MARGIN_MS + ringingMs(queue, agent, kind) + (isCustomerFirst(kind, queue) ? CUSTOMER_FIRST_MS : 0);
}

/** One agent is kept for it, also where others ring all together. */
export function isCustomerFirst(kind: EntryKind, { callbacks }: QueueConfig): boolean {
  return kind === 'callback' && callbacks?.first === 'customer';
}

function ringingMs(queue: QueueConfig, { devices, ring }: ServingAgent, kind: EntryKind): number {
  if (kind === 'message' || kind === 'task' || devices.length === 0) return queue.ringMs;
  const times = devices.map(({ ringMs = queue.ringMs }) => ringMs);
  return ring === 'in-order' ? times.reduce((sum, ms) => sum + ms, 0) : Math.max(...times);
}
