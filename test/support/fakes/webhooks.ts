// Webhooks in memory: the outbox without a record behind it.
import { HiloError } from '../../../src/app/errors.js';
import type {
  Delivery,
  DeliveryQuery,
  DueDelivery,
  FailedAttempt,
  Subscription,
  SubscriptionChange,
  WebhookStore,
} from '../../../src/app/webhooks/webhook-store.js';
import { TEST_EVENT } from '../../../src/core/interaction/outward/webhook-event.js';

type Kept = Subscription & { readonly secret: string };

export class FakeWebhooks implements WebhookStore {
  readonly kept = new Map<string, Kept>();
  readonly outbox: (Delivery & { readonly body: string })[] = [];
  available = true;

  async webhooks(): Promise<readonly Subscription[]> {
    if (!this.available) throw new HiloError('store-unavailable', 'the database is away');
    return [...this.kept.values()].map(({ secret: _, ...one }) => one);
  }

  async makeWebhook(made: Parameters<WebhookStore['makeWebhook']>[0]): Promise<void> {
    this.kept.set(made.id, { ...made, standing: { state: 'active' }, failures: 0, waiting: 0 });
  }

  async changeWebhook(id: string, { state, ...change }: SubscriptionChange): Promise<boolean> {
    const { failingSinceMs, openUntilMs, ...old } = this.kept.get(id) ?? {};
    const webhook = this.kept.get(id);
    if (webhook === undefined) return false;
    const base = state === 'active' ? { ...(old as Kept), failures: 0 } : webhook;
    this.kept.set(id, { ...base, ...change, ...(state === undefined ? {} : { standing: { state } }) });
    return true;
  }

  async removeWebhook(id: string): Promise<boolean> {
    return this.kept.delete(id);
  }

  async deliveries({ webhook, state, before, limit }: DeliveryQuery): Promise<readonly Delivery[]> {
    return this.outbox
      .filter((one) => one.webhook === webhook && (state === undefined || one.state === state))
      .filter(({ number }) => before === undefined || number < before)
      .toSorted((a, b) => b.number - a.number)
      .slice(0, limit);
  }

  async addTest(webhook: string, event: string, body: string, atMs: number): Promise<boolean> {
    if (!this.kept.has(webhook)) return false;
    const number = this.outbox.length + 1;
    const fresh = { number, webhook, event, body, type: TEST_EVENT, state: 'waiting', attempts: 0 } as const;
    this.outbox.push({ ...fresh, madeAtMs: atMs, nextAtMs: atMs });
    return true;
  }

  async replay(webhook: string, number: number, atMs: number): Promise<boolean> {
    return this.#change(number, (one) =>
      one.webhook === webhook ? { ...one, state: 'waiting', attempts: 0, nextAtMs: atMs } : undefined,
    );
  }

  async advance(): Promise<number> {
    if (!this.available) throw new HiloError('store-unavailable', 'the database is away');
    return 0;
  }

  async claim(
    nowMs: number,
    leaseUntilMs: number,
    limit: number,
    failuresMax: number,
    busy: readonly string[],
  ): Promise<readonly DueDelivery[]> {
    return [...this.kept.values()].flatMap((webhook) => {
      const { standing, openUntilMs = 0, failures } = webhook;
      if (standing.state !== 'active' || openUntilMs > nowMs || busy.includes(webhook.id)) return [];
      const due = this.outbox.filter(
        (one) => one.webhook === webhook.id && one.state === 'waiting' && one.nextAtMs <= nowMs,
      );
      return due.slice(0, failures >= failuresMax ? 1 : limit).map(({ number, event, body, attempts }) => {
        this.#change(number, (one) => ({ ...one, attempts: attempts + 1, nextAtMs: leaseUntilMs }));
        const { id, title, url, secret, failingSinceMs } = webhook;
        const since = failingSinceMs === undefined ? {} : { failingSinceMs };
        return { number, webhook: id, title, url, secret, event, body, attempts: attempts + 1, failures, ...since };
      });
    });
  }

  async delivered({ number, webhook }: Pick<DueDelivery, 'number' | 'webhook'>, status: number, atMs: number) {
    this.#change(number, ({ error: _, ...one }) => ({ ...one, state: 'delivered', status, lastAtMs: atMs }));
    await this.changeWebhook(webhook, { state: 'active' });
  }

  async notDelivered(
    { number, webhook }: Pick<DueDelivery, 'number' | 'webhook'>,
    { status, error, nextAtMs, openUntilMs, disabled }: FailedAttempt,
    atMs: number,
  ): Promise<void> {
    this.#change(number, (one) => ({
      ...{ ...one, error, lastAtMs: atMs, state: nextAtMs === undefined ? 'failed' : 'waiting' },
      ...(nextAtMs === undefined ? {} : { nextAtMs }),
      ...(status === undefined ? {} : { status }),
    }));
    const kept = this.kept.get(webhook);
    if (kept === undefined) return;
    this.kept.set(webhook, {
      ...{ ...kept, failures: kept.failures + 1, failingSinceMs: kept.failingSinceMs ?? atMs },
      ...(openUntilMs === undefined ? {} : { openUntilMs }),
      ...(disabled === undefined ? {} : { standing: { state: 'disabled', reason: disabled, sinceMs: atMs } }),
    });
  }

  async forget(): Promise<void> {
    // What is in memory is forgotten with the test.
  }

  #change(number: number, change: (one: FakeWebhooks['outbox'][number]) => FakeWebhooks['outbox'][number] | undefined) {
    const index = this.outbox.findIndex((one) => one.number === number);
    const old = this.outbox[index];
    const changed = old && change(old);
    if (changed === undefined) return false;
    this.outbox[index] = changed;
    return true;
  }
}
