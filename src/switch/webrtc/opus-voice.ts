// Makes the Opus of a browser G.711 for us and back, at 8 kHz, so that nothing has to be resampled.
import { Decoder, Encoder } from '@evan/opus';
import { decodingTable, encodingTable, FRAME_SAMPLES, PCMU } from '../rtp/g711.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, type RtpPacket, readRtp, writeRtpHeader } from '../rtp/packet.js';
import type { OpusVoiceFormat } from './web-party.js';

/** The RTP clock of Opus is 48 kHz whatever the audio (RFC 7587 §4.1). */
const CLOCK_RATIO = 6;
/** 120 ms, the longest packet (RFC 7587 §4.2). */
const PACKET_SAMPLES_MAX = 960;
/** G.711 that waits for a whole frame; more is a fault of the sender and dropped. */
const WAITING_SAMPLES_MAX = 1_600;
const BITRATE = 24_000;
const COMPLEXITY = 3;

/** A timeline at another rate: follows the other one by differences, so that both may wrap. */
class Timeline {
  #from: number | undefined;
  #to: number;
  readonly #convert: (distance: number) => number;

  constructor(start: number, convert: (distance: number) => number) {
    this.#to = start;
    this.#convert = convert;
  }

  at(timestamp: number): number {
    const distance = this.#from === undefined ? 0 : (timestamp - this.#from) | 0;
    this.#from = timestamp;
    this.#to = (this.#to + this.#convert(distance)) >>> 0;
    return this.#to;
  }
}

export class OpusVoice {
  readonly #format: OpusVoiceFormat;
  readonly #decoder = new Decoder({ channels: 1, sample_rate: 8_000 });
  readonly #encoder = new Encoder({ channels: 1, sample_rate: 8_000, application: 'voip' });
  readonly #inward = new Timeline(0, (distance) => Math.round(distance / CLOCK_RATIO));
  readonly #outward = new Timeline(0, (distance) => distance * CLOCK_RATIO);
  readonly #packet: RtpPacket = emptyRtpPacket();
  readonly #heard = Buffer.alloc(RTP_HEADER_BYTES + PACKET_SAMPLES_MAX);
  readonly #waiting = new Int16Array(WAITING_SAMPLES_MAX);
  #waitingSamples = 0;
  /** Timestamp (8 kHz) of the first waiting sample. */
  #waitingAt = 0;
  /** Of the last packet that was said, as it came. */
  #saidSequence: number | undefined;
  /** How many more packets went out than came in: the numbers go on where they were before this voice. */
  #ahead = 0;

  constructor(format: OpusVoiceFormat) {
    this.#format = format;
    this.#encoder.bitrate = BITRATE;
    this.#encoder.complexity = COMPLEXITY;
    this.#encoder.inband_fec = true;
    this.#encoder.packet_loss = 5;
  }

