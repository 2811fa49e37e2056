// Brings what webhooks want to know from the record to them: each node takes a few at a time, and sends them at least once.
import type { WebHost } from '../../core/document/web-host.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Audit } from '../audit.js';
import { afterFailure, FAILURES_MAX } from './schedule.js';
import type { DueDelivery, WebhookStore } from './webhook-store.js';
import { hostFor } from './webhooks.js';

const EVERY_MS = 1_000;
/** Between batches when there is much to do: calls come first. */
const PAUSE_MS = 20;
/** Sent to one webhook by one node at a time. */
const AT_ONCE = 20;
const TIME_OUT_MS = 10_000;
/** Longer than an attempt takes: whoever holds it then is gone. */
export const LEASE_MS = 15_000;
/** For one webhook; when more waits it is disabled, so that the database does not fill up. */
export const WAITING_MAX = 100_000;
/** So long it can be looked up what became of a delivery. */
const KEPT_MS = 14 * 86_400_000;
const FORGET_EVERY_MS = 600_000;

export type Sent =
  | { readonly outcome: 'answered'; readonly status: number }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface WebhookSender {
  /** Signs and sends it, once. Never rejects. */
  send(
    due: Pick<DueDelivery, 'url' | 'secret' | 'event' | 'body'>,
    host: WebHost,
    limits: { readonly timeOutMs: number; readonly signal: AbortSignal },
  ): Promise<Sent>;
}

export interface WebhookDeliveringPorts {
  readonly store: WebhookStore;
  readonly sender: WebhookSender;
  readonly centre: () => Pick<Centre, 'webHosts'>;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class WebhookDelivering {
  readonly #ports: WebhookDeliveringPorts;
  readonly #closing = new AbortController();
  /** Webhooks to which something is being sent: a slow one keeps no other waiting. */
  readonly #busy = new Map<string, Promise<void>>();
  #timer: Timer | undefined;
  #round: Promise<void> | undefined;
  #forgottenAtMs = 0;

  constructor(ports: WebhookDeliveringPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#later(EVERY_MS);
  }

  /** Attempts under way are given up, and made again later. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#timer?.cancel();
    await this.#round;
    await this.sent();
  }

  /** Settles when nothing is under way. */
  async sent(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  /** One look at the record and at what is due; tells whether there may be more. Rejects when the store is away. */
  async look(): Promise<boolean> {
    const { store, clock } = this.#ports;
    const nowMs = clock.nowMs();
    const looked = await store.advance(nowMs, WAITING_MAX);
    const due = await store.claim(nowMs, nowMs + LEASE_MS, AT_ONCE, FAILURES_MAX, [...this.#busy.keys()]);
    for (const webhook of new Set(due.map((one) => one.webhook))) {
      const group = due.filter((one) => one.webhook === webhook);
      this.#busy.set(webhook, this.#deliver(webhook, group));
    }
    if (nowMs - this.#forgottenAtMs > FORGET_EVERY_MS) {
      this.#forgottenAtMs = nowMs;
      await store.forget(nowMs - KEPT_MS);
    }
    return looked > 0;
  }

  #later(delayMs: number): void {
    this.#timer?.cancel();
    if (this.#closing.signal.aborted) return;
    this.#timer = this.#ports.clock.after(delayMs, () => {
      this.#round = this.#turn();
    });
  }

  async #turn(): Promise<void> {
    let isMore = false;
    try {
      isMore = await this.look();
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'webhooks have to wait');
    }
    this.#round = undefined;
    this.#later(isMore ? PAUSE_MS : EVERY_MS);
  }

  /** Never rejects: what could not be noted is sent again after the lease. */
  async #deliver(webhook: string, group: readonly DueDelivery[]): Promise<void> {
    try {
      const sent = await Promise.all(group.map(async (due) => ({ due, result: await this.#send(due) })));
      if (!this.#closing.signal.aborted) await this.#note(sent);
    } catch (error) {
      this.#ports.log.warn({ err: error, webhook }, 'what became of deliveries could not be noted');
    } finally {
      this.#busy.delete(webhook);
    }
    // A round under way goes on by itself.
    if (group.length === AT_ONCE && this.#round === undefined) this.#later(PAUSE_MS);
  }

  /** One after the other, so that failures in a row are counted as such. */
  async #note(sent: readonly { readonly due: DueDelivery; readonly result: Sent }[]): Promise<void> {
    const { store, clock, audit, log } = this.#ports;
    let failures = sent[0]?.due.failures ?? 0;
    let disabled: DueDelivery | undefined;
    for (const { due, result } of sent) {
      const atMs = clock.nowMs();
      if (result.outcome === 'answered' && result.status >= 200 && result.status < 300) {
        await store.delivered(due, result.status, atMs);
        failures = 0;
        continue;
      }
      const error = result.outcome === 'failed' ? result.reason : `status ${result.status}`;
      const status = result.outcome === 'answered' ? { status: result.status } : {};
      const next = afterFailure({ ...due, failures }, atMs);
      log.info({ webhook: due.webhook, delivery: due.number, error, attempts: due.attempts }, 'webhook not delivered');
      await store.notDelivered(due, { ...next, ...status, error }, atMs);
      failures += 1;
      if (next.disabled !== undefined) disabled = due;
    }
    if (disabled === undefined) return;
    const { webhook, title } = disabled;
    log.warn({ webhook, title }, 'a webhook is disabled: nothing arrived for days');
    await audit.note({ by: 'hilo', act: 'webhook-disabled', on: webhook, detail: { title } });
  }

  async #send(due: DueDelivery): Promise<Sent> {
    const host = hostFor(due.url, this.#ports.centre().webHosts);
    if (host === undefined) return { outcome: 'failed', reason: 'host-not-allowed' };
    return this.#ports.sender.send(due, host, { timeOutMs: TIME_OUT_MS, signal: this.#closing.signal });
  }
}
