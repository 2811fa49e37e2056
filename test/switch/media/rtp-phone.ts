// A telephone as far as RTP goes, and an engine on a clock that the test turns: what is played is heard by content.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { type Log, silentLog } from '../../../src/lib/log.js';
import { type EngineChoice, type MediaEngine, openMediaEngine } from '../../../src/switch/media/engine.js';
import type { MediaLeg, RemoteMedia } from '../../../src/switch/media/media-leg.js';
import { decode, encode, type G711, PCMU } from '../../../src/switch/rtp/g711.js';
import { emptyRtpPacket, type RtpPacket, readRtp, writeRtpHeader } from '../../../src/switch/rtp/packet.js';
import { writeKeyEvent } from '../../../src/switch/rtp/telephone-event.js';

export interface HeardPacket extends RtpPacket {
  readonly payload: Buffer;
}

export const TELEPHONE_EVENT = 101;

export class RtpPhone {
  readonly heard: HeardPacket[] = [];
  /** What is not RTP. */
  readonly strange: Buffer[] = [];
  readonly law: G711;
  readonly #socket: Socket;
  /** State of the phone's own stream. */
  ssrc = 0x1000;
  sequence = 500;
  timestamp = 77_000;
  #leg: MediaLeg | undefined;

  constructor(socket: Socket, law: G711) {
    this.#socket = socket;
    this.law = law;
    socket.on('error', () => undefined);
    socket.on('message', (datagram) => {
      const packet = emptyRtpPacket();
      if (!readRtp(datagram, packet)) this.strange.push(datagram);
      else this.heard.push({ ...packet, payload: datagram.subarray(packet.payloadStart, packet.payloadEnd) });
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** What the signalling side would have learnt of this phone. */
  remote(own: Partial<RemoteMedia> = {}): RemoteMedia {
    return {
      address: '127.0.0.1',
      port: this.port,
      payloadType: this.law,
      telephoneEvent: TELEPHONE_EVENT,
      send: true,
      receive: true,
      latch: true,
      ...own,
    };
  }

  talkTo(leg: MediaLeg): void {
    this.#leg = leg;
  }

  sendRaw(datagram: Buffer): void {
    if (this.#leg !== undefined) this.#socket.send(datagram, this.#leg.port, this.#leg.address);
  }

  /** One packet of audio; the phone's time goes on by its length. */
  sendAudio(payload: Buffer, payloadType: number = this.law): void {
    this.sendRaw(this.packet(payloadType, payload, { timestamp: this.timestamp }));
    this.timestamp += payload.length;
  }

  packet(payloadType: number, payload: Buffer, options: { timestamp: number; marker?: boolean }): Buffer {
    const header = Buffer.alloc(12);
    const { ssrc } = this;
    writeRtpHeader(header, { marker: false, ...options, payloadType, sequence: this.sequence++, ssrc });
    return Buffer.concat([header, payload]);
  }

  /** The packets of one key of 80 ms, to be sent one per frame. */
  keyPackets(event: number): Buffer[] {
    const { timestamp } = this;
    this.timestamp += 960;
    return [160, 320, 480, 640, 640, 640].map((durationSamples, at) => {
      const payload = Buffer.alloc(4);
      writeKeyEvent(payload, 0, { event, end: at >= 3, durationSamples });
      return this.packet(TELEPHONE_EVENT, payload, { timestamp, marker: at === 0 });
    });
  }

  /** Audio packets heard so far. */
  get audio(): HeardPacket[] {
    return this.heard.filter((packet) => packet.payloadType === this.law);
  }

  get events(): HeardPacket[] {
    return this.heard.filter((packet) => packet.payloadType === TELEPHONE_EVENT);
  }

  /** What the ear has heard, from packet `first` on. */
  samples(first = 0): Int16Array {
    return decode(Buffer.concat(this.audio.slice(first).map((packet) => packet.payload)), this.law);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** A clock whose timers ring late by `lateMs`: those of a process that is stopped or busy. */
export class LateClock extends FakeClock {
  lateMs = 0;
  override after(delayMs: number, action: () => void): ReturnType<FakeClock['after']> {
    return super.after(delayMs + this.lateMs, action);
  }

  /** As if the process had been stopped for `ms`. */
  stop(ms: number): void {
    this.lateMs = ms;
    this.advance(20); // also a clock at ease sets its timer in this time
    this.lateMs = 0;
    this.advance(ms + 25);
  }
}

/** An engine in this thread, its frames driven by {@link Bench.run}. */
export class Bench {
  readonly clock: LateClock;
  readonly engine: MediaEngine;
  readonly #phones: RtpPhone[] = [];

  constructor(clock: LateClock, engine: MediaEngine) {
    this.clock = clock;
    this.engine = engine;
  }

  async phone(law: G711 = PCMU): Promise<RtpPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const phone = new RtpPhone(socket, law);
    this.#phones.push(phone);
    return phone;
  }

  /** A leg connected to a new phone. */
  async call(law: G711 = PCMU, remote: Partial<RemoteMedia> = {}): Promise<{ leg: MediaLeg; phone: RtpPhone }> {
    const [leg, phone] = [await this.engine.openLeg(), await this.phone(law)];
    leg.connect(phone.remote(remote));
    phone.talkTo(leg);
    await this.settle();
    return { leg, phone };
  }

  /** Turns the clock by `frames` of 20 ms; `each` runs before every frame, its packets arrive within it. */
  async run(frames: number, each?: (frame: number) => void): Promise<void> {
    for (let frame = 0; frame < frames; frame++) {
      each?.(frame);
      await this.settle();
      for (let slot = 0; slot < 4; slot++) this.clock.advance(5);
      await this.settle();
    }
  }

  /** Lets messages and datagrams on the way arrive. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Turns the clock until `condition` holds. */
  async runUntil(condition: () => boolean, framesMax = 2_000): Promise<void> {
    for (let frame = 0; frame < framesMax; frame++) {
      if (condition()) return;
      await this.run(1);
    }
    throw new Error('it did not happen');
  }

  async close(): Promise<void> {
    await this.engine.close();
    await Promise.all(this.#phones.map((phone) => phone.close()));
    const strange = this.#phones.flatMap((phone) => phone.strange.map((datagram) => datagram.toString('hex')));
    if (strange.length > 0) throw new Error(`the engine sent something that is not RTP: ${strange.join(', ')}`);
  }
}

/** The same tests run for both engines: see vitest.config.ts. */
export const ENGINE: EngineChoice = process.env['HILO_MEDIA_ENGINE'] === 'native' ? 'native' : 'typescript';

// Each test file runs in a process of its own: a range for each keeps them apart.
const RANGE_PORTS = 400;
const rangeStart = 20_000 + (process.pid % 60) * RANGE_PORTS;

export async function openBench(own: { musicFolder?: string; log?: Log; ports?: number } = {}): Promise<Bench> {
  const clock = new LateClock();
  const engine = await openMediaEngine({
    address: '127.0.0.1',
    ports: { first: rangeStart, last: rangeStart + (own.ports ?? RANGE_PORTS) - 1 },
    workers: 0,
    musicFolder: own.musicFolder ?? '/nonexistent',
    engine: ENGINE,
    log: own.log ?? silentLog,
    clock,
    // Ports from the first one on.
    ids: { uuid: systemIds.uuid, token: (bytes) => '00'.repeat(bytes) },
  });
  // To the end of the first frame: from here on 20 ms are one tick of each slot, in their order.
  clock.advance(15);
  return new Bench(clock, engine);
}

export function sine(hertz: number, samples: number, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: samples }, (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / 8_000));
}

/** The packets of a tone, 20 ms each. */
export function tonePackets(hertz: number, packets: number, law: G711): Buffer[] {
  const codes = encode(sine(hertz, packets * 160), law);
  return Array.from({ length: packets }, (_, at) => codes.subarray(at * 160, at * 160 + 160));
}

/** Part of the energy of `samples` that lies at `hertz` (0..1), by Goertzel's algorithm. */
export function purity(samples: Int16Array, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / 8_000);
  let [before, current, energy] = [0, 0, 0];
  for (const sample of samples) {
    [before, current] = [current, sample + turn * current - before];
    energy += sample * sample;
  }
  const power = current * current + before * before - turn * current * before;
  return energy === 0 ? 0 : power / (energy * (samples.length / 2));
}

/** Root mean square. */
export function loudness(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}
