// SRTP and SRTCP (RFC 3711) of one direction of a call: AES counter mode and HMAC-SHA1.
import { HmacSha1, SHA1_BYTES } from './hmac-sha1.js';
import { KeyStream } from './key-stream.js';
import { ReplayWindow } from './replay-window.js';
import { deriveKeys, type Suite } from './session-keys.js';

const RTP_HEADER_BYTES = 12;
const RTCP_HEADER_BYTES = 8;
/** E flag and index of SRTCP. */
const RTCP_INDEX_BYTES = 4;
/** RTCP is always authenticated with 80 bits (RFC 4568 §6.2). */
const RTCP_TAG_BYTES = 10;
/** Largest packet protected or unprotected. */
export const SRTP_BYTES_MAX = 2_048;
/** Senders of one call that are told apart; a further one takes the place of the oldest. */
export const SENDERS_MAX = 4;
const RTCP_INDEX_MAX = 0x7fff_ffff;
const ROLLOVER_MAX = 0xffff_ffff;

const code = Buffer.alloc(SHA1_BYTES);

interface Engine {
  readonly stream: KeyStream;
  readonly mac: HmacSha1;
}

function engineOf(master: Uint8Array, purpose: 'rtp' | 'rtcp'): Engine {
  const { cipherKey, salt, authKey } = deriveKeys(master, purpose);
  return { stream: new KeyStream(cipherKey, salt), mac: new HmacSha1(authKey) };
}

function tagBytes(suite: Suite): number {
  return suite === 'AES_CM_128_HMAC_SHA1_32' ? 4 : 10;
}

/** Encrypts what we send. */
export class SrtpSender {
  readonly #rtp: Engine;
  readonly #rtcp: Engine;
  readonly #tag: number;
  readonly #buffer = Buffer.alloc(SRTP_BYTES_MAX + SHA1_BYTES + RTCP_INDEX_BYTES);
  /** Index of the last packet, the 32 bits of the rollover counter above the 16 of the sequence number. */
  #last: number | undefined;
  #rtcpIndex = 0;

  constructor(suite: Suite, master: Uint8Array) {
    this.#rtp = engineOf(master, 'rtp');
    this.#rtcp = engineOf(master, 'rtcp');
    this.#tag = tagBytes(suite);
  }

