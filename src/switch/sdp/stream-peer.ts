// What every RTP line of a description says: where its peer is, and who sends.
import { isIPv4 } from 'node:net';
import { attribute, type MediaDescription, type SessionDescription } from './session-description.js';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** An IPv4 address that may be one peer's, or the 0.0.0.0 of hold: never multicast, broadcast or reserved (RFC 6890). */
export function isOnePeer(address: string): boolean {
  if (!isIPv4(address)) return false;
  const first = Number.parseInt(address, 10);
  return address === '0.0.0.0' || (first > 0 && first < 224);
}

/** The word of the line; without one that of the session (RFC 8866 §6.7). */
export function directionOf(session: SessionDescription, medium: MediaDescription): Direction {
  for (const attributes of [medium.attributes, session.attributes]) {
    const found = DIRECTIONS.find((direction) => attribute(attributes, direction) !== undefined);
    if (found) return found;
  }
  return 'sendrecv';
}
