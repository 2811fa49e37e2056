// What is kept of webhooks: who wants to be told what, and each thing there is to tell, until it is told or given up.
import type { TEST_EVENT, WebhookEventType } from '../../core/interaction/outward/webhook-event.js';

/** `failing`: nothing arrived for days; `full`: more was waiting than is kept. */
export type DisabledFor = 'failing' | 'full';

export type SubscriptionState =
  | { readonly state: 'active' | 'paused' }
  | { readonly state: 'disabled'; readonly reason: DisabledFor; readonly sinceMs: number };

/** Without its secret. */
export interface Subscription {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  readonly standing: SubscriptionState;
  /** Attempts in a row that failed. */
  readonly failures: number;
  readonly failingSinceMs?: number;
  /** Nothing is tried before then: it failed too often. */
  readonly openUntilMs?: number;
  readonly waiting: number;
  readonly madeAtMs: number;
  readonly madeBy: string;
}

export interface Delivery {
  /** Order of what there is to tell; counts up. */
  readonly number: number;
  readonly webhook: string;
  /** Of the event: the same however often it is sent. */
  readonly event: string;
  readonly type: WebhookEventType | typeof TEST_EVENT;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly madeAtMs: number;
  /** Of the next attempt, while it waits. */
  readonly nextAtMs: number;
  readonly lastAtMs?: number;
  /** HTTP status of the last answer. */
  readonly status?: number;
  /** Why the last attempt failed. */
  readonly error?: string;
}

/** One that is this node's to send until the lease is over. */
export interface DueDelivery {
  readonly number: number;
  readonly webhook: string;
  readonly title: string;
  readonly url: string;
  readonly secret: string;
  readonly event: string;
  readonly body: string;
  /** This one included. */
  readonly attempts: number;
  /** Of the webhook, before this one. */
  readonly failures: number;
  readonly failingSinceMs?: number;
}

export interface FailedAttempt {
  readonly status?: number;
  readonly error: string;
  /** Absent: it is given up. */
  readonly nextAtMs?: number;
  readonly openUntilMs?: number;
  readonly disabled?: DisabledFor;
}

export interface DeliveryQuery {
  readonly webhook: string;
  readonly state?: Delivery['state'];
  /** Only those with a smaller number: the next page. */
  readonly before?: number;
  readonly limit: number;
}

export interface SubscriptionChange {
  readonly title?: string;
  readonly url?: string;
  readonly events?: readonly WebhookEventType[];
  readonly secret?: string;
  /** To `active`: what failed before is forgotten. */
  readonly state?: 'active' | 'paused';
}

/** Each rejects with HiloError `store-unavailable`. */
export interface WebhookStore {
  /** Oldest first. */
  webhooks(): Promise<readonly Subscription[]>;
  makeWebhook(
    made: Omit<Subscription, 'standing' | 'failures' | 'waiting'> & { readonly secret: string },
  ): Promise<void>;
  /** False: there is no such webhook; so below. */
  changeWebhook(id: string, change: SubscriptionChange): Promise<boolean>;
  removeWebhook(id: string): Promise<boolean>;
  /** Newest first. */
  deliveries(query: DeliveryQuery): Promise<readonly Delivery[]>;
  addTest(webhook: string, event: string, body: string, atMs: number): Promise<boolean>;
  replay(webhook: string, number: number, atMs: number): Promise<boolean>;
  /**
   * Turns the next facts of the record into deliveries, and remembers how far it came, in one transaction: whatever
   * happens, each fact is there once for each webhook that wants it. Tells how many facts were looked at.
   */
  advance(nowMs: number, waitingMax: number): Promise<number>;
  /**
   * Due ones, at most `limit` for each webhook, taken until `leaseUntilMs`: who dies with them leaves them to others. Of
   * one that failed `failuresMax` times in a row only one; of those that are `busy` none.
   */
  claim(
    nowMs: number,
    leaseUntilMs: number,
    limit: number,
    failuresMax: number,
    busy: readonly string[],
  ): Promise<readonly DueDelivery[]>;
  delivered(due: Pick<DueDelivery, 'number' | 'webhook'>, status: number, atMs: number): Promise<void>;
  notDelivered(due: Pick<DueDelivery, 'number' | 'webhook'>, failed: FailedAttempt, atMs: number): Promise<void>;
  /** Takes out a bounded number of those that ended before. */
  forget(beforeMs: number): Promise<void>;
}
