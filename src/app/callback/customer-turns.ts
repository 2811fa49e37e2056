// What is decided about one customer comes one after the other, on all nodes: two at once would be two promises, or two calls.
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { pause } from '../../lib/pause.js';
import { HiloError } from '../errors.js';
import type { LiveStore } from '../ports.js';

/** One act takes less; whoever holds the turn for longer has died. */
const TURN_MS = 10_000;
const TURN_PAUSE_MS = 50;
/** Two seconds. */
const TURN_LOOKS = 40;

export interface CustomerTurnsPorts {
  readonly liveStore: LiveStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class CustomerTurns {
  constructor(private readonly ports: CustomerTurnsPorts) {}

  /** Rejects with HiloError `too-many-requests` when the turn does not come, and like `act`. */
  async take<T>(number: string, act: () => Promise<T>): Promise<T> {
    const { liveStore, clock, ids, log } = this.ports;
    // Few names, since each is kept for ever; customers who share one only wait for each other.
    const name = `call-back wish ${number.slice(-2)}`;
    const holder = ids.uuid();
    for (let look = 0; look < TURN_LOOKS; look += 1) {
      const lease = await liveStore.lease(name, holder, TURN_MS);
      if (lease === undefined) {
        await pause(clock, TURN_PAUSE_MS, []);
        continue;
      }
      try {
        return await act();
      } finally {
        await liveStore.release(lease).catch((err: unknown) => log.info({ err }, 'the turn of a wish ends by itself'));
      }
    }
    throw new HiloError('too-many-requests', 'too many ask for call-backs at this moment');
  }
}
