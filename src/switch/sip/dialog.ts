// Dialogs as values: what two user agents know of each other between requests (RFC 3261 §12).
import { type CSeq, parseCSeq } from './message/cseq.js';
import { Headers } from './message/headers.js';
import { EMPTY_BODY, type SipRequest, type SipResponse } from './message/message.js';
import { formatNameAddress, parseNameAddress, tagOf, uriOf } from './message/name-address.js';
import { formatUri, parseSipUri } from './message/uri.js';

export interface Dialog {
  readonly role: 'uac' | 'uas';
  readonly state: 'early' | 'confirmed';
  readonly callId: string;
  readonly localTag: string;
  /** Empty for RFC 2543 peers. */
  readonly remoteTag: string;
  /** Name-addr text without its tag. */
  readonly localUri: string;
  readonly remoteUri: string;
  /** The URI of the peer's Contact. */
  readonly remoteTarget: string;
  /** Route values, nearest hop first. */
  readonly routeSet: readonly string[];
  /** The last CSeq number we used; 0 when none. */
  readonly localCseq: number;
  readonly remoteCseq: number | undefined;
  /** Our Contact value. */
  readonly localContact: string | undefined;
}

export interface InDialogOptions {
  /** Instead of the next number: ACK and CANCEL must give that of their INVITE; a retry may give its own. */
  readonly cseq?: number;
  readonly headers?: Headers | Iterable<readonly [name: string, value: string]>;
  readonly body?: Buffer;
}

export interface InDialogRequest {
  readonly request: SipRequest;
  /** With the CSeq used up. */
  readonly dialog: Dialog;
  /** URI of the first hop: the top Route, or the request-URI. */
  readonly nextHop: string;
}

/** Requests whose Contact becomes the new remote target (RFC 3261 §12.2, RFC 3311 §5, RFC 6665 §4.4.1). */
const TARGET_REFRESH = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

/** The UAS side, from an INVITE, SUBSCRIBE or REFER and our response 101 to 299 (§12.1.1). Undefined when one of them has no Contact or tag that it must have. */
export function dialogFromRequest(request: SipRequest, response: SipResponse): Dialog | undefined {
  const { headers } = request;
  const localTag = tagOf(response.headers.get('To'));
  const remoteTarget = uriOf(headers.get('Contact'));
  const cseq = cseqOf(headers);
  const callId = headers.get('Call-ID');
  if (localTag === undefined || remoteTarget === undefined || cseq === undefined || callId === undefined) {
    return undefined;
  }
  return {
    role: 'uas',
    state: response.status < 200 ? 'early' : 'confirmed',
    callId,
    localTag,
    remoteTag: tagOf(headers.get('From')) ?? '',
    localUri: withoutTag(headers.get('To')),
    remoteUri: withoutTag(headers.get('From')),
    remoteTarget,
    routeSet: headers.all('Record-Route'),
    localCseq: 0,
    remoteCseq: cseq.number,
    localContact: response.headers.get('Contact'),
  };
}

/** The UAC side, from our request and a response 101 to 299 to it (§12.1.2). Undefined when it makes no dialog. */
export function dialogFromResponse(request: SipRequest, response: SipResponse): Dialog | undefined {
  const { headers } = request;
  const localTag = tagOf(headers.get('From'));
  const cseq = cseqOf(headers);
  const callId = headers.get('Call-ID');
  // A provisional response may come without Contact (RFC 3261 table 3); until there is one, the request's URI serves.
  const contact = uriOf(response.headers.get('Contact'));
  const remoteTarget = contact ?? (response.status < 200 ? request.uri : undefined);
  const remoteTag = tagOf(response.headers.get('To'));
  if (response.status <= 100 || response.status >= 300) return undefined;
  if (response.status < 200 && remoteTag === undefined) return undefined;
  if (localTag === undefined || cseq === undefined || callId === undefined || remoteTarget === undefined) {
    return undefined;
  }
  return {
    role: 'uac',
    state: response.status < 200 ? 'early' : 'confirmed',
    callId,
    localTag,
    remoteTag: remoteTag ?? '',
    localUri: withoutTag(headers.get('From')),
    remoteUri: withoutTag(headers.get('To')),
    remoteTarget,
    routeSet: response.headers.all('Record-Route').reverse(),
    localCseq: cseq.number,
    remoteCseq: undefined,
    localContact: headers.get('Contact'),
  };
}

