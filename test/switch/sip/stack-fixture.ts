// Two user agents on a fake network: alice at 5060 calls, bob at 5070 does what the test says.
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { makeResponse } from '../../../src/switch/sip/message/response.js';
import { openStack, type SipStack, type StackHandlers, type StackOptions } from '../../../src/switch/sip/stack.js';
import type { ClientHandlers, ServerTransaction } from '../../../src/switch/sip/transaction/transaction.js';
import { FakeNetwork } from './fake-network.js';

/** Notes everything a stack tells. */
export class Recorder implements StackHandlers {
  readonly told: string[] = [];
  readonly transactions: ServerTransaction[] = [];
  readonly acks: SipRequest[] = [];
  readonly cancels: SipRequest[] = [];
  /** What is done with a request, besides noting it. */
  answer: (transaction: ServerTransaction) => void = () => undefined;

  onRequest(transaction: ServerTransaction): void {
    this.told.push(transaction.request.method);
    this.transactions.push(transaction);
    this.answer(transaction);
  }

  onCancel(transaction: ServerTransaction, cancel: SipRequest): void {
    this.told.push('CANCEL');
    this.cancels.push(cancel);
    transaction.respond(makeResponse(transaction.request, 487, { toTag: transaction.localTag }));
  }

  onLateCancel(): void {
    this.told.push('late CANCEL');
  }

  onAck(ack: SipRequest): void {
    this.told.push('ACK');
    this.acks.push(ack);
  }

  onAckTimeout(): void {
    this.told.push('no ACK');
  }

  onResponseFailure(): void {
    this.told.push('response failed');
  }
}

/** Notes what becomes of one request. */
export class Outcome implements ClientHandlers {
  readonly told: string[] = [];
  readonly responses: SipResponse[] = [];

  onResponse(response: SipResponse): void {
    this.told.push(String(response.status));
    this.responses.push(response);
  }

  onFailure(reason: 'timeout' | 'transport'): void {
    this.told.push(reason);
  }
}

export interface Pair {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly alice: SipStack;
  readonly bob: SipStack;
  readonly aliceHears: Recorder;
  readonly bobHears: Recorder;
}

export async function openPair(options: Partial<StackOptions> = {}): Promise<Pair> {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock);
  const ids = seededIds(seededRandom(1));
  const open = (port: number, handlers: StackHandlers): Promise<SipStack> => {
    const listen = [{ transport: 'udp', address: '127.0.0.1', port }] as const;
    return openStack({ listen, clock, ids, log: silentLog, transports: { udp: network.open }, ...options }, handlers);
  };
  const aliceHears = new Recorder();
  const bobHears = new Recorder();
  const alice = await open(5060, aliceHears);
  const bob = await open(5070, bobHears);
  return { clock, network, alice, bob, aliceHears, bobHears };
}

/** Bob's answer with one status. */
export function answering(...statuses: number[]): (transaction: ServerTransaction) => void {
  return (transaction) => {
    for (const status of statuses) {
      const headers = [['Contact', '<sip:bob@127.0.0.1:5070>']] as const;
      transaction.respond(makeResponse(transaction.request, status, { toTag: transaction.localTag, headers }));
    }
  };
}
