// Text of the small phone: what is typed goes out as RFC 4103, what the other side types is kept. It loses packets when told.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { emptyRtpPacket, RTP_HEADER_BYTES, readRtp, writeRtpHeader } from '../../switch/rtp/packet.js';
import { TextReceiver } from '../../switch/text/text-receiver.js';
import { CPS_DEFAULT, INTERVAL_MS, TextSender } from '../../switch/text/text-sender.js';

const FORMAT = { t140: 98, red: 100, cps: CPS_DEFAULT };

export class PhoneText {
  readonly port: number;
  /** All that the other side has typed so far. */
  read = '';
  /** True: the packet with this number (from 0) is lost on the way out. */
  loses: (packet: number) => boolean = () => false;
  readonly #socket: Socket;
  readonly #sender = new TextSender(FORMAT);
  readonly #receiver = new TextReceiver(FORMAT);
  readonly #timer: NodeJS.Timeout;
  #target: { readonly address: string; readonly port: number } | undefined;
  #packets = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (datagram) => this.#receive(datagram));
    this.#timer = setInterval(() => this.#send(), INTERVAL_MS);
  }

  static async open(address = '127.0.0.1'): Promise<PhoneText> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new PhoneText(socket);
  }

  /** The lines for an SDP, to be put behind those of the audio. */
  get sdp(): string {
    return [
      `m=text ${this.port} RTP/AVP ${FORMAT.red} ${FORMAT.t140}`,
      `a=rtpmap:${FORMAT.t140} t140/1000`,
      `a=rtpmap:${FORMAT.red} red/1000`,
      `a=fmtp:${FORMAT.red} ${FORMAT.t140}/${FORMAT.t140}/${FORMAT.t140}`,
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  /** Types to where this SDP says; nowhere when it refuses text. */
  connect(sdp: string): void {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
    const port = Number(/^m=text (\d+)/m.exec(sdp)?.[1] ?? 0);
    this.#target = address === undefined || port === 0 ? undefined : { address, port };
  }

  get connected(): boolean {
    return this.#target !== undefined;
  }

  type(text: string): void {
    this.#sender.write(text);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #send(): void {
    if (this.#target === undefined || !this.#sender.busy) return;
    const { payloadType, payload, marker } = this.#sender.next(performance.now());
    const sequence = this.#packets++;
    if (this.loses(sequence)) return;
    const head = Buffer.alloc(RTP_HEADER_BYTES);
    writeRtpHeader(head, { marker, payloadType, sequence, timestamp: Math.floor(performance.now()), ssrc: this.port });
    this.#socket.send(Buffer.concat([head, payload]), this.#target.port, this.#target.address, () => undefined);
  }

  #receive(datagram: Buffer): void {
    const packet = emptyRtpPacket();
    if (readRtp(datagram, packet)) this.read += this.#receiver.receive(datagram, packet) ?? '';
  }
}
