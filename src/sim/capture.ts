// What a simulated caller sends, as a capture file that SIPp replays: silence or speech, and one key (RFC 4733).
import { RTP_HEADER_BYTES, writeRtpHeader } from '../switch/rtp/packet.js';
import { EVENT_PAYLOAD_BYTES, eventOfKey, writeKeyEvent } from '../switch/rtp/telephone-event.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
const AUDIO_TYPE = 0;
export const EVENT_TYPE = 101;
const SSRC = 0x48_69_6c_6f;
const END_PACKETS = 3;
/** FreeSWITCH takes a key whose RTP time is 0 for one that it has heard already (switch_rtp.c). */
const FIRST_TIMESTAMP = 8_000;

export interface CaptureRequest {
  readonly key: string;
  /** From the first packet to the first packet of the key. */
  readonly keyAtMs: number;
  readonly keyMs: number;
  /** Speech before and after the key, until then; undefined: nothing but the key. */
  readonly speechMs?: number;
}

/**
 * The first packet with the end bit leaves this long after the start of the replay: SIPp 3.6 does not wait between the
 * first two packets, measured on the wire.
 */
export function replayedKeyEndMs({ keyAtMs, keyMs }: CaptureRequest): number {
  return keyAtMs + keyMs - FRAME_MS;
}

/** A pcap file of Ethernet frames; SIPp replaces addresses and ports. */
export function makeCapture(request: CaptureRequest): Buffer {
  const event = eventOfKey(request.key);
  if (event === undefined) throw new Error(`${request.key} is no key`);
  const packets: Buffer[] = [fileHeader()];
  const keyEnd = request.keyAtMs + request.keyMs;
  const untilMs = Math.max(request.speechMs ?? 0, keyEnd + END_PACKETS * FRAME_MS);
  let sequence = 1;
  for (let atMs = 0; atMs < untilMs; atMs += FRAME_MS) {
    const inKey = atMs >= request.keyAtMs && atMs < keyEnd + END_PACKETS * FRAME_MS;
    if (!inKey && request.speechMs === undefined) continue;
    const rtp = inKey
      ? keyPacket(sequence, event, atMs - request.keyAtMs, request)
      : speechPacket(sequence, timestampAt(atMs));
    sequence += 1;
    packets.push(framed(rtp, atMs));
  }
  return Buffer.concat(packets);
}

function timestampAt(ms: number): number {
  return FIRST_TIMESTAMP + (ms / FRAME_MS) * FRAME_SAMPLES;
}

/** A telephone sends the key's RTP timestamp unchanged, its duration growing, and the end three times. */
function keyPacket(sequence: number, event: number, sinceMs: number, { keyAtMs, keyMs }: CaptureRequest): Buffer {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + EVENT_PAYLOAD_BYTES);
  const end = sinceMs >= keyMs;
  const durationMs = end ? keyMs : sinceMs + FRAME_MS;
  writeRtpHeader(packet, {
    payloadType: EVENT_TYPE,
    marker: sinceMs === 0,
    sequence,
    timestamp: timestampAt(keyAtMs),
    ssrc: SSRC,
  });
  writeKeyEvent(packet, RTP_HEADER_BYTES, { event, end, durationSamples: durationMs * 8 });
  return packet;
}

/** µ-law that is no silence: a stretch of a voice is not needed to keep a relay busy. */
export function speechPacket(sequence: number, timestamp: number, ssrc = SSRC): Buffer {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
  writeRtpHeader(packet, { payloadType: AUDIO_TYPE, marker: false, sequence, timestamp, ssrc });
  for (let at = 0; at < FRAME_SAMPLES; at += 1) packet[RTP_HEADER_BYTES + at] = 0x90 + ((timestamp + at) % 32);
  return packet;
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

function framed(rtp: Buffer, atMs: number): Buffer {
  const bytes = Buffer.alloc(16 + 14 + 20 + 8);
  const length = 14 + 20 + 8 + rtp.length;
  bytes.writeUInt32LE(Math.floor(atMs / 1000), 0);
  bytes.writeUInt32LE((atMs % 1000) * 1000, 4);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(length, 12);
  bytes.writeUInt16BE(0x0800, 28);
  bytes.writeUInt8(0x45, 30);
  bytes.writeUInt16BE(20 + 8 + rtp.length, 32);
  bytes.writeUInt8(64, 38);
  bytes.writeUInt8(17, 39);
  bytes.writeUInt32BE(0x7f000001, 42);
  bytes.writeUInt32BE(0x7f000001, 46);
  bytes.writeUInt16BE(6000, 50);
  bytes.writeUInt16BE(6000, 52);
  bytes.writeUInt16BE(8 + rtp.length, 54);
  return Buffer.concat([bytes, rtp]);
}
