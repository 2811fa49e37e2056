// Who is asked for new requests when the server dials the applications: an HTTP directory, or one fixed application.

/** An application that listens for the server (`srf.listen`). */
export interface AppAddress {
  readonly kind: 'application';
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** A web service that decides about each request. */
export interface Directory {
  readonly kind: 'directory';
  readonly url: URL;
  readonly httpMethod: 'GET' | 'POST';
}

export type OutboundTarget = AppAddress | Directory;

/** By SIP method in capitals; `*` for all that are not named. */
export type OutboundTargets = ReadonlyMap<string, OutboundTarget>;

/**
 * `http://…`, `https://…` (with `POST ` before it: asked by POST), `tcp://host:port`, `tls://host:port`. Undefined when it is none of
 * these.
 */
export function parseTarget(text: string): OutboundTarget | undefined {
  const [, post, address = ''] = /^(POST\s+)?(\S+)$/.exec(text.trim()) ?? [];
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol === 'http:' || url.protocol === 'https:') {
    return { kind: 'directory', url, httpMethod: post === undefined ? 'GET' : 'POST' };
  }
  if ((url.protocol !== 'tcp:' && url.protocol !== 'tls:') || post !== undefined) return undefined;
  return addressOf(url.hostname, url.port, url.protocol === 'tls:');
}

/** As a directory writes it: `host:port`, with `;transport=tcp` or `;transport=tls`; `sip:` may stand before. */
export function parseAppUri(text: string): AppAddress | undefined {
  const [, host = '', port = '', transport = 'tcp'] =
    /^(?:sip:)?(\[[0-9a-f:]+\]|[a-z0-9._-]+):(\d{1,5})(?:;transport=(tcp|tls))?$/i.exec(text.trim()) ?? [];
  return addressOf(host, port, transport.toLowerCase() === 'tls');
}

function addressOf(hostname: string, portText: string, tls: boolean): AppAddress | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  const port = Number(portText);
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { kind: 'application', host, port, tls };
}
