// The RTP stream a leg sends: one SSRC, one run of sequence numbers, one timeline, whatever its audio comes from.
import { FRAME_SAMPLES } from '../../rtp/g711.js';
import { type RtpHeader, type RtpPacket, timestampDistance, writeRtpHeader } from '../../rtp/packet.js';

/** A relayed timeline this far (one second) from our clock is placed anew. */
const DRIFT_SAMPLES_MAX = 8_000;
/** Relayed sequence numbers this far ahead are a jump of the sender, not a loss. */
const SEQUENCE_GAP_MAX = 1_000;
/** Packets of the peer later than this cannot be told from repeated ones, and nobody waits for them. */
const LATE_PACKETS_MAX = 31;
/** After so many late packets in a row the sender has gone back: they are placed anew. */
const LATE_RUN_MAX = 3;

/** How many numbers {@link OutgoingStream.save} writes. */
export const OUTGOING_NUMBERS = 8;

/**
 * Own frames follow the media clock. Relayed packets keep the spacing and the gaps of their sender, moved by two offsets, so
 * that the remote party's jitter buffer sees loss and order as they are.
 */
export class OutgoingStream {
  readonly ssrc: number;
  /** RTP time of frame 0. */
  #baseTimestamp: number;
  readonly #header: RtpHeader;
  /** Whose timeline the last packet was on; the offsets count while it is the peer's. */
  #timeline: 'own' | 'peer' = 'own';
  #timestampOffset = 0;
  #sequenceOffset = 0;
  /**
   * Relayed packets before this one are too late: their numbers were given to other packets, and SRTP must never encrypt two
   * packets under one number (RFC 3711 §9.1).
   */
  #firstSequence: number;
  #lateRun = 0;
  /** SSRC of the packets that are relayed; undefined while somebody else has placed them. */
  #source: number | undefined;
  #nextSequence: number;
  #lastTimestamp: number;
  /** Frame of the last own packet: a gap is marked (RFC 3551 §4.1). */
  #lastFrame = Number.NEGATIVE_INFINITY;
  #eventTimestamp = 0;
  /** The peer's timestamp of the key being relayed. */
  #eventSource: number | undefined;

  constructor(random: { readonly ssrc: number; readonly sequence: number; readonly timestamp: number }) {
    this.ssrc = random.ssrc >>> 0;
    this.#baseTimestamp = random.timestamp >>> 0;
    this.#lastTimestamp = this.#baseTimestamp;
    this.#nextSequence = random.sequence & 0xffff;
    this.#firstSequence = this.#nextSequence;
    this.#header = { marker: false, payloadType: 0, sequence: 0, timestamp: 0, ssrc: this.ssrc };
  }

