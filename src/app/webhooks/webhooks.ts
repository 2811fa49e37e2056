// Webhooks as administrators see them: made, changed, tried, sent again; the secret is shown once.
import { hostKey, type WebHost } from '../../core/document/web-host.js';
import { TEST_EVENT, type WebhookEventType } from '../../core/interaction/outward/webhook-event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { HiloError } from '../errors.js';
import type { Delivery, DeliveryQuery, Subscription, SubscriptionChange, WebhookStore } from './webhook-store.js';

export const WEBHOOKS_MAX = 50;
const SECRET_BYTES = 32;
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

export interface WebhooksPorts {
  readonly store: WebhookStore;
  readonly centre: () => Pick<Centre, 'webHosts'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface Wish {
  readonly title: string;
  readonly url: string;
  readonly events: readonly WebhookEventType[];
}

/** All reject with HiloError: `invalid-input`, `not-found`, `wrong-state`, `store-unavailable`. */
export class Webhooks {
  readonly #ports: WebhooksPorts;

  constructor(ports: WebhooksPorts) {
    this.#ports = ports;
  }

  all(): Promise<readonly Subscription[]> {
    return this.#ports.store.webhooks();
  }

  async make(wish: Wish, by: string): Promise<{ readonly webhook: Subscription; readonly secret: string }> {
    const { store, clock, ids } = this.#ports;
    this.#allowed(wish.url);
    if ((await store.webhooks()).length >= WEBHOOKS_MAX)
      throw new HiloError('wrong-state', `there are ${WEBHOOKS_MAX} webhooks already; remove one first`);
    const secret = this.#secret();
    const made = { ...wish, id: ids.uuid(), madeAtMs: clock.nowMs(), madeBy: by };
    await store.makeWebhook({ ...made, secret });
    return { webhook: { ...made, standing: { state: 'active' }, failures: 0, waiting: 0 }, secret };
  }

  async change(id: string, change: Omit<SubscriptionChange, 'secret'>): Promise<Subscription> {
    if (change.url !== undefined) this.#allowed(change.url);
    found(await this.#ports.store.changeWebhook(id, change));
    const changed = (await this.all()).find((one) => one.id === id);
    if (changed === undefined) throw gone();
    return changed;
  }

  async remove(id: string): Promise<void> {
    found(await this.#ports.store.removeWebhook(id));
  }

  /** What is sent from now on is signed with the new one. */
  async newSecret(id: string): Promise<string> {
    const secret = this.#secret();
    found(await this.#ports.store.changeWebhook(id, { secret }));
    return secret;
  }

  deliveries(query: DeliveryQuery): Promise<readonly Delivery[]> {
    return this.#ports.store.deliveries(query);
  }

  /** Sends an event that means nothing. */
  async test(id: string): Promise<void> {
    const { store, clock, ids } = this.#ports;
    const [event, atMs] = [`test.${ids.uuid()}`, clock.nowMs()];
    const told = { id: event, type: TEST_EVENT, timestamp: new Date(atMs).toISOString(), data: {} };
    found(await store.addTest(id, event, JSON.stringify(told), atMs));
  }

  /** Once more from the first attempt on, whatever came of it. */
  async replay(id: string, number: number): Promise<void> {
    const { store, clock } = this.#ports;
    found(await store.replay(id, number, clock.nowMs()));
  }

  #allowed(url: string): void {
    const host = hostFor(url, this.#ports.centre().webHosts);
    if (host === undefined)
      throw new HiloError('invalid-input', 'this host is not among http: hosts: of the centre', {
        why: { reason: 'host-not-allowed' },
      });
  }

  /** As the open standard writes it: standardwebhooks.com. */
  #secret(): string {
    return `whsec_${Buffer.from(this.#ports.ids.token(SECRET_BYTES), 'hex').toString('base64')}`;
  }
}

/** The entry of the centre that lets requests to that address out; without TLS only where it says so. */
export function hostFor(address: string, hosts: ReadonlyMap<string, WebHost>): WebHost | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(address);
  const usual = PORTS[protocol];
  if (usual === undefined || username !== '' || password !== '') return undefined;
  const host = hosts.get(hostKey({ host: hostname, port: port === '' ? usual : Number(port) }));
  return host !== undefined && host.insecure === (protocol === 'http:') ? host : undefined;
}

function found(isThere: boolean): void {
  if (!isThere) throw gone();
}

function gone(): HiloError {
  return new HiloError('not-found', 'there is no such webhook or delivery');
}