  /** The protected packet, valid until the next call. */
  protectRtp(packet: Buffer): Buffer {
    const length = packet.copy(this.#buffer, 0, 0, SRTP_BYTES_MAX);
    const sequence = packet.readUInt16BE(2);
    const index = this.#last === undefined ? sequence : nearest(this.#last, sequence);
    if (this.#last === undefined || index > this.#last) this.#last = index;
    this.#rtp.stream.apply(this.#buffer, headerBytes(packet), length, packet.readUInt32BE(8), index);
    this.#rtp.mac.sign(this.#buffer, 0, length, rollover(index), this.#buffer, length, this.#tag);
    return this.#buffer.subarray(0, length + this.#tag);
  }

  protectRtcp(packet: Buffer): Buffer {
    const length = packet.copy(this.#buffer, 0, 0, SRTP_BYTES_MAX);
    this.#rtcpIndex = this.#rtcpIndex >= RTCP_INDEX_MAX ? 1 : this.#rtcpIndex + 1;
    const index = this.#rtcpIndex;
    this.#rtcp.stream.apply(this.#buffer, RTCP_HEADER_BYTES, length, packet.readUInt32BE(4), index);
    this.#buffer.writeUInt32BE((0x8000_0000 | index) >>> 0, length);
    const signed = length + RTCP_INDEX_BYTES;
    this.#rtcp.mac.sign(this.#buffer, 0, signed, undefined, this.#buffer, signed, RTCP_TAG_BYTES);
    return this.#buffer.subarray(0, signed + RTCP_TAG_BYTES);
  }
}

/** Checks and decrypts what the remote party sends. */
export class SrtpReceiver {
  readonly #rtp: Engine;
  readonly #rtcp: Engine;
  readonly #tag: number;
  readonly #windows = new Map<number, ReplayWindow>();
  readonly #rtcpWindows = new Map<number, ReplayWindow>();

  constructor(suite: Suite, master: Uint8Array) {
    this.#rtp = engineOf(master, 'rtp');
    this.#rtcp = engineOf(master, 'rtcp');
    this.#tag = tagBytes(suite);
  }

  /** The packet in clear, in the memory of `packet`; undefined when it is not authentic or came before. */
  unprotectRtp(packet: Buffer): Buffer | undefined {
    const end = packet.length - this.#tag;
    if (packet.length > SRTP_BYTES_MAX || end < RTP_HEADER_BYTES || packet.readUInt8(0) >> 6 !== 2) return undefined;
    const start = headerBytes(packet);
    if (start > end) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const window = this.#windows.get(ssrc);
    const sequence = packet.readUInt16BE(2);
    const index = window === undefined ? sequence : nearest(window.highest, sequence);
    if (index < 0 || window?.isNew(index) === false) return undefined;
    this.#rtp.mac.sign(packet, 0, end, rollover(index), code, 0, this.#tag);
    if (!isSame(packet, end, this.#tag)) return undefined;
    seen(this.#windows, ssrc, window, index);
    this.#rtp.stream.apply(packet, start, end, ssrc, index);
    return packet.subarray(0, end);
  }

  unprotectRtcp(packet: Buffer): Buffer | undefined {
    const signed = packet.length - RTCP_TAG_BYTES;
    const end = signed - RTCP_INDEX_BYTES;
    if (packet.length > SRTP_BYTES_MAX || end < RTCP_HEADER_BYTES || packet.readUInt8(0) >> 6 !== 2) return undefined;
    const word = packet.readUInt32BE(end);
    const index = word & RTCP_INDEX_MAX;
    const ssrc = packet.readUInt32BE(4);
    const window = this.#rtcpWindows.get(ssrc);
    if (window?.isNew(index) === false) return undefined;
    this.#rtcp.mac.sign(packet, 0, signed, undefined, code, 0, RTCP_TAG_BYTES);
    if (!isSame(packet, signed, RTCP_TAG_BYTES)) return undefined;
    seen(this.#rtcpWindows, ssrc, window, index);
    if (word >>> 31 === 1) this.#rtcp.stream.apply(packet, RTCP_HEADER_BYTES, end, ssrc, index);
    return packet.subarray(0, end);
  }
}

/** The index nearest to the last one with this sequence number (RFC 3711 §3.3.1); below 0 = before the first. */
function nearest(last: number, sequence: number): number {
  const distance = ((sequence - (last & 0xffff)) << 16) >> 16;
  return last + distance;
}

function rollover(index: number): number {
  return Math.min(ROLLOVER_MAX, Math.floor(index / 0x1_0000));
}

/** Header, CSRC list and extension stay in clear; past the end when the packet is cut short. */
function headerBytes(packet: Buffer): number {
  const first = packet.readUInt8(0);
  const start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return start;
  return start + 4 > packet.length ? packet.length + 1 : start + 4 + packet.readUInt16BE(start + 2) * 4;
}

/** Compares in constant time. */
function isSame(packet: Buffer, at: number, length: number): boolean {
  let difference = 0;
  for (let byte = 0; byte < length; byte++) difference |= (packet[at + byte] as number) ^ (code[byte] as number);
  return difference === 0;
}

function seen(windows: Map<number, ReplayWindow>, ssrc: number, window: ReplayWindow | undefined, index: number): void {
  if (window !== undefined) {
    window.add(index);
    return;
  }
  const oldest = windows.size >= SENDERS_MAX ? windows.keys().next().value : undefined;
  if (oldest !== undefined) windows.delete(oldest);
  const opened = new ReplayWindow();
  opened.add(index);
  windows.set(ssrc, opened);
}
