// RTCP reports as bytes (RFC 3550 §6): compound packets of SR or RR, CNAME and BYE out; whatever a peer sends in.

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
/** Types that can be told from RTP on one port (RFC 5761 §4). */
const TYPE_MIN = 192;
const TYPE_MAX = 223;
const CNAME = 1;
/** Seconds between 1900 (NTP) and 1970 (Unix). */
const NTP_OFFSET_S = 2_208_988_800;
/** More than a compound packet of ours ever has. */
export const RTCP_BYTES_MAX = 128;
/** Packets of one datagram that are looked at. */
const PACKETS_MAX = 16;
const BLOCK_BYTES = 24;
/** A round trip longer than this is a clock gone wrong. */
const ROUND_TRIP_MS_MAX = 60_000;

export interface SenderFields {
  readonly ssrc: number;
  readonly cname: string;
  /** Unix time of the report and the RTP timestamp of the same moment. */
  readonly nowMs: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
  /** False: nothing was sent lately, so RR (RFC 3550 §6.4). */
  readonly isSending: boolean;
  /** The last report: ends with BYE (RFC 3550 §6.6). */
  readonly isLast?: boolean;
}

export interface ReceiverFields {
  readonly ssrc: number;
  /** Lost since the last report, in 1/256. */
  readonly fraction: number;
  readonly lost: number;
  readonly highestSequence: number;
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last SR heard, and the delay since, in 1/65536 s; 0 when none was heard. */
  readonly lastReport: number;
  readonly delay: number;
}

/** Returns the bytes written into `buffer` (of {@link RTCP_BYTES_MAX}). */
export function writeReport(buffer: Buffer, sender: SenderFields, receiver: ReceiverFields | undefined): number {
  const { isSending } = sender;
  const blocks = receiver === undefined ? 0 : 1;
  let at = 8;
  buffer.writeUInt32BE(sender.ssrc >>> 0, 4);
  if (isSending) at = writeSender(buffer, at, sender);
  if (receiver !== undefined) at = writeBlock(buffer, at, receiver);
  writeHead(buffer, 0, blocks, isSending ? SENDER_REPORT : RECEIVER_REPORT, at);
  at = writeDescription(buffer, at, sender);
  return sender.isLast === true ? writeGoodbye(buffer, at, sender.ssrc) : at;
}

function writeHead(buffer: Buffer, start: number, count: number, type: number, end: number): void {
  buffer[start] = 0x80 | count;
  buffer[start + 1] = type;
  buffer.writeUInt16BE((end - start) / 4 - 1, start + 2);
}

function writeSender(buffer: Buffer, at: number, sender: SenderFields): number {
  const seconds = Math.floor(sender.nowMs / 1_000);
  buffer.writeUInt32BE((seconds + NTP_OFFSET_S) >>> 0, at);
  buffer.writeUInt32BE(Math.floor(((sender.nowMs - seconds * 1_000) / 1_000) * 0x1_0000_0000) >>> 0, at + 4);
  buffer.writeUInt32BE(sender.timestamp >>> 0, at + 8);
  buffer.writeUInt32BE(sender.packets >>> 0, at + 12);
  buffer.writeUInt32BE(sender.bytes >>> 0, at + 16);
  return at + 20;
}

function writeBlock(buffer: Buffer, at: number, receiver: ReceiverFields): number {
  buffer.writeUInt32BE(receiver.ssrc >>> 0, at);
  buffer[at + 4] = receiver.fraction & 0xff;
  buffer.writeUIntBE(Math.min(0x7f_ffff, receiver.lost), at + 5, 3);
  buffer.writeUInt32BE(receiver.highestSequence >>> 0, at + 8);
  buffer.writeUInt32BE(Math.round(receiver.jitter) >>> 0, at + 12);
  buffer.writeUInt32BE(receiver.lastReport >>> 0, at + 16);
  buffer.writeUInt32BE(receiver.delay >>> 0, at + 20);
  return at + BLOCK_BYTES;
}

function writeDescription(buffer: Buffer, start: number, sender: SenderFields): number {
  buffer.writeUInt32BE(sender.ssrc >>> 0, start + 4);
  buffer[start + 8] = CNAME;
  const length = buffer.write(sender.cname.slice(0, 32), start + 10, 'latin1');
  buffer[start + 9] = length;
  // The list ends with a zero byte and is filled up to a multiple of four (RFC 3550 §6.5).
  const end = start + Math.ceil((10 + length + 1) / 4) * 4;
  buffer.fill(0, start + 10 + length, end);
  writeHead(buffer, start, 1, DESCRIPTION, end);
  return end;
}

