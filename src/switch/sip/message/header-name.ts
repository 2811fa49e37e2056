// Spelling of header names: which are the same (case, compact forms), and how we write them.

const CANONICAL_NAMES = [
  'Accept',
  'Accept-Contact',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Authorization',
  'Call-ID',
  'Call-Info',
  'Contact',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Diversion',
  'Event',
  'Expires',
  'From',
  'History-Info',
  'Identity',
  'Identity-Info',
  'Max-Forwards',
  'MIME-Version',
  'Min-Expires',
  'Min-SE',
  'P-Asserted-Identity',
  'P-Preferred-Identity',
  'Path',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Require',
  'RAck',
  'Reason',
  'Record-Route',
  'Refer-To',
  'Referred-By',
  'Reject-Contact',
  'Replaces',
  'Reply-To',
  'Request-Disposition',
  'Require',
  'Retry-After',
  'Route',
  'RSeq',
  'Server',
  'Service-Route',
  'Session-Expires',
  'SIP-ETag',
  'SIP-If-Match',
  'Subject',
  'Subscription-State',
  'Supported',
  'Timestamp',
  'To',
  'Unsupported',
  'User-Agent',
  'User-to-User',
  'Via',
  'Warning',
  'WWW-Authenticate',
] as const;

/** One-letter forms: RFC 3261 §7.3.3 and the IANA registry (RFC 3515, 3841, 3892, 4028, 6665, 8224). */
const COMPACT_FORMS: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

export interface HeaderName {
  /** Lower case, long form: what two spellings of one header have in common. */
  readonly key: string;
  /** How we write it. */
  readonly text: string;
}

const KNOWN = new Map<string, HeaderName>();
for (const text of CANONICAL_NAMES) {
  const name = { key: text.toLowerCase(), text };
  KNOWN.set(text, name);
  KNOWN.set(name.key, name);
}
for (const [compact, text] of Object.entries(COMPACT_FORMS)) {
  const name = { key: text.toLowerCase(), text };
  KNOWN.set(compact, name);
  KNOWN.set(compact.toUpperCase(), name);
}

/** Unknown names get capitals after each hyphen; `X-` names stay as their owner wrote them. */
export function headerName(name: string): HeaderName {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const key = name.toLowerCase();
  const spelledOddly = KNOWN.get(key);
  if (spelledOddly !== undefined) return spelledOddly;
  return { key, text: key.startsWith('x-') ? name : capitalised(name) };
}

function capitalised(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-');
}
