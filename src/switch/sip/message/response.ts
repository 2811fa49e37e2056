// Responses made from the request they answer (RFC 3261 §8.2.6).
import { Headers } from './headers.js';
import { EMPTY_BODY, type SipRequest, type SipResponse } from './message.js';
import { tagOf } from './name-address.js';

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  182: 'Queued',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  305: 'Use Proxy',
  380: 'Alternative Service',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  410: 'Gone',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  421: 'Extension Required',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  484: 'Address Incomplete',
  485: 'Ambiguous',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  491: 'Request Pending',
  493: 'Undecipherable',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  600: 'Busy Everywhere',
  603: 'Decline',
  604: 'Does Not Exist Anywhere',
  606: 'Not Acceptable',
};

export function reasonPhrase(status: number): string {
  return REASONS[status] ?? 'Unknown';
}

export interface ResponseOptions {
  readonly reason?: string;
  /** Added to To when the request's To has no tag and the status is above 100. */
  readonly toTag?: string;
  /** Appended after the copied ones. */
  readonly headers?: Headers | Iterable<readonly [name: string, value: string]>;
  readonly body?: Buffer;
}

/** Copies Via, From, To, Call-ID and CSeq; Record-Route for 101 to 299 (§12.1.1), Timestamp for 100 (§8.2.6.1). */
export function makeResponse(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
  const from = request.headers;
  const headers = new Headers();
  for (const via of from.all('Via')) headers.append('Via', via);
  if (status > 100 && status < 300) {
    for (const route of from.all('Record-Route')) headers.append('Record-Route', route);
  }
  copy('From');
  const to = from.get('To');
  if (to !== undefined) headers.append('To', withTag(to, status > 100 ? options.toTag : undefined));
  copy('Call-ID');
  copy('CSeq');
  if (status === 100) copy('Timestamp');
  for (const [name, value] of options.headers ?? []) headers.append(name, value);
  return {
    kind: 'response',
    status,
    reason: options.reason ?? reasonPhrase(status),
    headers,
    body: options.body ?? EMPTY_BODY,
  };

  function copy(name: string): void {
    const value = from.get(name);
    if (value !== undefined) headers.append(name, value);
  }
}

function withTag(to: string, tag: string | undefined): string {
  return tag === undefined || tagOf(to) !== undefined ? to : `${to};tag=${tag}`;
}
