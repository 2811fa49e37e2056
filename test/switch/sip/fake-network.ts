// A network in memory: every message takes one millisecond of the fake clock, unless the test loses or doubles it.
import type { FakeClock } from '../../../src/lib/clock.js';
import { Headers } from '../../../src/switch/sip/message/headers.js';
import { EMPTY_BODY, type SipRequest } from '../../../src/switch/sip/message/message.js';
import type { Peer } from '../../../src/switch/sip/peer.js';
import {
  listenerOf,
  type OpenTransport,
  type Transport,
  type TransportEvents,
} from '../../../src/switch/sip/transport/transport.js';

export const TRAVEL_MS = 1;

type Receiver = (bytes: Buffer, source: Peer) => void;

export class FakeNetwork {
  /** How many copies of a message arrive: 1 unless the test says otherwise. */
  copies: (text: string) => number = () => 1;
  /** The first lines of all that was sent, in order: `5060>5070 INVITE`, `5070>5060 200 INVITE`. */
  readonly sent: string[] = [];
  readonly #receivers = new Map<number, Receiver>();

  constructor(readonly clock: FakeClock) {}

  /** For `StackOptions.transports`. */
  readonly open: OpenTransport = (binding, events) => {
    const transport = new FakeTransport(this, listenerOf(binding, binding.port));
    this.attach(binding.port, (bytes, source) => events.onMessage(bytes, source, transport));
    transport.events = events;
    return Promise.resolve(transport);
  };

  /** A peer without a stack. */
  attach(port: number, receiver: Receiver): void {
    this.#receivers.set(port, receiver);
  }

  detach(port: number): void {
    this.#receivers.delete(port);
  }

  /** Sends from any port, attached or not. */
  inject(text: string | Buffer, fromPort: number, toPort: number): void {
    const bytes = Buffer.from(text);
    this.sent.push(`${fromPort}>${toPort} ${titleOf(bytes.toString())}`);
    const source: Peer = { transport: 'udp', address: '127.0.0.1', port: fromPort };
    for (let copy = 0; copy < this.copies(bytes.toString()); copy++) {
      this.clock.after(TRAVEL_MS, () => this.#receivers.get(toPort)?.(bytes, source));
    }
  }

  /** As {@link inject}, but it is there at once: for floods. */
  deliver(text: string, fromPort: number, toPort: number, address = '127.0.0.1'): void {
    this.#receivers.get(toPort)?.(Buffer.from(text), { ...peer(fromPort), address });
  }

  countOf(title: string): number {
    return this.sent.filter((line) => line.slice(line.indexOf(' ') + 1) === title).length;
  }
}

class FakeTransport implements Transport {
  readonly connections = 0;
  events: TransportEvents | undefined;
  #broken = false;

  constructor(
    readonly network: FakeNetwork,
    readonly listener: Transport['listener'],
  ) {}

  has(): boolean {
    return false;
  }

  isUp(): boolean {
    return false;
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): undefined {
    // Port 9 stands for a peer that cannot be reached.
    if (to.port === 9 || this.#broken) this.network.clock.after(0, () => onError(new Error('unreachable')));
    else this.network.inject(bytes, this.listener.port, to.port);
  }

  close(): Promise<void> {
    this.#broken = true;
    this.network.detach(this.listener.port);
    return Promise.resolve();
  }
}

function titleOf(text: string): string {
  const method = /\r\nCSeq: *[0-9]+ (\S+)/i.exec(text)?.[1] ?? '?';
  const status = /^SIP\/2\.0 ([0-9]+)/.exec(text)?.[1];
  return status === undefined ? method : `${status} ${method}`;
}

export const peer = (port: number): Peer => ({ transport: 'udp', address: '127.0.0.1', port });

export interface RequestParts {
  readonly callId?: string;
  readonly cseq?: number;
  readonly uri?: string;
}

/** A request as a core would give it to the stack: no Via yet. */
export function newRequest(
  method: string,
  { callId = 'call-1', cseq = 1, uri = 'sip:bob@127.0.0.1' }: RequestParts = {},
): SipRequest {
  const headers = Headers.of([
    ['From', '<sip:alice@127.0.0.1>;tag=alice'],
    ['To', '<sip:bob@127.0.0.1>'],
    ['Call-ID', callId],
    ['CSeq', `${cseq} ${method}`],
    ['Contact', '<sip:alice@127.0.0.1:5060>'],
  ]);
  return { kind: 'request', method, uri, headers, body: EMPTY_BODY };
}
