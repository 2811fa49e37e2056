// An open SMS channel and the SMSC it talks to, with the clock in the test's hand.
import { afterEach, beforeEach } from 'vitest';
import type { IncomingMessage, MessageReceipt, OutgoingMessage } from '../../../src/app/message/messenger.js';
import { RESPONSE_LIMIT_MS } from '../../../src/channels/sms/connection.js';
import { openSms, type SmsMessenger } from '../../../src/channels/sms/sms.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { Smsc } from './smsc.js';

export const ANA = '+34600111222';
export const LONG = 'Hemos visto su llamada y nadie pudo atenderle. '.repeat(8);

export interface Snapshot {
  readonly state: string;
  readonly waiting: number;
  readonly outstanding: number;
  readonly partial: number;
  readonly unacknowledged: number;
}

export class SmsBench {
  readonly clock = new FakeClock();
  readonly received: IncomingMessage[] = [];
  readonly receipts: MessageReceipt[] = [];
  readonly sms: SmsMessenger;

  constructor(readonly smsc: Smsc) {
    const url = `smpp://hilo:s%40fe@127.0.0.1:${smsc.port}`;
    const ids = seededIds(seededRandom(1));
    this.sms = openSms({ url, source: '5432', clock: this.clock, ids, log: silentLog });
    this.sms.onMessage(async (message) => void this.received.push(message));
    this.sms.onReceipt(async (receipt) => void this.receipts.push(receipt));
  }

  get snapshot(): Snapshot {
    return this.sms.snapshot() as Snapshot;
  }

  async bound(): Promise<void> {
    await eventually(() => this.snapshot.state === 'bound');
  }

  async lost(): Promise<void> {
    await eventually(() => this.snapshot.state === 'paused');
  }

  async close(): Promise<void> {
    // Whatever still waits for an answer of the SMSC gets none: the clock goes on until it is given up.
    const closing = this.sms.close();
    this.clock.advance(RESPONSE_LIMIT_MS);
    await closing;
  }
}

/** Gives each test an SMSC and `open`, which binds a channel to it; both are closed after the test. */
export function smsBench(): { open(prepare?: (smsc: Smsc) => void): SmsBench; openBound(): Promise<SmsBench> } {
  let smsc: Smsc;
  let benches: SmsBench[] = [];
  beforeEach(async () => {
    smsc = await Smsc.start();
  });
  afterEach(async () => {
    for (const bench of benches) await bench.close();
    benches = [];
    await smsc?.stop();
  });
  const open = (prepare?: (smsc: Smsc) => void): SmsBench => {
    prepare?.(smsc);
    const bench = new SmsBench(smsc);
    benches.push(bench);
    return bench;
  };
  return {
    open,
    async openBound() {
      const bench = open();
      await bench.bound();
      return bench;
    },
  };
}

/** Looks at every turn of the event loop; the test's own time-out ends it. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

export function outgoing(text: string, message = 'm1', to = ANA): OutgoingMessage {
  return { message, to, text, language: 'es' };
}

/** What an SMSC sends when it knows what became of message `id`. */
export function receiptFor(id: string, state = 'DELIVRD'): object {
  const dates = 'submit date:2601051000 done date:2601051001';
  return { esm_class: 0x04, short_message: Buffer.from(`id:${id} sub:001 dlvrd:001 ${dates} stat:${state} err:000`) };
}
