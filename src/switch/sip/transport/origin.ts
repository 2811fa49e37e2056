// Which pages may open a WebSocket here (RFC 6455 §10.2): a browser goes wherever a page sends it, with the machine's own address.
import { isIPv4, isIPv6 } from 'node:net';

/** `own-host`: pages of the host that is connected to, whatever their port; a list: those, as `https://centre.example`. */
export type Origins = 'own-host' | 'any' | readonly string[];

export interface Handshake {
  /** Headers; what is no browser names no origin. */
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** Our end of the connection. */
  readonly localAddress: string | undefined;
}

export function mayConnect({ origin, host, localAddress }: Handshake, origins: Origins): boolean {
  if (origin === undefined || origins === 'any') return true;
  if (origins !== 'own-host') return origins.includes(origin.toLowerCase());
  const [page, own] = [hostnameOf(origin), hostnameOf(`http://${host ?? ''}`)];
  if (page === undefined || own === undefined) return false;
  if (isLoopback(page) && isLoopback(own)) return true;
  // A stranger's name that leads to this machine (DNS rebinding) is its own host as well; a real one comes from outside.
  if (isLoopback(localAddress?.replace(/^::ffff:/, '') ?? '')) return false;
  return page === own;
}

function hostnameOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return hostname === '' ? undefined : hostname.replace(/^\[(.*)\]$/, '$1');
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || (isIPv4(name) && name.startsWith('127.')) || (isIPv6(name) && name === '::1');
}
