// RTCP reports as bytes (RFC 3550 §6): one compound packet of SR or RR and the CNAME.

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const CNAME = 1;
/** Seconds between 1900 (NTP) and 1970 (Unix). */
const NTP_OFFSET_S = 2_208_988_800;
/** More than a compound packet of ours ever has. */
export const RTCP_BYTES_MAX = 128;
/** Reports about us are looked for in so many blocks at most. */
const BLOCKS_MAX = 31;

export interface SenderFields {
  readonly ssrc: number;
  readonly cname: string;
  /** Unix time of the report and the RTP timestamp of the same moment. */
  readonly nowMs: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
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

/** SR when packets were sent, else RR; returns the bytes written into `buffer` (of {@link RTCP_BYTES_MAX}). */
export function writeReport(buffer: Buffer, sender: SenderFields, receiver: ReceiverFields | undefined): number {
  const isSender = sender.packets > 0;
  const blocks = receiver === undefined ? 0 : 1;
  let at = 8;
  buffer.writeUInt32BE(sender.ssrc >>> 0, 4);
  if (isSender) at = writeSender(buffer, at, sender);
  if (receiver !== undefined) at = writeBlock(buffer, at, receiver);
  writeHead(buffer, 0, blocks, isSender ? SENDER_REPORT : RECEIVER_REPORT, at);
  return writeDescription(buffer, at, sender);
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
  return at + 24;
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

export interface HeardReport {
  /** Middle 32 bits of the sender's NTP time, when it sent an SR. */
  readonly ntpMiddle?: number;
  /** What the remote party says of our stream; jitter in timestamp units. */
  readonly aboutUs?: { readonly lost: number; readonly jitter: number };
}

/** Reads a compound packet; undefined when its first packet is not a whole SR or RR (RFC 3550 A.2). */
export function readReport(datagram: Buffer, ourSsrc: number): HeardReport | undefined {
  if (datagram.length < 8) return undefined;
  const first = datagram.readUInt8(0);
  const type = datagram.readUInt8(1);
  const end = (datagram.readUInt16BE(2) + 1) * 4;
  if (first >> 6 !== 2 || (type !== SENDER_REPORT && type !== RECEIVER_REPORT)) return undefined;
  if (end > datagram.length || (type === SENDER_REPORT && end < 28)) return undefined;
  const blocksStart = type === SENDER_REPORT ? 28 : 8;
  const aboutUs = findBlock(datagram, blocksStart, end, first & 0x1f, ourSsrc);
  return {
    ...(type === SENDER_REPORT ? { ntpMiddle: datagram.readUInt32BE(10) } : {}),
    ...(aboutUs === undefined ? {} : { aboutUs }),
  };
}

function findBlock(
  datagram: Buffer,
  start: number,
  end: number,
  count: number,
  ourSsrc: number,
): HeardReport['aboutUs'] {
  for (let block = 0; block < Math.min(count, BLOCKS_MAX); block++) {
    const at = start + block * 24;
    if (at + 24 > end) return undefined;
    if (datagram.readUInt32BE(at) !== ourSsrc) continue;
    return { lost: Math.max(0, datagram.readIntBE(at + 5, 3)), jitter: datagram.readUInt32BE(at + 12) };
  }
  return undefined;
}
