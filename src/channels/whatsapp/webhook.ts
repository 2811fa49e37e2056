// Meta's calls to us: proven, taken apart, handed on, and answered with yes only when everything in them is stored.
import { HiloError } from '../../app/errors.js';
import type { Webhook } from '../../app/message/messenger.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { Handlers } from '../handlers.js';
import { parsePayload, type Status } from './payload.js';
import { isSameSecret, isSigned } from './signature.js';

/** Meta's payloads have at most 3 MB. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** Meta waits for some 20 s, then sends it again. */
export const STORE_LIMIT_MS = 15_000;
/** Customers whose messages are stored at the same time; those of one customer keep their order. */
const SIDE_BY_SIDE = 8;
const CHALLENGE = /^[\w-]{1,128}$/;

export interface WebhookPorts {
  readonly phoneId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly handlers: Handlers;
  /** The provider took the message with our id `message`, as a status that came back shows. */
  readonly known: (message: string, providerId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export class WhatsAppWebhook implements Webhook {
  readonly path = '/webhooks/whatsapp';
  readonly #ports: WebhookPorts;

  constructor(ports: WebhookPorts) {
    this.#ports = ports;
  }

  challenge(query: Readonly<Record<string, string>>): string | undefined {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
    if (mode !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') return undefined;
    if (!isSameSecret(token, this.#ports.verifyToken)) return undefined;
    // It is sent back as it is: nothing that a browser could run.
    return CHALLENGE.test(challenge) ? challenge : undefined;
  }

  async receive(
    body: Buffer,
    headers: Readonly<Record<string, string | undefined>>,
  ): Promise<'accepted' | 'wrong-signature' | 'malformed'> {
    const { clock, log, phoneId, appSecret } = this.#ports;
    if (body.length > MAX_BODY_BYTES) return 'malformed';
    if (!isSigned(body, headers['x-hub-signature-256'], appSecret)) return 'wrong-signature';
    const payload = parsePayload(body, phoneId, clock.nowMs());
    if (payload === undefined) return 'malformed';
    if (payload.ignored.length > 0) {
      log.info({ kinds: [...new Set(payload.ignored)], count: payload.ignored.length }, 'WhatsApp events passed over');
    }
    const work = [
      ...grouped(
        payload.messages,
        ({ from }) => from,
        (message) => this.#ports.handlers.message(message),
      ),
      ...grouped(
        payload.statuses,
        ({ receipt }) => receipt.providerId,
        (status) => this.#receipt(status),
      ),
    ];
    await this.#all(work);
    return 'accepted';
  }

  async #receipt({ receipt, message }: Status): Promise<void> {
    if (message !== undefined) this.#ports.known(message, receipt.providerId);
    await this.#ports.handlers.receipt(receipt);
  }

  /** Does all it can; whatever could not be stored comes again with the rest, and the rest is then known already. */
  async #all(work: (() => Promise<void>)[]): Promise<void> {
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) {
        await next().catch((error: unknown) => void failures.push(error));
      }
    };
    const workers = Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    try {
      await withTimeOut(this.#ports.clock, 'storing what WhatsApp brought', STORE_LIMIT_MS, workers);
    } catch (error) {
      work.length = 0;
      failures.push(error);
    }
    if (failures.length === 0) return;
    this.#ports.log.warn({ err: failures[0], failures: failures.length }, 'not stored, WhatsApp has to send it again');
    throw new HiloError('store-unavailable', 'not everything could be stored; send it again', { cause: failures[0] });
  }
}

/** One piece of work for each key: its items one after the other, in order. */
function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  act: (item: T) => Promise<void>,
): (() => Promise<void>)[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()].map((group) => async () => {
    for (const item of group) await act(item);
  });
}
