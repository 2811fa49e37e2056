// Owns what all channels of one media server share: its identity, its counters, the head of every event.
import type { Clock } from '../../lib/clock.js';
import type { EventHeaders } from './event.js';

/** Told to clients as FreeSWITCH-Version and by `version`; clients parse the leading number. */
export const VERSION = '1.10.12-hilo';

export interface CoreIdentity {
  /** On every event: modesl names an event after it when there is no channel (compatibility C2). */
  readonly uuid: string;
  readonly hostname: string;
  readonly address: string;
}

export class Core {
  readonly identity: CoreIdentity;
  readonly clock: Clock;
  readonly startedMs: number;
  #sequence = 0;

  constructor(identity: CoreIdentity, clock: Clock) {
    this.identity = identity;
    this.clock = clock;
    this.startedMs = clock.monotonicMs();
  }

  get upMs(): number {
    return this.clock.monotonicMs() - this.startedMs;
  }

  /** The headers every event begins with. */
  head(name: string, subclass?: string): EventHeaders {
    const nowMs = this.clock.nowMs();
    const headers: EventHeaders = { 'Event-Name': name };
    if (subclass !== undefined) headers['Event-Subclass'] = subclass;
    headers['Core-UUID'] = this.identity.uuid;
    headers['FreeSWITCH-Hostname'] = this.identity.hostname;
    headers['FreeSWITCH-IPv4'] = this.identity.address;
    headers['Event-Date-GMT'] = new Date(nowMs).toUTCString();
    headers['Event-Date-Timestamp'] = String(Math.round(nowMs * 1_000));
    headers['Event-Sequence'] = String(++this.#sequence);
    return headers;
  }
}
