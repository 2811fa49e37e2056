// From a URI to the address its requests are sent to. Names are not looked up: addresses, not names, between servers.
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { isSipUri, parseUri, type SipUri } from './message/uri.js';
import type { Listener, Peer, TransportName } from './peer.js';

const DEFAULT_PORTS: Readonly<Record<TransportName, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };

export function defaultPort(transport: TransportName): number {
  return DEFAULT_PORTS[transport];
}

export function isTransportName(text: string): text is TransportName {
  return Object.hasOwn(DEFAULT_PORTS, text);
}

/**
 * The peer a SIP URI names by IP literal or as `localhost` (RFC 3263 §4 without DNS): `maddr` before the host, the
 * `transport` parameter, tls for sips. Undefined for names, other schemes, unknown transports.
 */
export function peerOfUri(text: string): Peer | undefined {
  const uri = parseUri(text);
  if (uri === undefined || !isSipUri(uri)) return undefined;
  const transport = transportOf(uri);
  const host = uri.parameters.get('maddr') ?? uri.host;
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  if (transport === undefined || isIP(address) === 0) return undefined;
  return { transport, address, port: uri.port ?? defaultPort(transport) };
}

/**
 * What stands for a browser that is not connected (RFC 7118 §5): its URI names WebSocket, mostly with a host that cannot
 * exist. Requests to it fail at once, as to any peer that is gone.
 */
export function absentBrowser(text: string): Peer | undefined {
  const uri = parseUri(text);
  const transport = uri !== undefined && isSipUri(uri) ? transportOf(uri) : undefined;
  return transport === 'ws' || transport === 'wss' ? { transport, address: '0.0.0.0', port: 0 } : undefined;
}

function transportOf(uri: SipUri): TransportName | undefined {
  const named = uri.parameters.get('transport')?.toLowerCase() ?? (uri.scheme === 'sips' ? 'tls' : 'udp');
  if (!isTransportName(named)) return undefined;
  if (uri.scheme === 'sip') return named;
  if (named === 'udp') return undefined; // sips never goes over udp (RFC 3261 §26.2.2)
  return named === 'ws' ? 'wss' : named === 'tcp' ? 'tls' : named;
}

/** Of several listeners the one whose address has most leading bits in common with the destination's. */
export function nearest<Local extends { readonly listener: Listener }>(
  locals: readonly Local[],
  destination: string,
): Local | undefined {
  let best: Local | undefined;
  let bestBits = -1;
  for (const local of locals) {
    const bits = commonBits(local.listener.address, destination);
    if (bits > bestBits) [best, bestBits] = [local, bits];
  }
  return best;
}

/** -1 when the families differ. Among IPv6 addresses only equality counts. */
function commonBits(a: string, b: string): number {
  if (isIPv4(a) && isIPv4(b)) return Math.clz32((asNumber(a) ^ asNumber(b)) >>> 0);
  if (isIPv6(a) && isIPv6(b)) return a === b ? 128 : 0;
  return -1;
}

function asNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
