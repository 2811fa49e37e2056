// A datagram of one leg made fit to be sent by another, without copying it.
import { type G711, transcodingTable } from '../../rtp/g711.js';
import { RTP_HEADER_BYTES, type RtpPacket } from '../../rtp/packet.js';

/** Code words of the law `from` become those of the other one, in place. */
export function transcode(bytes: Buffer, start: number, end: number, from: G711): void {
  const table = transcodingTable(from);
  for (let at = start; at < end; at++) bytes[at] = table[bytes[at] ?? 0] ?? 0;
}

/** The packet without the peer's CSRC list, extension and padding; in place when there are none. */
export function cut(datagram: Buffer, from: RtpPacket): Buffer {
  const start = from.payloadStart - RTP_HEADER_BYTES;
  return start === 0 && from.payloadEnd === datagram.length ? datagram : datagram.subarray(start, from.payloadEnd);
}