  /** Frame of the last packet of our own; minus infinity before there was one. */
  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** Writes the state of the audio stream as {@link OUTGOING_NUMBERS} numbers. */
  save(into: Float64Array, at: number): void {
    into.set([this.ssrc, this.#baseTimestamp, this.#timeline === 'peer' ? 1 : 0, this.#timestampOffset >>> 0], at);
    into.set([this.#sequenceOffset, this.#nextSequence, this.#lastTimestamp, this.#lastFrame], at + 4);
  }

  /** Takes over what {@link save} wrote and somebody else has gone on with. */
  restore(from: Float64Array, at: number): void {
    const number = (place: number): number => from[at + place] ?? 0;
    const isPlacedAnew = number(4) !== this.#sequenceOffset;
    this.#baseTimestamp = number(1);
    this.#timeline = number(2) === 0 ? 'own' : 'peer';
    this.#timestampOffset = number(3) | 0;
    [this.#sequenceOffset, this.#nextSequence, this.#lastTimestamp] = [number(4), number(5), number(6)];
    this.#lastFrame = number(7);
    if (isPlacedAnew) {
      this.#firstSequence = this.#nextSequence;
      this.#source = undefined;
    } else this.#forgetLate();
  }

  /** RTP time of a frame of the media clock. */
  timestampOf(frame: number): number {
    return (this.#baseTimestamp + frame * FRAME_SAMPLES) >>> 0;
  }

  /** Heads a packet of our own for this frame; returns its timestamp. */
  ownAudio(packet: Buffer, payloadType: number, frame: number): number {
    this.#passPeer(frame);
    const timestamp = this.timestampOf(frame);
    this.#writeOwn(packet, payloadType, timestamp, frame - this.#lastFrame > 1);
    this.#lastFrame = frame;
    return timestamp;
  }

  /** Heads a telephone-event of our own; all packets of a key carry the timestamp of its first. */
  ownEvent(packet: Buffer, payloadType: number, frame: number, isFirst: boolean): void {
    this.#passPeer(frame);
    if (isFirst) this.#eventTimestamp = this.timestampOf(frame);
    this.#writeOwn(packet, payloadType, this.#eventTimestamp, isFirst);
    this.#lastFrame = frame;
  }

  /**
   * Writes our header over the first bytes of `packet`, which came from the peer as `from`; returns its timestamp, undefined for
   * one that is too late to be sent.
   */
  relayAudio(packet: Buffer, from: RtpPacket, payloadType: number, frame: number): number | undefined {
    const isLate = this.#isPlaced(from, frame) && this.#isLate(from);
    this.#lateRun = isLate ? this.#lateRun + 1 : 0;
    if (isLate && this.#lateRun <= LATE_RUN_MAX) return undefined;
    const isNew = isLate || !this.#isPlaced(from, frame);
    if (isNew) this.#place(from, frame);
    const timestamp = (from.timestamp + this.#timestampOffset) >>> 0;
    this.#writeRelayed(packet, from, payloadType, timestamp, from.marker || isNew);
    return timestamp;
  }

  /**
   * As {@link relayAudio} for a telephone-event: the packets of one key stay together, whatever runs between them. False for one
   * that is too late to be sent.
   */
  relayEvent(packet: Buffer, from: RtpPacket, payloadType: number, frame: number): boolean {
    if (this.#timeline === 'own' || !this.#follows(from)) {
      if (this.#eventSource !== from.timestamp) this.#eventTimestamp = this.timestampOf(frame);
      this.#moveTo(from);
    } else if (this.#isLate(from)) return false;
    else {
      this.#eventTimestamp = (from.timestamp + this.#timestampOffset) >>> 0;
    }
    this.#eventSource = from.timestamp;
    this.#writeRelayed(packet, from, payloadType, this.#eventTimestamp, from.marker);
    return true;
  }

  /** The peer has changed: its next packet is placed anew. */
  forgetPeer(): void {
    this.#timeline = 'own';
    this.#eventSource = undefined;
  }

  #isPlaced(from: RtpPacket, frame: number): boolean {
    if (this.#timeline === 'own' || !this.#follows(from)) return false;
    const timestamp = (from.timestamp + this.#timestampOffset) >>> 0;
    return Math.abs(timestampDistance(timestamp, this.timestampOf(frame))) <= DRIFT_SAMPLES_MAX;
  }

  #follows(from: RtpPacket): boolean {
    const ahead = ((from.sequence + this.#sequenceOffset - this.#nextSequence) << 16) >> 16;
    // Another source, as a room after a peer, may by chance have numbers that are near.
    if (this.#source !== undefined) return from.ssrc === this.#source && Math.abs(ahead) <= SEQUENCE_GAP_MAX;
    return ahead >= -LATE_PACKETS_MAX && ahead <= SEQUENCE_GAP_MAX;
  }

  /** Our own frames never begin before the end of what went before: a relayed timeline may be ahead of ours. */
  #passPeer(frame: number): void {
    const behind = timestampDistance((this.#lastTimestamp + FRAME_SAMPLES) >>> 0, this.timestampOf(frame));
    if (behind > 0) this.#baseTimestamp = (this.#baseTimestamp + behind) >>> 0;
  }

  #place(from: RtpPacket, frame: number): void {
    const now = this.timestampOf(frame);
    // Never back in time, even when our frame has only just begun.
    const earliest = (this.#lastTimestamp + FRAME_SAMPLES) >>> 0;
    const start = timestampDistance(now, earliest) < 0 ? earliest : now;
    this.#timestampOffset = (start - from.timestamp) | 0;
    this.#moveTo(from);
    this.#timeline = 'peer';
  }

  /** The peer's packet gets the next number, and those after it the numbers after that. */
  #moveTo(from: RtpPacket): void {
    this.#sequenceOffset = (this.#nextSequence - from.sequence) & 0xffff;
    this.#firstSequence = this.#nextSequence;
    this.#source = from.ssrc;
  }

  #isLate(from: RtpPacket): boolean {
    return ((from.sequence + this.#sequenceOffset - this.#firstSequence) & 0xffff) >= 0x8000;
  }

  #forgetLate(): void {
    const behind = (this.#nextSequence - this.#firstSequence) & 0xffff;
    if (behind > LATE_PACKETS_MAX) this.#firstSequence = (this.#nextSequence - LATE_PACKETS_MAX) & 0xffff;
  }

  #writeRelayed(packet: Buffer, from: RtpPacket, payloadType: number, timestamp: number, marker: boolean): void {
    const sequence = (from.sequence + this.#sequenceOffset) & 0xffff;
    if (((sequence - this.#nextSequence) & 0xffff) < 0x8000) this.#nextSequence = (sequence + 1) & 0xffff;
    this.#forgetLate();
    this.#write(packet, payloadType, sequence, timestamp, marker);
  }

  #writeOwn(packet: Buffer, payloadType: number, timestamp: number, marker: boolean): void {
    const sequence = this.#nextSequence;
    this.#nextSequence = (sequence + 1) & 0xffff;
    this.#timeline = 'own';
    this.#write(packet, payloadType, sequence, timestamp, marker);
  }

  #write(packet: Buffer, payloadType: number, sequence: number, timestamp: number, marker: boolean): void {
    const header = this.#header;
    header.marker = marker;
    header.payloadType = payloadType;
    header.sequence = sequence;
    header.timestamp = timestamp;
    if (timestampDistance(timestamp, this.#lastTimestamp) > 0) this.#lastTimestamp = timestamp;
    writeRtpHeader(packet, header);
  }
}
