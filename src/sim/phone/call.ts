// One call of the small phone, made or received: what happened is there to be waited for, what to do is a method.
import type { PhoneAudio } from './audio.js';
import { build, header, type Message, statusOf, tagOf, uriOf } from './message.js';

export interface CallTransport {
  readonly contact: string;
  send(text: string): void;
  via(): string;
}

/** Settles when something was seen on the wire. */
class Happening<T> {
  readonly seen: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  happened = false;

  constructor() {
    this.seen = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  now(value: T): void {
    this.happened = true;
    this.#resolve(value);
  }
}

export class PhoneCall {
  readonly audio: PhoneAudio;
  readonly callId: string;
  /** The INVITE, as sent or received. */
  readonly invite: Message;
  /** Final answer to our INVITE. */
  readonly final = new Happening<Message>();
  readonly provisional: number[] = [];
  readonly acked = new Happening<Message>();
  readonly cancelled = new Happening<Message>();
  readonly byeReceived = new Happening<Message>();
  readonly answers: Message[] = [];
  /** For a call without an offer of its own: the answer goes into the ACK. */
  answerInAck = false;
  /** We sent BYE. */
  hungUp = false;
  /** What it does when it is cancelled; a real phone says 487. */
  onCancel: () => void = () => this.reject(487, 'Request Terminated');
  readonly #transport: CallTransport;
  readonly outgoing: boolean;
  readonly #tag = Math.random().toString(36).slice(2);
  #remote: string;
  #remoteTarget: string;
  #cseq: number;
  #via: string;

  constructor(transport: CallTransport, audio: PhoneAudio, invite: Message, outgoing: boolean) {
    this.#transport = transport;
    this.audio = audio;
    this.invite = invite;
    this.outgoing = outgoing;
    this.callId = header(invite, 'call-id');
    this.#remote = header(invite, outgoing ? 'to' : 'from');
    this.#remoteTarget = outgoing ? (invite.start.split(' ')[1] ?? '') : uriOf(header(invite, 'contact'));
    this.#cseq = outgoing ? Number.parseInt(header(invite, 'cseq'), 10) : 1;
    this.#via = header(invite, 'via');
    if (!outgoing && invite.body !== '') audio.connect(invite.body);
  }

  // ── incoming ──

  ring(): void {
    this.#respond(180, 'Ringing');
  }

  /** 200 with SDP; `sdp` when it is to be another than the phone's own. */
  answer(sdp = this.audio.sdp): void {
    this.#respond(200, 'OK', sdp);
  }

  reject(status: number, reason = 'No'): void {
    this.#respond(status, reason);
  }

  #respond(status: number, reason: string, sdp = ''): void {
    const to = header(this.invite, 'to');
    this.#transport.send(
      build(
        `SIP/2.0 ${status} ${reason}`,
        {
          Via: this.invite.headers.get('via') ?? [],
          From: header(this.invite, 'from'),
          To: to.includes(';tag=') ? to : `${to};tag=${this.#tag}`,
          'Call-ID': this.callId,
          CSeq: header(this.invite, 'cseq'),
          Contact: `<${this.#transport.contact}>`,
        },
        sdp,
      ),
    );
  }

  // ── outgoing ──

  onResponse(message: Message): void {
    const status = statusOf(message);
    this.answers.push(message);
    if (status < 200) {
      if (status > 100) this.provisional.push(status);
      return;
    }
    this.#remote = header(message, 'to');
    if (status < 300) {
      this.#remoteTarget = uriOf(header(message, 'contact'));
      if (message.body !== '') this.audio.connect(message.body);
    }
    const answer = this.answerInAck && status < 300 ? this.audio.sdp : '';
    this.#request('ACK', status < 300 ? this.#transport.via() : this.#via, {}, answer, this.#inviteCseq(message));
    if (!this.final.happened) this.final.now(message);
  }

  #inviteCseq(message: Message): number {
    return Number.parseInt(header(message, 'cseq'), 10);
  }

  cancel(): void {
    const start = this.invite.start.replace(/^INVITE/, 'CANCEL');
    this.#transport.send(
      build(start, {
        Via: this.#via,
        From: header(this.invite, 'from'),
        To: header(this.invite, 'to'),
        'Call-ID': this.callId,
        CSeq: `${Number.parseInt(header(this.invite, 'cseq'), 10)} CANCEL`,
        'Max-Forwards': '70',
      }),
    );
  }

  // ── in the dialog ──

  bye(): void {
    this.hungUp = true;
    this.#request('BYE', this.#transport.via());
  }

  /** A key as SIP INFO. */
  info(key: string): void {
    this.#request(
      'INFO',
      this.#transport.via(),
      { 'Content-Type': 'application/dtmf-relay' },
      `Signal=${key}\r\nDuration=160\r\n`,
    );
  }

  /** re-INVITE; the answer is among {@link answers}, and acknowledged. */
  reinvite(sdp: string): void {
    this.#request('INVITE', this.#transport.via(), { Contact: `<${this.#transport.contact}>` }, sdp);
  }

  /** REFER (RFC 3515): whoever is at the other side is to be transferred there. */
  refer(to: string): void {
    const contact = `<${this.#transport.contact}>`;
    this.#request('REFER', this.#transport.via(), { Contact: contact, 'Refer-To': `<${to}>` });
  }

  #request(method: string, via: string, extra: Record<string, string> = {}, body = '', cseq?: number): void {
    const own = header(this.invite, this.outgoing ? 'from' : 'to');
    const number = cseq ?? ++this.#cseq;
    this.#transport.send(
      build(
        `${method} ${this.#remoteTarget} SIP/2.0`,
        {
          Via: via,
          'Max-Forwards': '70',
          From: tagOf(own) === '' ? `${own};tag=${this.#tag}` : own,
          To: this.#remote,
          'Call-ID': this.callId,
          CSeq: `${number} ${method}`,
          ...extra,
        },
        body,
      ),
    );
  }
}
