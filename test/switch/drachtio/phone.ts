// A SIP phone without a mind of its own: a UDP socket that sends what a test says and keeps what comes.
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { parseCSeq } from '../../../src/switch/sip/message/cseq.js';
import { Headers } from '../../../src/switch/sip/message/headers.js';
import type { SipMessage, SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { tagOf, uriOf } from '../../../src/switch/sip/message/name-address.js';
import { parseMessage } from '../../../src/switch/sip/message/parse.js';
import { makeResponse } from '../../../src/switch/sip/message/response.js';
import { serialise } from '../../../src/switch/sip/message/serialise.js';

const WAIT_MS = 10_000;

export const OFFER =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n';

export interface Extra {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly reason?: string;
  /** Request-URI of a request outside a dialog. */
  readonly uri?: string;
  /** Not to the port that the request names: to a proxy on the way. */
  readonly to?: number;
  /** Made, but not sent. */
  readonly silent?: boolean;
}

export class Phone {
  readonly #socket: Socket;
  readonly #inbox: SipMessage[] = [];
  readonly #unreadable: string[] = [];
  #isOpen = true;
  #onArrival: () => void = () => undefined;
  #serial = 0;

  private constructor(
    socket: Socket,
    /** Its own, and the server's. */
    readonly address: string,
  ) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      // Our port may have been that of a browser or of RTP a moment ago: STUN, DTLS and RTP are told by the first byte (RFC 7983 §7).
      if (isMedia(bytes)) return;
      const parsed = parseMessage(bytes);
      // Told to whoever waits for something: there is nobody else who could be told.
      if (parsed.ok) this.#inbox.push(parsed.message);
      else this.#unreadable.push(bytes.toString());
      this.#onArrival();
    });
    // What cannot be sent is lost: who waits for an answer says so.
    socket.on('error', () => undefined);
  }

  static async open(address = '127.0.0.1'): Promise<Phone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    return new Phone(socket, address);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get uri(): string {
    return `sip:bob@${this.address}:${this.port}`;
  }

  close(): void {
    this.#isOpen = false;
    this.#socket.close();
  }

  /** Nothing once it is closed. */
  send(message: SipMessage | string, port: number): void {
    if (!this.#isOpen) return;
    this.#socket.send(typeof message === 'string' ? message : serialise(message), port, this.address);
  }

  /** An INVITE, or another request outside a dialog, to the server at `port`. */
  ask(method: string, port: number, { headers = {}, body = '', uri }: Extra = {}): SipRequest {
    const serial = ++this.#serial;
    const request = this.#compose(method, uri ?? `sip:service@${this.address}:${port}`, {
      From: `Caller <sip:caller@127.0.0.1>;tag=caller${serial}`,
      To: `<sip:service@${this.address}:${port}>`,
      'Call-ID': `call-${serial}-${this.port}-${randomUUID()}`,
      CSeq: `1 ${method}`,
      Contact: `<sip:caller@${this.address}:${this.port}>`,
      ...(body === '' ? {} : { 'Content-Type': 'application/sdp' }),
      ...headers,
    });
    const complete = { ...request, body: Buffer.from(body) };
    this.send(complete, port);
    return complete;
  }

  /** A request that follows an INVITE of ours; `answer` is the response that made the dialog. */
  follow(method: string, invite: SipRequest, answer: SipResponse, port: number, extra: Extra = {}): SipRequest {
    const number = parseCSeq(invite.headers.get('CSeq') ?? '')?.number ?? 0;
    const given = extra.headers ?? {};
    const request = this.#compose(method, uriOf(answer.headers.get('Contact')) ?? invite.uri, {
      From: invite.headers.get('From') ?? '',
      To: answer.headers.get('To') ?? '',
      'Call-ID': invite.headers.get('Call-ID') ?? '',
      CSeq: `${method === 'ACK' ? number : number + 1} ${method}`,
      ...given,
    });
    const complete = { ...request, body: Buffer.from(extra.body ?? '') };
    this.send(complete, port);
    return complete;
  }

  /** A request of the side that answered `invite`, which `ourAnswer` was. */
  followAsCallee(
    method: string,
    invite: SipRequest,
    ourAnswer: SipResponse,
    cseq: number,
    extra: Extra = {},
  ): SipRequest {
    const target = uriOf(invite.headers.get('Contact')) ?? '';
    const request = this.#compose(method, target, {
      From: ourAnswer.headers.get('To') ?? '',
      To: invite.headers.get('From') ?? '',
      'Call-ID': invite.headers.get('Call-ID') ?? '',
      CSeq: `${cseq} ${method}`,
      ...(extra.headers ?? {}),
    });
    const complete = { ...request, body: Buffer.from(extra.body ?? '') };
    this.send(complete, extra.to ?? Number(/:(\d+)/.exec(target.slice(5))?.[1]));
    return complete;
  }

  /** The CANCEL of an INVITE of ours. */
  cancel(invite: SipRequest, port: number): void {
    const headers = new Headers();
    for (const name of ['Via', 'From', 'To', 'Call-ID']) headers.append(name, invite.headers.get(name) ?? '');
    headers.append('CSeq', '1 CANCEL').append('Max-Forwards', '70');
    this.send({ ...invite, method: 'CANCEL', headers, body: Buffer.alloc(0) }, port);
  }

  answer(
    request: SipRequest,
    status: number,
    { headers = {}, body = '', reason, silent = false }: Extra = {},
  ): SipResponse {
    const contact: Record<string, string> = status < 300 ? { Contact: `<${this.uri}>` } : {};
    const type: Record<string, string> = body === '' ? {} : { 'Content-Type': 'application/sdp' };
    const isNew = tagOf(request.headers.get('To')) === undefined;
    const response = makeResponse(request, status, {
      ...(isNew && status > 100 ? { toTag: headers['To-Tag'] ?? 'callee' } : {}),
      ...(reason === undefined ? {} : { reason }),
      headers: Object.entries({ ...contact, ...type, ...headers }).filter(
        ([name, value]) => name !== 'To-Tag' && value !== '',
      ),
      body: Buffer.from(body),
    });
    const via = request.headers.get('Via') ?? '';
    if (!silent) this.send(response, Number(/:(\d+)/.exec(via)?.[1]));
    return response;
  }

  /** Waits for the next request of that method, skipping nothing else: other messages stay for later. */
  async asked(method: string): Promise<SipRequest> {
    const message = await this.#next(method, (found) => found.kind === 'request' && found.method === method);
    if (message.kind !== 'request') throw new Error('unreachable');
    return message;
  }

  async response(status: number, method?: string): Promise<SipResponse> {
    const message = await this.#next(
      `${status} ${method ?? ''}`,
      (found) =>
        found.kind === 'response' &&
        found.status === status &&
        (method === undefined || (found.headers.get('CSeq') ?? '').endsWith(method)),
    );
    if (message.kind !== 'response') throw new Error('unreachable');
    return message;
  }

  takeAll(): readonly SipMessage[] {
    return this.#inbox.splice(0);
  }

  /** What has come and nobody has asked for. */
  get unread(): readonly string[] {
    return this.#inbox.map((message) => (message.kind === 'request' ? message.method : String(message.status)));
  }

  #compose(method: string, uri: string, fields: Readonly<Record<string, string>>): SipRequest {
    const headers = new Headers();
    headers.append(
      'Via',
      `SIP/2.0/UDP ${this.address}:${this.port};rport;branch=z9hG4bK-${randomUUID()}-${method}-${++this.#serial}`,
    );
    headers.append('Max-Forwards', '70');
    for (const [name, value] of Object.entries(fields)) if (value !== '') headers.set(name, value);
    return { kind: 'request', method, uri, headers, body: Buffer.alloc(0) };
  }

  async #next(what: string, fits: (message: SipMessage) => boolean): Promise<SipMessage> {
    const until = Date.now() + WAIT_MS;
    for (;;) {
      const at = this.#inbox.findIndex(fits);
      const [found] = at < 0 ? [] : this.#inbox.splice(at, 1);
      if (found !== undefined) return found;
      const [unreadable] = this.#unreadable;
      if (unreadable !== undefined) throw new Error(`the phone cannot read ${unreadable}`);
      if (Date.now() > until) throw new Error(`no ${what} came; instead: ${this.unread.join(', ') || 'nothing'}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#onArrival = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function isMedia(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0;
  return first <= 3 || (first >= 20 && first <= 63) || first >= 128;
}
