// Turns the fragments that applications write into complete SIP messages. Pure: what is missing comes in as arguments.
import { parseCSeq } from '../../sip/message/cseq.js';
import { Headers } from '../../sip/message/headers.js';
import type { SipRequest } from '../../sip/message/message.js';
import { formatNameAddress, parseNameAddress } from '../../sip/message/name-address.js';
import { formatHostPort, parseUri } from '../../sip/message/uri.js';
import type { AppMessage, AppRequest } from './app-message.js';
import { appHeader } from './app-message.js';

/** The face of one listener: what stands in Via, Contact and in place of `localhost`. */
export interface LocalAddress {
  readonly transport: string;
  readonly address: string;
  readonly port: number;
}

export type Completed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The server's own business: whatever an application writes there is dropped. */
const OWN_HEADERS = new Set(['via', 'v', 'route', 'record-route', 'rseq', 'content-length', 'l']);
/** Completed one by one in requests, copied from the request in responses. */
const IDENTIFYING_HEADERS = new Set(['from', 'f', 'to', 't', 'call-id', 'i', 'cseq', 'max-forwards']);
const CONTACT = new Set(['contact', 'm']);
const PLACEHOLDER_HEADERS = new Set([...CONTACT, 'p-asserted-identity']);
const PLACEHOLDER = /(sips?:|@)localhost(?::\d+)?(?=[>;,?\s]|$)/gi;
const WITHOUT_BRACKETS = /^[a-z][a-z0-9+.-]*:/i;
const MAX_FORWARDS = '70';

/** Methods whose request must tell where later requests of the dialog go (RFC 3261 §8.1.1.8, 3311, 3515, 6665). */
const NEEDS_CONTACT_OUTSIDE = new Set(['INVITE', 'SUBSCRIBE']);
const NEEDS_CONTACT_INSIDE = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'UPDATE', 'NOTIFY']);

/** `<sip:ip:port>`, with `;transport=` unless it is UDP. */
export function ownContact(local: LocalAddress): string {
  const transport = local.transport === 'udp' ? '' : `;transport=${local.transport}`;
  return `<sip:${formatHostPort(local.address, local.port)}${transport}>`;
}

/** `localhost` as host of a URI means: the address this message leaves from. */
export function withoutPlaceholder(value: string, local: LocalAddress): string {
  if (!value.includes('localhost')) return value;
  return value.replace(PLACEHOLDER, `$1${formatHostPort(local.address, local.port)}`);
}

export interface Fresh {
  readonly tag: string;
  readonly callId: string;
  readonly cseq: number;
}

/**
 * A request outside a dialog, without the Via that the stack adds.
 * @param fresh used for what the application did not give itself (after a digest challenge it gives tag, Call-ID and CSeq)
 */
export function completeRequest(app: AppRequest, local: LocalAddress, fresh: Fresh): Completed<SipRequest> {
  if (parseUri(app.uri) === undefined) return { ok: false, reason: `invalid request-uri: ${app.uri}` };
  const from = fromHeader(app, local, fresh.tag);
  if (from === undefined) {
    return { ok: false, reason: `invalid from value provided by client: ${appHeader(app, 'from')}` };
  }
  const to = givenHeader(app, 'to', 't');
  const headers = new Headers();
  headers.append('Max-Forwards', appHeader(app, 'max-forwards') ?? MAX_FORWARDS);
  headers.append('From', from);
  headers.append('To', to === undefined ? `<${app.uri}>` : withoutPlaceholder(to, local));
  headers.append('Call-ID', givenHeader(app, 'call-id', 'i') ?? fresh.callId);
  headers.append('CSeq', `${givenCSeq(app) ?? fresh.cseq} ${app.method}`);
  if (NEEDS_CONTACT_OUTSIDE.has(app.method) && !hasContact(app)) headers.append('Contact', ownContact(local));
  const extras = extraHeaders(app, local);
  if (!extras.ok) return extras;
  for (const [name, value] of extras.value) headers.append(name, value);
  return { ok: true, value: { kind: 'request', method: app.method, uri: app.uri, headers, body: app.body } };
}

/** What a request inside a dialog carries besides that which the dialog itself dictates. */
export function inDialogHeaders(app: AppRequest, local: LocalAddress): Completed<Headers> {
  const extras = extraHeaders(app, local);
  if (extras.ok && NEEDS_CONTACT_INSIDE.has(app.method) && !hasContact(app)) {
    extras.value.prepend('Contact', ownContact(local));
  }
  return extras;
}

/** What the application adds to a message: all but the headers the server fills in itself. */
export function extraHeaders(app: AppMessage, local: LocalAddress): Completed<Headers> {
  const headers = new Headers();
  for (const { name, value } of app.headers) {
    const key = name.toLowerCase();
    if (OWN_HEADERS.has(key) || IDENTIFYING_HEADERS.has(key)) continue;
    const placed = PLACEHOLDER_HEADERS.has(key) ? withoutPlaceholder(value, local) : value;
    headers.append(name, CONTACT.has(key) ? withBrackets(placed) : placed);
  }
  if (app.body.length > 0 && !headers.has('Content-Type')) {
    if (app.body.toString('latin1', 0, 3) !== 'v=0') return { ok: false, reason: 'missing content-type' };
    headers.append('Content-Type', 'application/sdp');
  }
  return { ok: true, value: headers };
}

/** The number of the CSeq an application gave, if it is one for this very method. */
export function givenCSeq(app: AppRequest): number | undefined {
  const value = appHeader(app, 'cseq');
  const cseq = value === undefined ? undefined : parseCSeq(value);
  return cseq?.method === app.method ? cseq.number : undefined;
}

export function hasContact(app: AppMessage): boolean {
  return givenHeader(app, 'contact', 'm') !== undefined;
}

function givenHeader(app: AppMessage, name: string, compact: string): string | undefined {
  return appHeader(app, name) ?? appHeader(app, compact);
}

/** As the real server writes it: peers are in use that look for the brackets. */
function withBrackets(contact: string): string {
  const address = WITHOUT_BRACKETS.test(contact) ? parseNameAddress(contact) : undefined;
  return address === undefined ? contact : formatNameAddress(address);
}

/** The given From with a tag; undefined when it is no name-addr. */
function fromHeader(app: AppRequest, local: LocalAddress, tag: string): string | undefined {
  const given = givenHeader(app, 'from', 'f');
  if (given === undefined) return `${ownContact(local)};tag=${tag}`;
  const value = withoutPlaceholder(given, local);
  const address = parseNameAddress(value);
  if (address === undefined) return undefined;
  if (address.parameters.get('tag') !== undefined) return value;
  if (WITHOUT_BRACKETS.test(value)) {
    return formatNameAddress({ ...address, parameters: new Map(address.parameters).set('tag', tag) });
  }
  return `${value};tag=${tag}`;
}
