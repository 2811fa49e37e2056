// RTP packets as bytes (RFC 3550 §5.1).

export const RTP_HEADER_BYTES = 12;
/** Larger datagrams are not audio of ours: 200 ms of G.711 and room to spare. */
export const RTP_DATAGRAM_BYTES_MAX = 2_048;

/** A parsed header; mutable, because one instance serves all packets of a worker. */
export interface RtpPacket {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** Where the payload lies in the datagram. */
  payloadStart: number;
  payloadEnd: number;
}

export function emptyRtpPacket(): RtpPacket {
  return { marker: false, payloadType: 0, sequence: 0, timestamp: 0, ssrc: 0, payloadStart: 0, payloadEnd: 0 };
}

/** Fills `into` from a datagram; false when it is not a whole RTP version 2 packet. */
export function readRtp(datagram: Buffer, into: RtpPacket): boolean {
  const length = datagram.length;
  if (length < RTP_HEADER_BYTES || length > RTP_DATAGRAM_BYTES_MAX) return false;
  const first = datagram.readUInt8(0);
  if (first >> 6 !== 2) return false;
  let start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (start + 4 > length) return false;
    start += 4 + datagram.readUInt16BE(start + 2) * 4;
  }
  const padding = (first & 0x20) === 0 ? 0 : datagram.readUInt8(length - 1);
  if ((first & 0x20) !== 0 && padding === 0) return false;
  const end = length - padding;
  if (start > end) return false;
  const second = datagram.readUInt8(1);
  into.marker = (second & 0x80) !== 0;
  into.payloadType = second & 0x7f;
  into.sequence = datagram.readUInt16BE(2);
  into.timestamp = datagram.readUInt32BE(4);
  into.ssrc = datagram.readUInt32BE(8);
  into.payloadStart = start;
  into.payloadEnd = end;
  return true;
}

/** What a sender changes from packet to packet. */
export interface RtpHeader {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
}

/** Writes the first {@link RTP_HEADER_BYTES} of `buffer`. Numbers are taken modulo their width. */
export function writeRtpHeader(buffer: Buffer, header: RtpHeader): void {
  buffer[0] = 0x80;
  buffer[1] = (header.marker ? 0x80 : 0) | (header.payloadType & 0x7f);
  buffer.writeUInt16BE(header.sequence & 0xffff, 2);
  buffer.writeUInt32BE(header.timestamp >>> 0, 4);
  buffer.writeUInt32BE(header.ssrc >>> 0, 8);
}

/** `a - b` for RTP timestamps, which wrap: positive when `a` is later. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}
