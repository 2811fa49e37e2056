// How a proxy stays in the path of a dialog: the routes it leaves in requests, and knows again (RFC 3261 §16.4, §16.6).
import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseNameAddress } from '../message/name-address.js';
import { formatHostPort, parseSipUri, type SipUri } from '../message/uri.js';
import { defaultPort, isTransportName } from '../next-hop.js';
import type { Listener } from '../peer.js';

/** The URI parameter that proves a route to be ours: without it anybody could have us forward to anywhere. */
const MARK = 'on';
const MARK_PARAMETER = `;${MARK}=`;
const MARK_CHARACTERS = 20;

/** Writes and checks the routes of one server. */
export class RouteMarks {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /**
   * The Record-Route (or Path) values for a request that came in on one listener and leaves from another: two when they
   * differ, so that each side is given an address it can reach (RFC 5658). The one for the leaving side is on top.
   */
  values(callId: string, cameIn: Listener, leaves: Listener): string[] {
    const onward = this.#value(callId, leaves);
    return cameIn.transport === leaves.transport && cameIn.address === leaves.address && cameIn.port === leaves.port
      ? [onward]
      : [onward, this.#value(callId, cameIn)];
  }

  /** Whether this URI is a route that we left in a request of that Call-ID. */
  isOurs(uri: string, callId: string): boolean {
    // Every request inside a dialog comes by here; most are none of ours.
    if (!uri.includes(MARK_PARAMETER)) return false;
    const given = Buffer.from(parseSipUri(uri)?.parameters.get(MARK) ?? '');
    const right = Buffer.from(this.#mark(callId));
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #value(callId: string, { transport, address, external, port }: Listener): string {
    const via = transport === 'udp' ? '' : `;transport=${transport}`;
    return `<sip:${formatHostPort(external ?? address, port)}${via};lr;${MARK}=${this.#mark(callId)}>`;
  }

  #mark(callId: string): string {
    return createHmac('sha256', this.#secret).update(callId).digest('hex').slice(0, MARK_CHARACTERS);
  }
}

/** Whether a URI names one of our own listeners, whoever wrote it. */
export function namesUs(listeners: readonly Listener[], text: string): boolean {
  const uri = parseSipUri(text);
  return uri !== undefined && listeners.some((own) => isAt(own, uri));
}

function isAt(own: Listener, uri: SipUri): boolean {
  const named = uri.parameters.get('transport')?.toLowerCase();
  if (named !== undefined && named !== own.transport) return false;
  const host = uri.host.toLowerCase();
  if (host !== own.address && host !== own.external) return false;
  const transport = named !== undefined && isTransportName(named) ? named : own.transport;
  return (uri.port ?? defaultPort(transport)) === own.port;
}

/** The URI of a Route value, and whether its owner routes loosely. */
export function routeUri(value: string): { readonly uri: string; readonly loose: boolean } | undefined {
  const uri = parseNameAddress(value)?.uri;
  const parsed = uri === undefined ? undefined : parseSipUri(uri);
  return uri === undefined || parsed === undefined ? undefined : { uri, loose: parsed.parameters.has('lr') };
}
