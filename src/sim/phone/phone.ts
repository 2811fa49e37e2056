// A small real SIP telephone for tests and demonstrations: UDP or TCP, RTP, digest. It does what it is told, also what no phone should.
import { createHash } from 'node:crypto';
import { systemClock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import { PhoneAudio } from './audio.js';
import { type CallTransport, PhoneCall } from './call.js';
import { build, header, type Message, methodOf, parse, statusOf } from './message.js';
import { openTcp, openUdp, type Wire } from './wire.js';

const ANSWER_LIMIT_MS = 10_000;

export interface PhoneOptions {
  readonly user: string;
  readonly password?: string;
  readonly server: { readonly host: string; readonly port: number };
  /** Own address: tells trunks and strangers apart. */
  readonly address?: string;
  readonly tcp?: boolean;
  /** Own port with UDP; left out: any that is free. */
  readonly port?: number;
}

export class Phone {
  /** What it does when it is called; nothing at first. */
  onCall: (call: PhoneCall) => void = () => undefined;
  readonly calls: PhoneCall[] = [];
  /** Every message it received. */
  readonly received: Message[] = [];
  readonly #options: PhoneOptions;
  readonly #wire: Wire;
  readonly #transport: CallTransport;
  readonly #waiting = new Map<string, (message: Message) => void>();
  readonly #audios: PhoneAudio[] = [];
  #number = 0;
  #nonceCount = 0;
  #closed = false;

  private constructor(options: PhoneOptions, wire: Wire) {
    this.#options = options;
    this.#wire = wire;
    const { address, port, transport } = wire;
    this.#transport = {
      contact: `sip:${options.user}@${address}:${port}${transport === 'TCP' ? ';transport=tcp' : ''}`,
      send: (text) => wire.send(text),
      via: () => `SIP/2.0/${transport} ${address}:${port};rport;branch=z9hG4bK${this.#unique()}`,
    };
    wire.onMessage((text) => void this.#receive(parse(text)));
  }

  static async open(options: PhoneOptions): Promise<Phone> {
    const address = options.address ?? '127.0.0.1';
    return new Phone(
      options,
      await (options.tcp ? openTcp(options.server, address) : openUdp(options.server, address, options.port)),
    );
  }

  get contact(): string {
    return this.#transport.contact;
  }

  /** Sends REGISTER, answers the challenge if it has a password; resolves with the last answer. */
  async register(options: { expires?: number; contact?: string | null; aor?: string } = {}): Promise<Message> {
    const { host, port } = this.#options.server;
    const uri = `sip:${host}:${port}`;
    const aor = `sip:${options.aor ?? this.#options.user}@${host}`;
    const extra: Record<string, string> = {};
    if (options.contact !== null) extra['Contact'] = options.contact ?? `<${this.#transport.contact}>`;
    extra['Expires'] = String(options.expires ?? 300);
    return this.#authenticated('REGISTER', uri, aor, aor, extra);
  }

  /** Any request outside a dialog; resolves with its answer. */
  options(): Promise<Message> {
    const { host, port } = this.#options.server;
    return this.#ask('OPTIONS', `sip:${host}:${port}`, this.#from(), `sip:${host}`, {});
  }

  /** Calls; `headers` are added, `changeSdp` works on the phone's own offer. */
  async invite(
    user: string,
    options: {
      headers?: Readonly<Record<string, string>>;
      changeSdp?: (sdp: string) => string;
      cseq?: number;
      callId?: string;
    } = {},
  ): Promise<PhoneCall> {
    const { host, port } = this.#options.server;
    const audio = await PhoneAudio.open(this.#wire.address);
    this.#audios.push(audio);
    const text = build(
      `INVITE sip:${user}@${host}:${port} SIP/2.0`,
      {
        Via: this.#transport.via(),
        'Max-Forwards': '70',
        From: `<${this.#from()}>;tag=${this.#unique()}`,
        To: `<sip:${user}@${host}>`,
        'Call-ID': options.callId ?? `${this.#unique()}@phone`,
        CSeq: `${options.cseq ?? 1} INVITE`,
        Contact: `<${this.#transport.contact}>`,
        'User-Agent': 'Hilo test phone',
        ...options.headers,
      },
      options.changeSdp?.(audio.sdp) ?? audio.sdp,
    );
    const call = new PhoneCall(this.#transport, audio, parse(text), true);
    this.calls.push(call);
    this.#transport.send(text);
    return call;
  }

  /** Calls and answers the challenge. */
  async inviteWithPassword(user: string): Promise<PhoneCall> {
    const first = await this.invite(user);
    const challenge = header(await first.final.seen, 'www-authenticate');
    const uri = first.invite.start.split(' ')[1] ?? '';
    return this.invite(user, { headers: { Authorization: this.authorization('INVITE', uri, challenge) }, cseq: 2 });
  }

  /** Raw text to the server. */
  send(text: string): void {
    this.#transport.send(text);
  }

  /** Digest answer to a challenge. */
  authorization(method: string, uri: string, challenge: string, password = this.#options.password ?? ''): string {
    const field = (name: string): string => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? '';
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const { user } = this.#options;
    const [realm, nonce] = [field('realm'), field('nonce')];
    const nc = (++this.#nonceCount).toString(16).padStart(8, '0');
    const answer = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${nc}:abc:auth:${md5(`${method}:${uri}`)}`);
    return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${answer}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="abc"`;
  }

  /** Gone, without a word. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const audio of this.#audios) audio.close();
    this.#wire.close();
  }

  #from(): string {
    return `sip:${this.#options.user}@${this.#options.server.host}`;
  }

  #unique(): string {
    this.#number += 1;
    return `${this.#options.user}-${Math.random().toString(36).slice(2, 10)}-${this.#number}`;
  }

  async #authenticated(
    method: string,
    uri: string,
    from: string,
    to: string,
    extra: Readonly<Record<string, string>>,
  ): Promise<Message> {
    const first = await this.#ask(method, uri, from, to, extra);
    if (statusOf(first) !== 401 || this.#options.password === undefined) return first;
    const authorization = this.authorization(method, uri, header(first, 'www-authenticate'));
    return this.#ask(method, uri, from, to, { ...extra, Authorization: authorization });
  }

  #ask(
    method: string,
    uri: string,
    from: string,
    to: string,
    extra: Readonly<Record<string, string>>,
  ): Promise<Message> {
    const callId = `${this.#unique()}@ask`;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(callId, resolve));
    this.#transport.send(
      build(`${method} ${uri} SIP/2.0`, {
        Via: this.#transport.via(),
        'Max-Forwards': '70',
        From: `<${from}>;tag=${this.#unique()}`,
        To: `<${to}>`,
        'Call-ID': callId,
        CSeq: `${this.#number} ${method}`,
        ...extra,
      }),
    );
    return withTimeOut(systemClock, `answer to ${method}`, ANSWER_LIMIT_MS, answer);
  }

  async #receive(message: Message): Promise<void> {
    if (message.start.trim() === '') return;
    this.received.push(message);
    const callId = header(message, 'call-id');
    if (statusOf(message) > 0) {
      if (statusOf(message) >= 200) this.#waiting.get(callId)?.(message);
      // The newest call with this Call-ID: a repeated INVITE after a challenge has one of its own.
      const call = this.calls.findLast((one) => one.callId === callId);
      if (methodOf(message) === 'INVITE') call?.onResponse(message);
      else call?.answers.push(message);
      return;
    }
    const call = this.calls.find((one) => one.callId === callId);
    switch (methodOf(message)) {
      case 'INVITE':
        if (call === undefined) await this.#called(message);
        else this.#answerInDialog(message, call.audio.sdp);
        return;
      case 'ACK':
        call?.acked.now(message);
        return;
      case 'CANCEL':
        this.#answerInDialog(message);
        call?.onCancel();
        call?.cancelled.now(message);
        return;
      case 'BYE':
        this.#answerInDialog(message);
        call?.byeReceived.now(message);
        return;
      default:
        this.#answerInDialog(message);
    }
  }

  async #called(message: Message): Promise<void> {
    const audio = await PhoneAudio.open(this.#wire.address);
    if (this.#closed) {
      audio.close();
      return;
    }
    this.#audios.push(audio);
    const call = new PhoneCall(this.#transport, audio, message, false);
    this.calls.push(call);
    this.onCall(call);
  }

  #answerInDialog(request: Message, sdp = ''): void {
    this.#transport.send(
      build(
        'SIP/2.0 200 OK',
        {
          Via: request.headers.get('via') ?? [],
          From: header(request, 'from'),
          To: header(request, 'to'),
          'Call-ID': header(request, 'call-id'),
          CSeq: header(request, 'cseq'),
          Contact: `<${this.#transport.contact}>`,
        },
        sdp,
      ),
    );
  }
}
