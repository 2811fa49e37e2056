// One party's place in a room: what it says comes in as packets, what it hears goes out as packets.
import { decodingTable, encodingTable, FRAME_MS, FRAME_SAMPLES, type G711, PCMU } from '../../rtp/g711.js';
import { JitterBuffer } from '../../rtp/jitter-buffer.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, type RtpPacket } from '../../rtp/packet.js';

import { type Detected, ToneDetector } from '../audio/tone-detector.js';
import type { AudioSink } from '../leg/leg.js';
import type { SeatSettings } from '../media-room.js';
import { addFrame, encodeMix, energyOf, levelOf } from './mixing.js';

/** Frames above the threshold until somebody counts as talking, and below it until silent again (FreeSWITCH's figures). */
const FRAMES_UNTIL_TALKING = 15;
const FRAMES_UNTIL_SILENT = 40;
/** Longest delay of an echo. */
export const ECHO_MS_MAX = 10_000;
const NOTHING_FOUND: readonly Detected[] = [];

export class Seat implements AudioSink {
  readonly id: string;
  /** What the party said in this frame, at its level; silence while it may not speak. */
  readonly said = new Int16Array(FRAME_SAMPLES);
  /** What was found in this frame. */
  found: readonly Detected[] = NOTHING_FOUND;
  #settings: SeatSettings;
  #detector: ToneDetector | undefined;
  /** What the party said, waiting to come back to it. */
  readonly #echoes: Int16Array[] = [];
  /** Where what it hears goes: its leg, or the crossing to it. */
  readonly #out: AudioSink;
  readonly #voice = new JitterBuffer();
  /** Of the prompts played to the party; only when somebody wants to hear them too. */
  #prompts: JitterBuffer | undefined;
  readonly #prompt = new Int16Array(FRAME_SAMPLES);
  readonly #onKey: (datagram: Buffer, packet: RtpPacket) => void;
  readonly #packet = emptyRtpPacket();
  readonly #datagram = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
  #law: G711 = PCMU;
  #talk: { readonly on: boolean; readonly frames: number } = { on: false, frames: 0 };
  #energy = 0;

  constructor(
    id: string,
    settings: SeatSettings,
    out: AudioSink,
    onKey: (datagram: Buffer, packet: RtpPacket) => void,
  ) {
    this.id = id;
    this.#settings = settings;
    this.settings = settings;
    this.#out = out;
    this.#onKey = onKey;
    this.#packet.payloadStart = RTP_HEADER_BYTES;
    this.#packet.payloadEnd = this.#datagram.length;
  }

  get settings(): SeatSettings {
    return this.#settings;
  }

  set settings(settings: SeatSettings) {
    const { detects = [] } = settings;
    const isKnown = JSON.stringify(detects) === JSON.stringify(this.#detector?.detections ?? []);
    if (!isKnown) this.#detector = detects.length === 0 ? undefined : new ToneDetector(detects);
    if (settings.echoMs === undefined) this.#echoes.length = 0;
    this.#settings = settings;
  }

  get talking(): boolean {
    return this.#talk.on;
  }
  get energy(): number {
    return this.#energy;
  }

  relayAudio(datagram: Buffer, packet: RtpPacket, law: G711): void {
    this.#law = law;
    this.#voice.put(packet.timestamp, datagram, packet.payloadStart, packet.payloadEnd, decodingTable(law));
  }

  relayEvent(datagram: Buffer, packet: RtpPacket): void {
    this.#onKey(datagram, packet);
  }

  overhear(codes: Buffer, start: number, timestamp: number, law: G711): void {
    this.#prompts ??= new JitterBuffer();
    this.#prompts.put(timestamp, codes, start, codes.length, decodingTable(law));
  }

  /** Takes the next frame of what the party says; true when it has begun or ceased to talk. */
  listen(): boolean {
    const { speaks, levelIn, energyThreshold } = this.settings;
    this.#voice.take(this.said);
    this.#prompts?.take(this.#prompt);
    const level = levelOf(levelIn);
    if (level !== 1) for (let at = 0; at < FRAME_SAMPLES; at++) this.said[at] = clamp((this.said[at] ?? 0) * level);
    this.found = this.#detector?.hear(this.said) ?? NOTHING_FOUND;
    this.#energy = energyOf(this.said);
    const changed = this.#judge(speaks && this.#energy > energyThreshold);
    if (!speaks) this.said.fill(0);
    return changed;
  }

  /** Adds what the party said {@link SeatSettings.echoMs} ago. */
  addEcho(sum: Int32Array, echoMs: number): void {
    this.#echoes.push(Int16Array.from(this.said));
    const wanted = Math.round(Math.min(echoMs, ECHO_MS_MAX) / FRAME_MS) + 1;
    while (this.#echoes.length > wanted) this.#echoes.shift();
    const [oldest] = this.#echoes;
    if (oldest !== undefined && this.#echoes.length === wanted) addFrame(sum, oldest);
  }

  /** Adds the prompts that are played to this party. */
  addPrompt(sum: Int32Array): void {
    addFrame(sum, this.#prompt);
  }

  /** Sends `sum` without `own` as this frame's audio; silence to who does not hear. */
  hear(sum: Int32Array, own: Int16Array | undefined, frame: number): void {
    const { hears, levelOut } = this.settings;
    const level = hears ? levelOf(levelOut) : 0;
    encodeMix(sum, own, level, encodingTable(this.#law), this.#datagram, RTP_HEADER_BYTES);
    this.#packet.sequence = frame & 0xffff;
    this.#packet.timestamp = (frame * FRAME_SAMPLES) >>> 0;
    this.#out.relayAudio(this.#datagram, this.#packet, this.#law);
  }

  sendKey(datagram: Buffer, packet: RtpPacket): void {
    this.#out.relayEvent(datagram, packet);
  }

  #judge(loud: boolean): boolean {
    const { on, frames } = this.#talk;
    if (loud === on) {
      if (frames > 0) this.#talk = { on, frames: 0 };
      return false;
    }
    const limit = on ? FRAMES_UNTIL_SILENT : FRAMES_UNTIL_TALKING;
    const turned = frames + 1 >= limit || !this.settings.speaks;
    this.#talk = turned ? { on: loud, frames: 0 } : { on, frames: frames + 1 };
    return turned;
  }
}

function clamp(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
