// The RTP half of a phone: sends tones and keys at its own pace, keeps what it hears, tells which tone that was.
import { createSocket, type Socket } from 'node:dgram';
import { decode, PCMU } from '../../../src/switch/rtp/g711.js';
import { encodingTable } from './tones.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
const RATE = 8_000;

export class RtpPeer {
  readonly #socket: Socket;
  #remotePort = 0;
  #sequence = 1_000;
  #timestamp = 50_000;
  #hz: number | undefined;
  #sendingKey = false;
  readonly #timer: NodeJS.Timeout;
  #heard: Int16Array[] = [];
  keys = '';
  #isOpen = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (packet) => this.#receive(packet));
    this.#timer = setInterval(() => this.#tick(), FRAME_MS);
  }

  static async open(): Promise<RtpPeer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new RtpPeer(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get sdp(): string {
    return [
      'v=0',
      'o=- 7 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.port} RTP/AVP 0 8 101`,
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  /** Where to send: read from the description the switch gave us. */
  follow(sdp: string): void {
    this.#remotePort = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0);
  }

  /** A tone without end; undefined = silence that is still sent. */
  say(hz: number | undefined): void {
    this.#hz = hz;
  }

  /** Presses a key for 100 ms, RFC 4733: three ends. */
  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      this.#sendingKey = true;
      const event = '0123456789*#'.indexOf(digit);
      const timestamp = this.#timestamp;
      for (let packet = 1; packet <= 5; packet++) {
        this.#sendEvent(event, packet * FRAME_SAMPLES, timestamp, packet === 1, false);
        await pause(FRAME_MS);
      }
      for (let end = 0; end < 3; end++) this.#sendEvent(event, 6 * FRAME_SAMPLES, timestamp, false, true);
      this.#timestamp += 6 * FRAME_SAMPLES;
      this.#sendingKey = false;
      await pause(60);
    }
  }

  forget(): void {
    this.#heard = [];
  }

  /** Samples heard since {@link forget}. */
  get samples(): Int16Array {
    const all = new Int16Array(this.#heard.reduce((sum, frame) => sum + frame.length, 0));
    let at = 0;
    for (const frame of this.#heard) {
      all.set(frame, at);
      at += frame.length;
    }
    return all;
  }

  /** Sends nothing more, also the keys that are being pressed. */
  close(): void {
    clearInterval(this.#timer);
    this.#isOpen = false;
    this.#socket.close();
  }

  #tick(): void {
    if (this.#remotePort === 0 || this.#sendingKey) return;
    const packet = this.#header(0, this.#timestamp, false, 12 + FRAME_SAMPLES);
    for (let index = 0; index < FRAME_SAMPLES; index++) {
      const at = this.#timestamp + index;
      const sample = this.#hz === undefined ? 0 : Math.round(9_000 * Math.sin((2 * Math.PI * this.#hz * at) / RATE));
      packet[12 + index] = encodingTable[sample & 0xffff] ?? 0xff;
    }
    this.#timestamp += FRAME_SAMPLES;
    this.#socket.send(packet, this.#remotePort, '127.0.0.1');
  }

  #sendEvent(event: number, duration: number, timestamp: number, marker: boolean, end: boolean): void {
    const packet = this.#header(101, timestamp, marker, 16);
    packet[12] = event;
    packet[13] = (end ? 0x80 : 0) | 10;
    packet.writeUInt16BE(duration, 14);
    if (this.#isOpen) this.#socket.send(packet, this.#remotePort, '127.0.0.1');
  }

  #header(payloadType: number, timestamp: number, marker: boolean, length: number): Buffer {
    const packet = Buffer.alloc(length);
    packet[0] = 0x80;
    packet[1] = payloadType | (marker ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    packet.writeUInt32BE(0x1234_0000 + this.port, 8);
    return packet;
  }

  #receive(packet: Buffer): void {
    const payloadType = (packet[1] ?? 0) & 0x7f;
    if (payloadType === 101 && ((packet[13] ?? 0) & 0x80) !== 0) {
      const timestamp = packet.readUInt32BE(4);
      if (timestamp !== this.#lastKeyAt) this.keys += '0123456789*#'.charAt(packet[12] ?? 15);
      this.#lastKeyAt = timestamp;
    } else if (payloadType === PCMU) this.#heard.push(decode(packet.subarray(12), PCMU));
  }

  #lastKeyAt: number | undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
