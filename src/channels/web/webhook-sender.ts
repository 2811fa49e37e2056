// Sends one event to a webhook: signed as standardwebhooks.com says, bounded in time, never redirected, only to public
// addresses unless the centre says otherwise. What is answered is thrown away but for its status.
import { createHmac } from 'node:crypto';
import { request } from 'undici';
import type { Sent, WebhookSender } from '../../app/webhooks/delivering.js';
import type { Clock } from '../../lib/clock.js';
import { agent, failureOf } from './http-client.js';
import { bare, isLiteral, isPublic, lookUpPublic } from './public-address.js';

const SECRET_PREFIX = 'whsec_';

export class HttpWebhookSender implements WebhookSender {
  readonly #toPublic = agent({ lookup: lookUpPublic });
  readonly #toAnybody = agent({});

  constructor(private readonly clock: Clock) {}

  async send(...[due, host, { timeOutMs, signal }]: Parameters<WebhookSender['send']>): Promise<Sent> {
    // An address instead of a name is not looked up.
    const { hostname } = new URL(due.url);
    if (!host.private && isLiteral(hostname) && !isPublic(bare(hostname)))
      return { outcome: 'failed', reason: 'private-address' };
    const expired = new AbortController();
    const timer = this.clock.after(timeOutMs, () => expired.abort());
    try {
      const { statusCode: status, body } = await request(due.url, {
        method: 'POST',
        dispatcher: host.private ? this.#toAnybody : this.#toPublic,
        signal: AbortSignal.any([expired.signal, signal]),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'hilo',
          ...signed(due, Math.floor(this.clock.nowMs() / 1_000)),
        },
        body: due.body,
      });
      // Destroyed unread it is an error to itself.
      body.on('error', () => undefined).destroy();
      return status >= 300 && status < 400
        ? { outcome: 'failed', reason: 'redirected' }
        : { outcome: 'answered', status };
    } catch (error) {
      return { outcome: 'failed', reason: expired.signal.aborted ? 'time-out' : failureOf(error) };
    } finally {
      timer.cancel();
    }
  }

  /** Requests in progress are given up. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all([this.#toPublic.destroy(), this.#toAnybody.destroy()]);
  }
}

/** `seconds`: Unix time. The signature covers id, time and body, so that none can be used for another. */
export function signed(
  { secret, event, body }: { readonly secret: string; readonly event: string; readonly body: string },
  seconds: number,
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${event}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': event, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
