// A received request as a proxy passes it on (RFC 3261 §16.6), all but the Via. Pure.
import { parseDecimal } from '../message/grammar.js';
import { Headers } from '../message/headers.js';
import type { SipRequest } from '../message/message.js';
import { parseSipUri } from '../message/uri.js';
import type { Listener } from '../peer.js';
import type { ForwardTarget } from './forwarded-request.js';
import { namesUs, type RouteMarks, routeUri } from './record-route.js';

const MAX_FORWARDS = 70;
/** What a proxy writes itself, or must leave as it came. */
const NOT_ADDED = new Set(
  'via route record-route path max-forwards from to call-id cseq contact content-length content-type rseq'.split(' '),
);

export interface Onward {
  /** As to be sent, before our own Record-Route and Via. */
  readonly request: SipRequest;
  /** The URI that the next hop's address is taken from. */
  readonly nextHop: string;
}

/** How many more hops a request may take; undefined when it may take none (§16.3). */
export function hopsLeft({ headers }: SipRequest): number | undefined {
  const text = headers.get('Max-Forwards');
  if (text === undefined) return MAX_FORWARDS;
  const hops = parseDecimal(text, 255) ?? 0;
  return hops === 0 ? undefined : hops - 1;
}

/**
 * Whether a request travels along routes that we left in its dialog: it is forwarded without asking anybody.
 * The request-URI is looked at too, for strict routers write us there (§16.4).
 */
export function followsOurRoute({ uri, headers }: SipRequest, marks: RouteMarks): boolean {
  const callId = headers.get('Call-ID') ?? '';
  const [top] = headers.all('Route');
  const topUri = top === undefined ? undefined : routeUri(top)?.uri;
  return (topUri !== undefined && marks.isOurs(topUri, callId)) || marks.isOurs(uri, callId);
}

/** A request that follows its own routes: the ones of ours are taken off, what they say is done (§16.4, §16.6). */
export function alongRoutes(request: SipRequest, hops: number, listeners: readonly Listener[]): Onward {
  let { uri } = request;
  let routes = request.headers.all('Route');
  if (namesUs(listeners, uri) && parseSipUri(uri)?.parameters.has('lr')) {
    // A strict router before us has put our route where the target belongs, and the target at the end.
    uri = routeUri(routes.at(-1) ?? '')?.uri ?? uri;
    routes = routes.slice(0, -1);
  }
  return routed(request, uri, withoutOurs(routes, listeners), hops);
}

/**
 * A request on its way to a target that was chosen for it.
 * @param target replaces a request-URI that names us, or was redirected, and is the next hop of any other
 * @param added goes to the headers that are there
 */
export function towards(
  request: SipRequest,
  target: ForwardTarget,
  hops: number,
  listeners: readonly Listener[],
  added: Headers,
): Onward {
  const replaces = target.isRedirected || namesUs(listeners, request.uri);
  const uri = replaces ? target.uri : request.uri;
  const routes = withoutOurs(request.headers.all('Route'), listeners);
  const onward = routed(request, uri, routes, hops);
  for (const [name, value] of added) {
    if (!NOT_ADDED.has(name.toLowerCase())) onward.request.headers.append(name, value);
  }
  // Whatever routes are left: who chose the target knows better.
  return { ...onward, nextHop: target.uri };
}

function withoutOurs(routes: readonly string[], listeners: readonly Listener[]): readonly string[] {
  const first = routes.findIndex((route) => !namesUs(listeners, routeUri(route)?.uri ?? ''));
  return first < 0 ? [] : routes.slice(first);
}

function routed(request: SipRequest, uri: string, routes: readonly string[], hops: number): Onward {
  const [first] = routes;
  const top = first === undefined ? undefined : routeUri(first);
  // A strict router wants itself in the request-URI, and the target at the end of the list (§16.6 step 6).
  const isStrict = top !== undefined && !top.loose;
  const sentRoutes = isStrict ? [...routes.slice(1), `<${uri}>`] : routes;
  const headers = new Headers();
  for (const route of sentRoutes) headers.append('Route', route);
  headers.append('Max-Forwards', String(hops));
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    if (key !== 'route' && key !== 'max-forwards' && key !== 'content-length') headers.append(name, value);
  }
  const sentUri = isStrict ? top.uri : uri;
  return { request: { ...request, uri: sentUri, headers }, nextHop: top?.uri ?? uri };
}
