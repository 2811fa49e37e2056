// Where a page that was asked for under some name finds SIP over WebSocket.
import { isIP } from 'node:net';
import { isLoopback } from '../access.js';

export interface WebSocketPlaces {
  /** HILO_WEB_SIP_URL: what stands in front of us, if something does. */
  readonly configured?: string | undefined;
  /** As the SIP servers say themselves: `ws://127.0.0.1:5066`. */
  readonly listeners: readonly string[];
}

/**
 * On this machine without TLS: our certificate is nobody's friend, and on the way to ourselves it protects nothing. From
 * elsewhere `wss`, under the name of the page, for which there is a certificate. undefined: nobody speaks it.
 */
export function sipWebSocket(pageHost: string, { configured, listeners }: WebSocketPlaces): string | undefined {
  if (configured !== undefined) return configured;
  const wanted = isLoopback(pageHost) ? 'ws:' : 'wss:';
  // The name was in the request: what is none must not come into an address, nor into a policy.
  if (!/^[A-Za-z0-9.:[\]-]{1,253}$/.test(pageHost)) return undefined;
  const found = listeners.find((address) => address.startsWith(wanted)) ?? listeners[0];
  if (found === undefined) return undefined;
  const url = new URL(found);
  const isHere = isLoopback(pageHost) && isLoopback(url.hostname);
  // A bare IPv6 address takes brackets in an address (RFC 3986 §3.2.2).
  const name = isIP(pageHost) === 6 ? `[${pageHost}]` : pageHost;
  const address = `${url.protocol}//${isHere ? url.hostname : name}:${url.port}`;
  return URL.canParse(address) ? address : undefined;
}
