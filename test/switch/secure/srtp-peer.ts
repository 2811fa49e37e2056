// The RTP half of a desk phone with SDES: a tone out, what it hears in, everything under its keys.
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { decode, encode, PCMU } from '../../../src/switch/rtp/g711.js';
import { MASTER_BYTES, type Suite } from '../../../src/switch/secure/session-keys.js';
import { SrtpReceiver, SrtpSender } from '../../../src/switch/secure/srtp.js';

const FRAME_SAMPLES = 160;

export class SrtpPeer {
  readonly #socket: Socket;
  readonly #rtcp: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly suite: Suite;
  readonly key: string;
  #sender: SrtpSender;
  #receiver: SrtpReceiver | undefined;
  #remotePort = 0;
  #sequence = 0xfff0;
  #sample = 0;
  #hz: number | undefined;
  #heard: Int16Array[] = [];
  refused = 0;
  reports = 0;

  private constructor(socket: Socket, rtcp: Socket, suite: Suite) {
    this.#socket = socket;
    this.#rtcp = rtcp;
    this.suite = suite;
    this.key = randomBytes(MASTER_BYTES).toString('base64');
    this.#sender = new SrtpSender(suite, Buffer.from(this.key, 'base64'));
    socket.on('message', (packet) => this.#hear(packet));
    rtcp.on('message', (packet) => {
      if (this.#receiver?.unprotectRtcp(packet)) this.reports++;
    });
    this.#timer = setInterval(() => this.#say(), 20);
  }

  static async open(suite: Suite): Promise<SrtpPeer> {
    for (;;) {
      const [socket, rtcp] = [createSocket('udp4'), createSocket('udp4')];
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      const port = socket.address().port + 1;
      const isBound = await new Promise<boolean>((resolve) => {
        rtcp.once('error', () => resolve(false));
        rtcp.bind(port, '127.0.0.1', () => resolve(true));
      });
      if (isBound) return new SrtpPeer(socket, rtcp, suite);
      socket.close();
    }
  }

  get sdp(): string {
    const { port } = this.#socket.address();
    return [
      'v=0',
      'o=- 7 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${port} RTP/SAVP 0`,
      `a=crypto:1 ${this.suite} inline:${this.key}`,
      'a=rtpmap:0 PCMU/8000',
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  follow(sdp: string): void {
    const crypto = new RegExp(`^a=crypto:\\d+ ${this.suite} inline:(\\S+)`, 'm').exec(sdp)?.[1];
    if (crypto === undefined) throw new Error(`no key for ${this.suite} in ${sdp}`);
    this.#receiver = new SrtpReceiver(this.suite, Buffer.from(crypto, 'base64'));
    this.#remotePort = Number(/^m=audio (\d+) RTP\/SAVP /m.exec(sdp)?.[1]);
  }

  say(hz: number): void {
    this.#hz = hz;
  }

  /** From now on with a key that nobody was told. */
  useWrongKey(): void {
    this.#sender = new SrtpSender(this.suite, randomBytes(MASTER_BYTES));
  }

  forget(): void {
    this.#heard = [];
  }

  get samples(): Int16Array {
    return Int16Array.from(this.#heard.flatMap((frame) => [...frame]));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
    this.#rtcp.close();
  }

  #say(): void {
    if (this.#remotePort === 0) return;
    const samples = new Int16Array(FRAME_SAMPLES);
    const step = (2 * Math.PI * (this.#hz ?? 0)) / 8_000;
    for (let at = 0; at < FRAME_SAMPLES; at++) samples[at] = Math.round(9_000 * Math.sin(step * (this.#sample + at)));
    const packet = Buffer.concat([Buffer.alloc(12), encode(samples, PCMU)]);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    packet.writeUInt32BE(this.#sample, 4);
    packet.writeUInt32BE(0x5d5d_5d5d, 8);
    this.#sample += FRAME_SAMPLES;
    this.#socket.send(Buffer.from(this.#sender.protectRtp(packet)), this.#remotePort, '127.0.0.1');
  }

  #hear(packet: Buffer): void {
    const clear = this.#receiver?.unprotectRtp(packet);
    if (clear === undefined) this.refused++;
    else this.#heard.push(decode(clear.subarray(12), PCMU));
  }
}
