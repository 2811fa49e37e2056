// Owns the SIP profile of the media server: who may call, which call a request belongs to, what is refused at once.
import type { Channels } from '../channel/channels.js';
import { parseTarget } from '../control/event-socket/server.js';
import type { SipRequest } from '../sip/message/message.js';
import { tagOf } from '../sip/message/name-address.js';
import { makeResponse } from '../sip/message/response.js';
import { PacedLog } from '../sip/paced-log.js';
import type { StackHandlers } from '../sip/stack.js';
import type { ServerTransaction } from '../sip/transaction/transaction.js';
import { ALLOW, RETRY_AFTER_SECONDS, SipCall, type SipCallPorts } from './sip-call.js';

export interface SipFacePorts extends Omit<SipCallPorts, 'onAnswered' | 'onOver'> {
  readonly channels: Channels;
  /** Most calls, those being set up included. */
  readonly callsMax: number;
  /** Only the signalling side may call; everybody else gets 403. */
  allowed(address: string): boolean;
}

export class SipFace implements StackHandlers {
  /** Set once the stack is open; requests cannot come earlier. */
  #ports: SipFacePorts | undefined;
  #refusals: PacedLog | undefined;
  readonly #calls = new Map<string, SipCall>();
  readonly #opening = new Map<ServerTransaction, SipCall>();

  start(ports: SipFacePorts): void {
    this.#ports = ports;
    this.#refusals = new PacedLog(ports.log, ports.channelPorts.core.clock);
  }

  get size(): number {
    return this.#calls.size;
  }

  onRequest(transaction: ServerTransaction): void {
    const ports = this.#ports;
    if (!ports) return;
    const { request, source } = transaction;
    if (!ports.allowed(source.address)) {
      this.#refusals?.warn({ source: source.address, method: request.method }, 'request from a stranger refused');
      this.#refuse(transaction, 403);
      return;
    }
    const toTag = tagOf(request.headers.get('To'));
    if (toTag !== undefined) {
      const call = this.#calls.get(keyOf(request.headers.get('Call-ID'), toTag));
      if (call) call.handle(transaction);
      else this.#refuse(transaction, 481);
    } else if (request.method === 'INVITE') this.#invite(transaction, ports);
    else if (request.method === 'OPTIONS') this.#refuse(transaction, 200, { Allow: ALLOW, Accept: 'application/sdp' });
    else this.#refuse(transaction, request.method === 'BYE' ? 481 : 405, { Allow: ALLOW });
  }

  onCancel(transaction: ServerTransaction): void {
    this.#opening.get(transaction)?.cancel();
  }

  onAck(ack: SipRequest): void {
    const { headers } = ack;
    this.#calls.get(keyOf(headers.get('Call-ID'), tagOf(headers.get('To'))))?.acknowledge(ack);
  }

  #invite(transaction: ServerTransaction, ports: SipFacePorts): void {
    const { headers, body } = transaction.request;
    const target = headers.get('X-esl-outbound') ?? '';
    const type = headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
    const required = headers.list('Require');
    if (required.length > 0) this.#refuse(transaction, 420, { Unsupported: required.join(', ') });
    else if (body.length > 0 && type !== 'application/sdp')
      this.#refuse(transaction, 415, { Accept: 'application/sdp' });
    else if (!parseTarget(target))
      this.#refuse(transaction, 404); // nobody to control the channel
    else if (this.#calls.size >= ports.callsMax) {
      this.#refusals?.warn({ calls: this.#calls.size }, 'no room for another call');
      this.#refuse(transaction, 503, { 'Retry-After': String(RETRY_AFTER_SECONDS) });
    } else this.#open(transaction, target, ports);
  }

  #open(transaction: ServerTransaction, target: string, ports: SipFacePorts): void {
    const call = new SipCall(transaction, target, {
      ...ports,
      onAnswered: (_, channel) => {
        ports.channels.add(channel);
        channel.onOver(() => ports.channels.delete(channel));
      },
      onOver: ({ callId, localTag }) => this.#calls.delete(keyOf(callId, localTag)),
    });
    this.#calls.set(keyOf(call.callId, call.localTag), call);
    this.#opening.set(transaction, call);
    void call.open().finally(() => this.#opening.delete(transaction));
  }

  #refuse(transaction: ServerTransaction, status: number, headers: Record<string, string> = {}): void {
    const { request, localTag } = transaction;
    transaction.respond(makeResponse(request, status, { toTag: localTag, headers: Object.entries(headers) }));
  }
}

function keyOf(callId: string | undefined, localTag: string | undefined): string {
  return `${callId ?? ''};${localTag ?? ''}`;
}
