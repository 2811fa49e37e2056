import { expect, it } from 'vitest';
import { FakeClock } from '../../../../src/lib/clock.js';
import { parseMessage } from '../../../../src/switch/sip/message/parse.js';
import { createServerRun, type ServerRun } from '../../../../src/switch/sip/transaction/server-run.js';
import {
  keysOf,
  MAX_BYTES_PER_SOURCE,
  MAX_NEW_PER_SOURCE,
  ServerTable,
} from '../../../../src/switch/sip/transaction/server-table.js';
import { DEFAULT_TIMERS } from '../../../../src/switch/sip/transaction/timers.js';
import { peer } from '../fake-network.js';
import { raw } from '../raw-peer.js';

interface Held {
  readonly run: ServerRun;
  readonly isFull: () => boolean;
}

/** Puts so many requests of one address into the table, of `bytes` each. */
function fill(table: ServerTable, count: number, bytes: number): Held[] {
  return Array.from({ length: count }, (_, at) => {
    const parsed = parseMessage(Buffer.from(raw({ method: 'OPTIONS', via: `SIP/2.0/UDP h;branch=z9hG4bK${at}` })));
    if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('not a request');
    const { message: request, essentials } = parsed;
    const isFull = (): boolean => table.isFull(request, essentials, '127.0.0.1');
    expect(isFull()).toBe(false);
    const ignore = (): void => undefined;
    const run = createServerRun({
      id: String(at),
      request,
      source: peer(6_000),
      local: peer(5_070),
      localTag: 't',
      conditions: { timers: DEFAULT_TIMERS, reliable: false },
      clock: new FakeClock(),
      transmit: ignore,
      onAccepted: ignore,
      onAnswered: ignore,
      onAck: ignore,
      onAckTimeout: ignore,
      onResponseFailure: ignore,
      onTerminated: ignore,
    });
    table.add(run, keysOf(request, essentials, 'OPTIONS'), bytes);
    return { run, isFull };
  });
}

it.each([
  ['in number', MAX_NEW_PER_SOURCE, 400],
  ['in size', MAX_BYTES_PER_SOURCE / 65_536, 65_536],
])(
  'an address that has used up its share %s gets room again as its transactions end, each counted once',
  (_, count, bytes) => {
    const table = new ServerTable();
    const runs = fill(table, count, bytes);
    const [first] = runs;
    expect(first?.isFull()).toBe(true);
    for (const { run } of runs) {
      table.remove(run);
      table.remove(run);
    }
    expect([first?.isFull(), table.size]).toEqual([false, 0]);
  },
);
