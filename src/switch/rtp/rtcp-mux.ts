// Telling RTCP from RTP where both share a port (RFC 5761 §4).

export function isRtcp(packet: Buffer): boolean {
  const second = packet[1] ?? 0;
  return second >= 192 && second <= 223;
}
