// Contact headers of REGISTER requests: read strictly, because a contact becomes the request-URI of later INVITEs.

export interface ContactHeader {
  readonly uri: string;
  /** From its `expires` parameter. */
  readonly expiresS?: number;
  /** Which phone it is and which of its flows, whatever its URI (RFC 5626 §4.1, §4.2): `"<urn:uuid:…>";reg-id=1`. */
  readonly flow?: string;
}

export type Contacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'list'; readonly contacts: readonly ContactHeader[] }
  | { readonly kind: 'malformed' };

const MAX_URI_LENGTH = 512;
const MAX_CONTACTS = 10;
/** A URN: what is longer or has other characters is nobody's (RFC 5626 §4.1). */
const INSTANCE = /;\s*\+sip\.instance\s*=\s*"<([A-Za-z0-9:._-]{1,128})>"/i;
const URI =
  /^sips?:(?:[A-Za-z0-9_.!~*'()&=+$,;?/%-]+@)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?(?:;[A-Za-z0-9_.!~*'()[\]/:&+$%=;-]*)?$/;

/** RFC 3261 §20.10: `*`, or a list of name-addr and addr-spec with parameters. */
export function parseContacts(header: string | undefined): Contacts {
  if (header === undefined || header.trim() === '') return { kind: 'none' };
  if (header.trim() === '*') return { kind: 'all' };
  const contacts: ContactHeader[] = [];
  for (const part of splitList(header)) {
    const contact = parseContact(part.trim());
    if (contact === undefined) return { kind: 'malformed' };
    contacts.push(contact);
  }
  return contacts.length > MAX_CONTACTS ? { kind: 'malformed' } : { kind: 'list', contacts };
}

function parseContact(text: string): ContactHeader | undefined {
  const bracketed = /^(?:"(?:[^"\\]|\\.)*"|[^"<>]*)\s*<([^<>]+)>(.*)$/s.exec(text);
  // Without brackets the parameters belong to the header, not to the URI (RFC 3261 §20.10).
  const bare = bracketed === null ? /^([^;<>"\s]+)(.*)$/s.exec(text) : null;
  const uri = bracketed?.[1] ?? bare?.[1] ?? '';
  const parameters = bracketed?.[2] ?? bare?.[2] ?? '';
  if (uri.length > MAX_URI_LENGTH || !URI.test(uri)) return undefined;
  const expiresS = parseExpires(/;\s*expires\s*=\s*"?([^;"\s]*)/i.exec(parameters)?.[1]);
  const flow = flowOf(parameters);
  return { uri, ...(expiresS === undefined ? {} : { expiresS }), ...(flow === undefined ? {} : { flow }) };
}

/** Both parameters, else none: without `reg-id` a phone does not want outbound (RFC 5626 §6). */
function flowOf(parameters: string): string | undefined {
  const instance = INSTANCE.exec(parameters)?.[1];
  const regId = /;\s*reg-id\s*=\s*(\d{1,9})(?=\s*(?:;|$))/i.exec(parameters)?.[1];
  return instance === undefined || regId === undefined ? undefined : `"<${instance}>";reg-id=${Number(regId)}`;
}

/** Seconds; malformed values count as absent (RFC 3261 §10.2.1.1 leaves the choice to the registrar). */
export function parseExpires(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Math.min(Number(text), 0xffff_ffff) : undefined;
}

function splitList(header: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < header.length; at++) {
    const char = header[at];
    if (char === '\\' && quoted) at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '<') depth += 1;
    else if (!quoted && char === '>') depth -= 1;
    else if (!quoted && depth === 0 && char === ',') {
      parts.push(header.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(header.slice(start));
  return parts;
}