function writeGoodbye(buffer: Buffer, start: number, ssrc: number): number {
  buffer.writeUInt32BE(ssrc >>> 0, start + 4);
  writeHead(buffer, start, 1, GOODBYE, start + 8);
  return start + 8;
}

/** What the remote party says of our stream; jitter in timestamp units, the rest as in {@link ReceiverFields}. */
export interface AboutUs {
  readonly fraction: number;
  readonly lost: number;
  readonly jitter: number;
  readonly lastReport: number;
  readonly delay: number;
}

export interface HeardReport {
  /** Who sent it; absent when no packet of the datagram says. */
  ssrc?: number;
  /** When an SR was among them: middle 32 bits of its NTP time, and what its sender has sent so far. */
  sent?: { readonly ntpMiddle: number; readonly packets: number; readonly bytes: number };
  aboutUs?: AboutUs;
  /** The stream is over (RFC 3550 §6.6). */
  isLast?: boolean;
}

/**
 * Reads a datagram: compound, or any one packet alone (reduced size, RFC 5506). Types we do not know are passed over;
 * undefined when a length does not fit (RFC 3550 A.2).
 */
export function readReport(datagram: Buffer, ourSsrc: number): HeardReport | undefined {
  const heard: HeardReport = {};
  let start = 0;
  for (let count = 0; count < PACKETS_MAX && start < datagram.length; count++) {
    if (start + 4 > datagram.length) return undefined;
    const first = datagram.readUInt8(start);
    const type = datagram.readUInt8(start + 1);
    const end = start + (datagram.readUInt16BE(start + 2) + 1) * 4;
    if (first >> 6 !== 2 || type < TYPE_MIN || type > TYPE_MAX || end > datagram.length) return undefined;
    if (!readPacket(datagram, start, end, type, ourSsrc, heard)) return undefined;
    start = end;
  }
  return start === 0 ? undefined : heard;
}

function readPacket(
  datagram: Buffer,
  start: number,
  end: number,
  type: number,
  ourSsrc: number,
  heard: HeardReport,
): boolean {
  const count = datagram.readUInt8(start) & 0x1f;
  if (type !== SENDER_REPORT && type !== RECEIVER_REPORT) {
    if (type === GOODBYE && count > 0) heard.isLast = true;
    return true;
  }
  const isSender = type === SENDER_REPORT;
  if (end - start < (isSender ? 28 : 8)) return false;
  heard.ssrc = datagram.readUInt32BE(start + 4);
  if (isSender) {
    heard.sent = {
      ntpMiddle: datagram.readUInt32BE(start + 10),
      packets: datagram.readUInt32BE(start + 20),
      bytes: datagram.readUInt32BE(start + 24),
    };
  }
  for (let at = start + (isSender ? 28 : 8), block = 0; block < count && at + BLOCK_BYTES <= end; block++) {
    if (datagram.readUInt32BE(at) === ourSsrc) heard.aboutUs = readBlock(datagram, at);
    at += BLOCK_BYTES;
  }
  return true;
}

function readBlock(datagram: Buffer, at: number): AboutUs {
  return {
    fraction: datagram.readUInt8(at + 4),
    // Duplicates make it negative (RFC 3550 §6.4.1).
    lost: Math.max(0, datagram.readIntBE(at + 5, 3)),
    jitter: datagram.readUInt32BE(at + 12),
    lastReport: datagram.readUInt32BE(at + 16),
    delay: datagram.readUInt32BE(at + 20),
  };
}

/** Time since our report that `about` answers, without the time it lay at the peer (RFC 3550 §6.4.1); undefined when unknown. */
export function roundTripMs(about: AboutUs, nowMs: number): number | undefined {
  if (about.lastReport === 0) return undefined;
  const elapsed = (ntpMiddle(nowMs) - about.lastReport - about.delay) | 0;
  const ms = (elapsed * 1_000) / 65_536;
  // The peer rounds to 1/65536 s: a trip of nothing may come out slightly below.
  return ms < -1 || ms > ROUND_TRIP_MS_MAX ? undefined : Math.max(0, ms);
}

/** Middle 32 bits of the NTP time: 16 bits of seconds, 16 of their fraction. */
export function ntpMiddle(unixMs: number): number {
  const seconds = Math.floor(unixMs / 1_000);
  const fraction = Math.floor(((unixMs - seconds * 1_000) / 1_000) * 65_536);
  return (((seconds + NTP_OFFSET_S) & 0xffff) * 65_536 + fraction) >>> 0;
}
