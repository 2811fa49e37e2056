// Where an INVITE goes: a registered contact or a number over a trunk, as request-URI and next hop.
import type { Registration } from '../../app/ports.js';
import type { TrunkConfig } from '../../core/routing/centre.js';
import { userPart } from '../drachtio/plain-text.js';

export interface Destination {
  readonly uri: string;
  readonly nextHop?: string;
  /** What it talks: a browser nothing but WebRTC; `sdes`: SRTP with its keys in SDP. */
  readonly media: 'plain' | 'sdes' | 'webrtc';
}

/**
 * The contact as registered. Over UDP it is sent to where the registration came from, which is the phone's door in its NAT;
 * other transports are found by drachtio among its connections (compatibility A13).
 */
export function deviceDestination(registration: Registration, security?: 'sdes'): Destination {
  const { source, contact } = registration;
  if (isBrowser(registration)) return { uri: contact, media: 'webrtc' };
  const media = security ?? 'plain';
  if (source.transport !== 'udp') return { uri: contact, media };
  return { uri: contact, nextHop: `sip:${hostPort(source.address, source.port)}`, media };
}

/** undefined: the trunk takes no calls, or nothing callable is left of the number. */
export function numberDestination(number: string, trunk: TrunkConfig): Destination | undefined {
  if (trunk.outbound === undefined) return undefined;
  const user = userPart(number);
  if (user === 'anonymous') return undefined;
  const { host, port, transport } = trunk.outbound;
  const suffix = transport === 'tcp' ? ';transport=tcp' : '';
  return { uri: `sip:${user}@${hostPort(host, port)}${suffix}`, media: 'plain' };
}

/** By its contact (RFC 7118 §5, `.invalid` or `transport=ws`): drachtio names WebSocket peers `tcp` (compatibility J15). */
function isBrowser({ contact, source }: Registration): boolean {
  return /^wss?$/i.test(source.transport) || /;transport=wss?\b/i.test(contact) || /@[\w.-]+\.invalid\b/i.test(contact);
}

function hostPort(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}