  /** A packet of the browser as G.711 (events with durations at 8 kHz); undefined when it is neither. Valid until the next call. */
  hear(datagram: Buffer): Buffer | undefined {
    const packet = this.#packet;
    if (!readRtp(datagram, packet)) return undefined;
    if (packet.payloadType === this.#format.telephoneEvent) return this.#hearEvent(datagram, packet);
    if (packet.payloadType !== this.#format.payloadType || packet.payloadEnd === packet.payloadStart) return undefined;
    const samples = this.#decode(datagram.subarray(packet.payloadStart, packet.payloadEnd));
    if (samples === undefined) return undefined;
    const table = encodingTable(PCMU);
    for (let at = 0; at < samples.length; at++) {
      this.#heard[RTP_HEADER_BYTES + at] = table[(samples[at] ?? 0) & 0xffff] ?? 0;
    }
    writeRtpHeader(this.#heard, { ...packet, payloadType: PCMU, timestamp: this.#inward.at(packet.timestamp) });
    return this.#heard.subarray(0, RTP_HEADER_BYTES + samples.length);
  }

  /** A packet of ours as the browser hears it: none, one, or several for G.711 of long frames. */
  say(datagram: Buffer): readonly Buffer[] {
    const packet = this.#packet;
    if (!readRtp(datagram, packet)) return [];
    const { payloadType, sequence } = packet;
    const isEvent = payloadType === this.#format.telephoneEvent;
    if (!isEvent && payloadType !== PCMU) return [];
    // What is late comes after what the encoder has made since, and its number may be taken.
    if (this.#saidSequence !== undefined && ((sequence - this.#saidSequence - 1) & 0xffff) >= 0x8000) return [];
    this.#saidSequence = sequence;
    const packets = isEvent ? [this.#sayEvent(datagram, packet)] : this.#sayAudio(datagram, packet);
    for (const [at, said] of packets.entries()) said.writeUInt16BE((sequence + this.#ahead + at) & 0xffff, 2);
    this.#ahead += packets.length - 1;
    return packets;
  }

  /** Undefined when it is not Opus: anybody may send anything. */
  #decode(payload: Buffer): Int16Array | undefined {
    try {
      const bytes = this.#decoder.decode(payload);
      const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
      return samples.length <= PACKET_SAMPLES_MAX ? samples : undefined;
    } catch {
      return undefined;
    }
  }

  #hearEvent(datagram: Buffer, packet: RtpPacket): Buffer {
    const timestamp = this.#format.eventRate === 8_000 ? packet.timestamp : this.#inward.at(packet.timestamp);
    this.#scaleDuration(datagram, packet, 1 / CLOCK_RATIO);
    datagram.writeUInt32BE(timestamp >>> 0, 4);
    return datagram;
  }

  #sayEvent(datagram: Buffer, packet: RtpPacket): Buffer {
    const copy = Buffer.from(datagram);
    this.#scaleDuration(copy, packet, CLOCK_RATIO);
    const timestamp = this.#outward.at(packet.timestamp);
    writeRtpHeader(copy, { ...packet, timestamp });
    return copy;
  }

  #scaleDuration(datagram: Buffer, packet: RtpPacket, ratio: number): void {
    if (this.#format.eventRate === 8_000 || packet.payloadEnd - packet.payloadStart < 4) return;
    const at = packet.payloadStart + 2;
    datagram.writeUInt16BE(Math.min(0xffff, Math.round(datagram.readUInt16BE(at) * ratio)), at);
  }

  #sayAudio(datagram: Buffer, packet: RtpPacket): readonly Buffer[] {
    const { payloadStart, payloadEnd, timestamp } = packet;
    const size = payloadEnd - payloadStart;
    const isNext = this.#waitingSamples > 0 && timestamp === (this.#waitingAt + this.#waitingSamples) >>> 0;
    if (!isNext) {
      this.#waitingSamples = 0;
      this.#waitingAt = timestamp;
    }
    if (this.#waitingSamples + size > WAITING_SAMPLES_MAX) return [];
    const table = decodingTable(PCMU);
    for (let at = 0; at < size; at++) {
      this.#waiting[this.#waitingSamples++] = table[datagram[payloadStart + at] ?? 0] ?? 0;
    }
    const packets: Buffer[] = [];
    let start = 0;
    for (; this.#waitingSamples - start >= FRAME_SAMPLES; start += FRAME_SAMPLES) {
      packets.push(this.#encodeFrame(start, packet, packets.length === 0 && packet.marker));
    }
    this.#waiting.copyWithin(0, start, this.#waitingSamples);
    this.#waitingSamples -= start;
    this.#waitingAt = (this.#waitingAt + start) >>> 0;
    return packets;
  }

  #encodeFrame(start: number, { ssrc }: RtpPacket, marker: boolean): Buffer {
    const payload = this.#encoder.encode(this.#waiting.slice(start, start + FRAME_SAMPLES));
    const packet = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
    packet.set(payload, RTP_HEADER_BYTES);
    const timestamp = this.#outward.at((this.#waitingAt + start) >>> 0);
    const { payloadType } = this.#format;
    writeRtpHeader(packet, { marker, payloadType, sequence: 0, timestamp, ssrc });
    return packet;
  }
}
