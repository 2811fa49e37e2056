// Webhooks of this centre: what administrators do with them, and what brings the events there.
import type { Audit } from './app/audit.js';
import { WebhookDelivering } from './app/webhooks/delivering.js';
import type { WebhookStore } from './app/webhooks/webhook-store.js';
import { Webhooks } from './app/webhooks/webhooks.js';
import { HttpWebhookSender } from './channels/web/webhook-sender.js';
import type { Centre } from './core/routing/centre.js';
import type { Clock } from './lib/clock.js';
import type { Ids } from './lib/ids.js';
import type { Log } from './lib/log.js';

export interface RunningWebhooks {
  readonly subscriptions: Webhooks;
  close(): Promise<void>;
}

export interface WebhookParts {
  readonly store: WebhookStore;
  readonly audit: Audit;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export function startWebhooks({ store, audit, centre, clock, ids, log }: WebhookParts): RunningWebhooks {
  const sender = new HttpWebhookSender(clock);
  const own = log.child({ part: 'webhooks' });
  const delivering = new WebhookDelivering({ ...{ store, sender, audit, centre, clock }, log: own });
  delivering.start();
  return {
    subscriptions: new Webhooks({ store, centre, clock, ids }),
    async close() {
      await delivering.close();
      await sender.close();
    },
  };
}
