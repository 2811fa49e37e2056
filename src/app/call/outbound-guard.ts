// The one gate through which every call to an outside number passes: allow-list first, then the hourly caps.

import type { Centre } from '../../core/routing/centre.js';
import { checkNumber, type NumberRefusal } from '../../core/routing/outbound.js';
import type { Log } from '../../lib/log.js';
import type { LiveStore } from '../ports.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Clearance =
  | { readonly allowed: true; readonly number: string }
  | {
      readonly allowed: false;
      readonly reason: NumberRefusal | 'hourly-cap' | 'destination-cap' | 'daily-cap' | 'counters-unavailable';
    };

export class OutboundGuard {
  constructor(
    private readonly store: LiveStore,
    private readonly centre: () => Centre,
    private readonly log: Log,
  ) {}

  /** Whether this number may ever be called; counts nothing. */
  permits(number: string): Clearance {
    const centre = this.centre();
    const checked = checkNumber(number, centre.outbound, centre.country);
    return checked.ok ? { allowed: true, number: checked.number } : { allowed: false, reason: checked.reason };
  }

  /** Whether it may be called now; counts as a call. Refuses while the counters cannot be asked. */
  async clear(number: string, purpose: string): Promise<Clearance> {
    const permitted = this.permits(number);
    if (!permitted.allowed) return this.#refuse(number, purpose, permitted.reason);
    try {
      const { maxPerHour, maxPerDestinationPerHour, maxPerDestinationPerDay } = this.centre().outbound;
      const toIt = await this.store.count(`outbound:${permitted.number}`, HOUR_MS);
      if (toIt > maxPerDestinationPerHour) return this.#refuse(number, purpose, 'destination-cap');
      if (maxPerDestinationPerDay !== undefined) {
        const today = await this.store.count(`outbound-day:${permitted.number}`, DAY_MS);
        if (today > maxPerDestinationPerDay) return this.#refuse(number, purpose, 'daily-cap');
      }
      const all = await this.store.count('outbound', HOUR_MS);
      if (all > maxPerHour) return this.#refuse(number, purpose, 'hourly-cap');
    } catch (error) {
      this.log.error({ err: error }, 'outbound counters out of reach');
      return this.#refuse(number, purpose, 'counters-unavailable');
    }
    return permitted;
  }

  #refuse(number: string, purpose: string, reason: (Clearance & { allowed: false })['reason']): Clearance {
    this.log.warn({ number: number.slice(0, 6), purpose, reason }, 'outbound call refused');
    return { allowed: false, reason };
  }
}
