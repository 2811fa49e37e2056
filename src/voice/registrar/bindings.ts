// What a REGISTER does to the contacts of a device (RFC 3261 §10.3): all of it or nothing.
import type { Registration } from '../../app/ports.js';
import { type Contacts, parseContacts, parseExpires } from './contact.js';

export interface RegistrarLimits {
  readonly minExpiresS: number;
  readonly maxExpiresS: number;
  readonly defaultExpiresS: number;
  /** Contacts per device; the one that would expire first makes room. */
  readonly maxContacts: number;
}

export const REGISTRAR_LIMITS: RegistrarLimits = {
  minExpiresS: 60,
  maxExpiresS: 3600,
  defaultExpiresS: 3600,
  maxContacts: 5,
};

export interface RegisterRequest {
  readonly device: string;
  readonly contact: string | undefined;
  readonly expires: string | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly source: Registration['source'];
  /** The sender's own idea of its address (topmost Via), to see whether something rewrites it on the way. */
  readonly via: string | undefined;
  readonly userAgent: string;
  /** SIP server it came in by. */
  readonly server: string;
}

export type RegisterResult =
  /** `bindings`: all contacts from now on, those of this request first. */
  | {
      readonly status: 200;
      readonly bindings: readonly Registration[];
      readonly put: readonly Registration[];
      readonly removed: readonly string[];
    }
  | { readonly status: 400 | 423 | 500; readonly reason: string };

export function register(
  current: readonly Registration[],
  request: RegisterRequest,
  nowMs: number,
  limits: RegistrarLimits,
): RegisterResult {
  const live = current.filter((binding) => binding.expiresAtMs > nowMs);
  const contacts = parseContacts(request.contact);
  switch (contacts.kind) {
    case 'none':
      return { status: 200, bindings: live, put: [], removed: [] };
    case 'malformed':
      return { status: 400, reason: 'Bad Contact' };
    case 'all':
      if (parseExpires(request.expires) !== 0) return { status: 400, reason: 'Contact: * needs Expires: 0' };
      if (live.some((binding) => outOfOrder(binding, request))) return { status: 500, reason: 'Out Of Order' };
      return { status: 200, bindings: [], put: [], removed: live.map(({ contact }) => contact) };
    case 'list':
      return update(live, request, contacts, nowMs, limits);
  }
}

function update(
  live: readonly Registration[],
  request: RegisterRequest,
  { contacts }: Extract<Contacts, { kind: 'list' }>,
  nowMs: number,
  limits: RegistrarLimits,
): RegisterResult {
  const put: Registration[] = [];
  const removed: string[] = [];
  for (const contact of contacts) {
    const existing = live.find((binding) => binding.contact === contact.uri);
    if (existing !== undefined && outOfOrder(existing, request)) return { status: 500, reason: 'Out Of Order' };
    const wanted = contact.expiresS ?? parseExpires(request.expires) ?? limits.defaultExpiresS;
    if (wanted === 0) {
      if (existing !== undefined) removed.push(contact.uri);
      continue;
    }
    if (wanted < limits.minExpiresS) return { status: 423, reason: 'Interval Too Brief' };
    const expiresAtMs = nowMs + Math.min(wanted, limits.maxExpiresS) * 1000;
    const { device, callId, cseq, userAgent, server: via } = request;
    const source = doorOf(contact.uri, request);
    const flow = contact.flow === undefined ? {} : { flow: contact.flow };
    put.push({ device, contact: contact.uri, source, callId, cseq, expiresAtMs, userAgent, via, ...flow });
  }
  const flows = new Set(put.flatMap(({ flow }) => flow ?? []));
  const isPut = (contact: string): boolean => put.some((one) => one.contact === contact);
  // The same browser, whose page was loaded anew, has another contact (RFC 5626 §6).
  for (const { contact, flow } of live)
    if (flow !== undefined && flows.has(flow) && !isPut(contact)) removed.push(contact);
  const touched = new Set([...put.map(({ contact }) => contact), ...removed]);
  const others = live.filter(({ contact }) => !touched.has(contact));
  const room = Math.max(0, limits.maxContacts - put.length);
  const kept = others.toSorted((a, b) => b.expiresAtMs - a.expiresAtMs).slice(0, room);
  removed.push(...others.filter((binding) => !kept.includes(binding)).map(({ contact }) => contact));
  return { status: 200, bindings: [...put, ...kept], put, removed };
}

/**
 * Where requests to the contact go. A phone may register from one port and listen on another; but when its Via is not
 * where the request came from, a NAT stands between and only the source is open (RFC 3581). Never to a third address.
 */
function doorOf(contact: string, { source, via }: RegisterRequest): Registration['source'] {
  if (source.transport !== 'udp' || sentBy(via) !== `${source.address}:${source.port}`) return source;
  const [, host, port = '5060'] = /^sips?:(?:[^@]*@)?([0-9.]+)(?::(\d{1,5}))?(?:;|$)/.exec(contact) ?? [];
  return host === source.address ? { ...source, port: Number(port) } : source;
}

function sentBy(via: string | undefined): string | undefined {
  const [, host, port = '5060'] = /^SIP\/2\.0\/\w+\s+([0-9.]+)(?::(\d{1,5}))?/i.exec(via?.trim() ?? '') ?? [];
  return host === undefined ? undefined : `${host}:${port}`;
}

/** A late request must not undo a newer one (RFC 3261 §10.3 step 7). */
function outOfOrder(binding: Registration, request: RegisterRequest): boolean {
  return binding.callId === request.callId && request.cseq <= binding.cseq;
}
