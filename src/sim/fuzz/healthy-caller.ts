// A well-behaved caller beside the fuzzer: asks whether the switch still serves, and holds a call whose ports are fuzzed.
import { createServer, type Server } from 'node:net';
import { systemClock } from '../../lib/clock.js';
import { systemIds } from '../../lib/ids.js';
import { silentLog } from '../../lib/log.js';
import { dialogFromResponse, requestInDialog } from '../../switch/sip/dialog.js';
import { Headers } from '../../switch/sip/message/headers.js';
import type { SipRequest, SipResponse } from '../../switch/sip/message/message.js';
import { makeResponse } from '../../switch/sip/message/response.js';
import { openStack, type SipStack } from '../../switch/sip/stack.js';

export interface HeldCall {
  /** Where the switch receives the media of this call. */
  readonly mediaPort: number;
  readonly isUp: boolean;
  hangUp(): void;
}

export class HealthyCaller {
  private constructor(
    readonly stack: SipStack,
    readonly control: Server,
    readonly ended: Set<string>,
  ) {}

  static async open(): Promise<HealthyCaller> {
    const ended = new Set<string>();
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: 0 }] as const;
    const stack = await openStack(
      { listen, clock: systemClock, ids: systemIds, log: silentLog },
      {
        onRequest(transaction) {
          const { request, localTag } = transaction;
          if (request.method === 'BYE') ended.add(request.headers.get('Call-ID') ?? '');
          transaction.respond(makeResponse(request, 200, { toTag: localTag }));
        },
        onCancel: (transaction) => void transaction.respond(makeResponse(transaction.request, 487)),
        onAck: () => undefined,
      },
    );
    // The media server asks it who controls a call: nobody does much.
    const control = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume();
      socket.write('connect\n\n');
    });
    await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
    return new HealthyCaller(stack, control, ended);
  }

  /** Milliseconds until OPTIONS is answered 200; Infinity when it is not within `limitMs`. */
  async options(port: number, limitMs: number): Promise<number> {
    const startMs = systemClock.monotonicMs();
    const answer = await this.#final(this.#request('OPTIONS', port), port, limitMs);
    return answer?.status === 200 ? systemClock.monotonicMs() - startMs : Number.POSITIVE_INFINITY;
  }

  /** A call to the media server with that session description; undefined when it is not accepted within `limitMs`. */
  async call(port: number, sdp: Buffer, limitMs: number): Promise<HeldCall | undefined> {
    const invite = { ...this.invite(port), body: sdp };
    const answer = await this.#final(invite, port, limitMs);
    if (answer === undefined || answer.status >= 300) return undefined;
    const dialog = dialogFromResponse(invite, answer);
    if (dialog === undefined) return undefined;
    const to = { transport: 'udp', address: '127.0.0.1', port } as const;
    const ack = requestInDialog(dialog, 'ACK', { cseq: 1 });
    this.stack.send(ack.request, to);
    const { ended, stack } = this;
    return {
      mediaPort: Number(/^m=audio (\d+)/m.exec(answer.body.toString())?.[1] ?? 0),
      get isUp() {
        return !ended.has(dialog.callId);
      },
      hangUp() {
        const bye = requestInDialog(ack.dialog, 'BYE').request;
        stack.request(bye, to, { onResponse: () => undefined, onFailure: () => undefined });
      },
    };
  }

  /** An INVITE as drachtio-fsmrf sends it, without body. */
  invite(port: number): SipRequest {
    const { port: controlPort } = this.control.address() as { port: number };
    const invite = this.#request('INVITE', port);
    invite.headers.append('X-esl-outbound', `127.0.0.1:${controlPort}`).append('Content-Type', 'application/sdp');
    return invite;
  }

  async close(): Promise<void> {
    this.control.close();
    await this.stack.close();
  }

  #request(method: string, port: number): SipRequest {
    const own = this.stack.listeners[0]?.port ?? 0;
    const headers = Headers.of([
      ['From', `<sip:healthy@127.0.0.1:${own}>;tag=${systemIds.token(6)}`],
      ['To', `<sip:service@127.0.0.1:${port}>`],
      ['Call-ID', systemIds.uuid()],
      ['CSeq', `1 ${method}`],
      ['Contact', `<sip:healthy@127.0.0.1:${own}>`],
    ]);
    return { kind: 'request', method, uri: `sip:service@127.0.0.1:${port}`, headers, body: Buffer.alloc(0) };
  }

  #final(request: SipRequest, port: number, limitMs: number): Promise<SipResponse | undefined> {
    return new Promise((resolve) => {
      const limit = systemClock.after(limitMs, () => resolve(undefined));
      const end = (response?: SipResponse): void => {
        limit.cancel();
        resolve(response);
      };
      const to = { transport: 'udp', address: '127.0.0.1', port } as const;
      this.stack.request(request, to, {
        onResponse: (response) => {
          if (response.status >= 200) end(response);
        },
        onFailure: () => end(),
      });
    });
  }
}
