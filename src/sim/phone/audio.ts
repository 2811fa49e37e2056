// Sound of the small phone: sends a tone and keys as RTP, listens, and tells which tone it heard last.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodingTable, encodingTable, FRAME_SAMPLES as FRAME, FRAME_MS, PCMU } from '../../switch/rtp/g711.js';

const FULL_SCALE = 32_768;
/** Mean square below which nobody speaks. */
const SILENT = 1e-5;
const CODES = encodingTable(PCMU);
const SAMPLES = decodingTable(PCMU);
const EVENT_TYPE = 101;
const KEYS = '0123456789*#ABCD';
/** The listener remembers this much. */
const KEPT_SAMPLES = 8000 * 60;

export class PhoneAudio {
  readonly address: string;
  readonly port: number;
  /** Keys received as RFC 4733 events, once each. */
  readonly keys: string[] = [];
  /** Gets what is heard, −1 … 1 at 8 kHz, packet by packet. */
  onSamples: (samples: readonly number[]) => void = () => undefined;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #heard: number[] = [];
  #toneHertz = 0;
  #phase = 0;
  #sequence = 1;
  #timestamp = 160;
  #target: { readonly address: string; readonly port: number } | 'nowhere' | 'closed' = 'nowhere';
  #lastEvent = -1;
  #lastMs = 0;
  packets = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    ({ address: this.address, port: this.port } = socket.address());
    socket.on('message', (packet) => this.#receive(packet));
    this.#timer = setInterval(() => this.#frame(), FRAME_MS);
  }

  static async open(address = '127.0.0.1'): Promise<PhoneAudio> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new PhoneAudio(socket);
  }

  get sdp(): string {
    return this.sdpWith('sendrecv');
  }

  sdpWith(direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive', version = 1): string {
    return [
      'v=0',
      `o=phone 1 ${version} IN IP4 ${this.address}`,
      's=-',
      `c=IN IP4 ${this.address}`,
      't=0 0',
      `m=audio ${this.port} RTP/AVP 0 ${EVENT_TYPE}`,
      'a=rtpmap:0 PCMU/8000',
      `a=rtpmap:${EVENT_TYPE} telephone-event/8000`,
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Where it sends to. */
  get target(): { readonly address: string; readonly port: number } | undefined {
    return typeof this.#target === 'string' ? undefined : this.#target;
  }

  /** Sends to where this SDP says. */
  connect(sdp: string): void {
    if (this.#target === 'closed') return;
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0);
    this.#target = address === undefined || port === 0 ? 'nowhere' : { address, port };
  }

  /** Says this tone from now on; 0: silence. */
  say(hertz: number): void {
    this.#toneHertz = hertz;
  }

  /** Presses a key for 100 ms (RFC 4733: end packet three times). */
  async press(key: string): Promise<void> {
    const code = KEYS.indexOf(key);
    const start = this.#timestamp;
    for (let frame = 1; frame <= 8; frame++) {
      const last = frame > 5;
      const payload = Buffer.from([code, (last ? 0x80 : 0) | 10, 0, 0]);
      payload.writeUInt16BE(Math.min(frame, 5) * FRAME, 2);
      this.#send(payload, EVENT_TYPE, start, frame === 1);
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
  }

  /** Forgets what was heard. */
  forget(): void {
    this.#heard = [];
  }

  /** The tone of `candidates` in the last 200 ms, 0 for silence, undefined for something else or nothing at all. */
  tone(candidates: readonly number[]): number | undefined {
    // Whoever has nothing to say may send nothing at all.
    if (this.packets > 0 && performance.now() - this.#lastMs > 200) return 0;
    const window = this.#heard.slice(-1600);
    if (window.length < 1600) return undefined;
    return toneOf(window, candidates);
  }

  /** All tones of `candidates` that are mixed in what was heard in the last 200 ms, in their order. */
  tones(candidates: readonly number[]): readonly number[] {
    if (performance.now() - this.#lastMs > 200) return [];
    return tonesOf(this.#heard.slice(-1600), candidates);
  }

  /** Says nothing more, also the keys that are being pressed. */
  close(): void {
    clearInterval(this.#timer);
    this.#target = 'closed';
    this.#socket.close();
  }

  #frame(): void {
    const payload = Buffer.alloc(FRAME, 0xff);
    if (this.#toneHertz > 0) {
      for (let at = 0; at < FRAME; at++) {
        payload[at] = CODES[Math.round(0.4 * FULL_SCALE * Math.sin(this.#phase)) & 0xffff] ?? 0xff;
        this.#phase += (2 * Math.PI * this.#toneHertz) / 8000;
      }
    }
    this.#send(payload, 0, this.#timestamp, false);
    this.#timestamp += FRAME;
  }

  #send(payload: Buffer, type: number, timestamp: number, marker: boolean): void {
    if (this.target === undefined) return;
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = type | (marker ? 0x80 : 0);
    head.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    head.writeUInt32BE(timestamp >>> 0, 4);
    head.writeUInt32BE(this.port, 8);
    this.#socket.send(Buffer.concat([head, payload]), this.target.port, this.target.address, () => undefined);
  }

  #receive(packet: Buffer): void {
    if (packet.length < 12) return;
    const type = (packet[1] ?? 0) & 0x7f;
    if (type === EVENT_TYPE) {
      const timestamp = packet.readUInt32BE(4);
      if (timestamp !== this.#lastEvent) this.keys.push(KEYS[packet[12] ?? 0] ?? '?');
      this.#lastEvent = timestamp;
    } else if (type === 0) {
      this.packets += 1;
      this.#lastMs = performance.now();
      const samples = Array.from(packet.subarray(12), (byte) => (SAMPLES[byte] ?? 0) / FULL_SCALE);
      this.#heard.push(...samples);
      this.onSamples(samples);
      if (this.#heard.length > KEPT_SAMPLES) this.#heard = this.#heard.slice(-KEPT_SAMPLES / 2);
    }
  }
}

/** Those of `candidates` (Hz) that together make up a mix: each with more than a tenth of the power; none in silence. */
export function tonesOf(samples: ArrayLike<number>, candidates: readonly number[]): readonly number[] {
  const power = powerOf(samples);
  if (power < SILENT) return [];
  return candidates.filter((hertz) => goertzel(samples, hertz) > 0.1 * power);
}

/** Which of `candidates` (Hz) has more than half of the power; 0 for silence, undefined for something else. */
export function toneOf(samples: ArrayLike<number>, candidates: readonly number[]): number | undefined {
  const power = powerOf(samples);
  if (power < SILENT) return 0;
  return candidates.find((hertz) => goertzel(samples, hertz) > 0.5 * power);
}

function powerOf(samples: ArrayLike<number>): number {
  let power = 0;
  for (let at = 0; at < samples.length; at++) power += (samples[at] ?? 0) ** 2 / samples.length;
  return power;
}

/** Power of one frequency, as the mean square of that sine. */
function goertzel(samples: ArrayLike<number>, hertz: number): number {
  let [real, imaginary] = [0, 0];
  for (let at = 0; at < samples.length; at++) {
    const angle = (2 * Math.PI * hertz * at) / 8000;
    real += (samples[at] ?? 0) * Math.cos(angle);
    imaginary += (samples[at] ?? 0) * Math.sin(angle);
  }
  return (2 * (real * real + imaginary * imaginary)) / (samples.length * samples.length);
}