/** A request inside the dialog (§12.2.1.1), without Via: the stack adds it. */
export function requestInDialog(dialog: Dialog, method: string, options: InDialogOptions = {}): InDialogRequest {
  const number = options.cseq ?? dialog.localCseq + 1;
  const { uri, routes, nextHop } = routed(dialog);
  const headers = new Headers();
  for (const route of routes) headers.append('Route', route);
  headers.append('Max-Forwards', '70');
  headers.append('From', withTag(dialog.localUri, dialog.localTag));
  headers.append('To', withTag(dialog.remoteUri, dialog.remoteTag));
  headers.append('Call-ID', dialog.callId);
  headers.append('CSeq', `${number} ${method}`);
  for (const [name, value] of options.headers ?? []) headers.append(name, value);
  const request: SipRequest = { kind: 'request', method, uri, headers, body: options.body ?? EMPTY_BODY };
  if (dialog.localContact !== undefined && TARGET_REFRESH.has(method) && !headers.has('Contact')) {
    headers.append('Contact', dialog.localContact);
  }
  return { request, dialog: { ...dialog, localCseq: Math.max(dialog.localCseq, number) }, nextHop };
}

/** The dialog after a request came inside it (§12.2.2). Undefined when its CSeq is too low: answer 500. Not for ACK and CANCEL. */
export function afterRemoteRequest(dialog: Dialog, request: SipRequest): Dialog | undefined {
  const cseq = cseqOf(request.headers);
  if (cseq === undefined) return undefined;
  if (dialog.remoteCseq !== undefined && cseq.number < dialog.remoteCseq) return undefined;
  const contact = TARGET_REFRESH.has(request.method) ? uriOf(request.headers.get('Contact')) : undefined;
  return { ...dialog, remoteCseq: cseq.number, remoteTarget: contact ?? dialog.remoteTarget };
}

/**
 * The dialog after a response to our request inside it, or to the request that made it (§12.2.1.2). A 2xx confirms an
 * early dialog of the same tag, and its route set replaces the early one's (§13.2.2.4).
 */
export function afterResponse(dialog: Dialog, method: string, response: SipResponse): Dialog {
  if (response.status < 200 || response.status >= 300 || !TARGET_REFRESH.has(method)) return dialog;
  const remoteTarget = uriOf(response.headers.get('Contact')) ?? dialog.remoteTarget;
  if (dialog.state === 'confirmed' || dialog.role === 'uas') return { ...dialog, remoteTarget };
  if (method !== 'INVITE' && method !== 'SUBSCRIBE') return { ...dialog, remoteTarget }; // UPDATE in an early dialog
  return { ...dialog, state: 'confirmed', remoteTarget, routeSet: response.headers.all('Record-Route').reverse() };
}

interface Routed {
  readonly uri: string;
  readonly routes: readonly string[];
  readonly nextHop: string;
}

function routed({ routeSet, remoteTarget }: Dialog): Routed {
  const firstHop = uriOf(routeSet[0]);
  if (firstHop === undefined) return { uri: remoteTarget, routes: [], nextHop: remoteTarget };
  const parsed = parseSipUri(firstHop);
  if (parsed === undefined || parsed.parameters.has('lr')) {
    return { uri: remoteTarget, routes: routeSet, nextHop: firstHop };
  }
  // A strict router wants itself in the request-URI, and the target at the end of the list (§12.2.1.1).
  const parameters = new Map(parsed.parameters);
  parameters.delete('method');
  const uri = formatUri({ ...parsed, parameters, headers: undefined });
  return { uri, routes: [...routeSet.slice(1), `<${remoteTarget}>`], nextHop: uri };
}

function cseqOf(headers: Headers): CSeq | undefined {
  return parseCSeq(headers.get('CSeq') ?? '');
}

function withoutTag(value: string | undefined): string {
  const address = parseNameAddress(value ?? '');
  if (address === undefined) return value ?? '';
  const parameters = new Map(address.parameters);
  parameters.delete('tag');
  return formatNameAddress({ ...address, parameters });
}

function withTag(value: string, tag: string): string {
  return tag === '' ? value : `${value};tag=${tag}`;
}
