// Owns what an INVITE asks of the media: whose offer it is to be, and how it is protected.

import { readOffer } from '../sdp/negotiation.js';
import type { SecurityKind } from '../sdp/security.js';
import type { SipRequest } from '../sip/message/message.js';

export interface WantedMedia {
  /** Undefined: the offer is to be ours. */
  readonly offer: string | undefined;
  readonly security: SecurityKind;
  /** An offer of ours is to have a line for real-time text. */
  readonly text: boolean;
}

/**
 * Without a body the header X-Secure-RTP says what to offer: `true`, as fsmrf writes it for `srtp: true`, for WebRTC
 * (compatibility E3), `sdes` for SRTP phones. `X-Hilo-Text: true` asks for a line of text beside the audio (RFC 4103).
 */
export function wantedMedia({ body, headers }: SipRequest): WantedMedia | { readonly refused: string } {
  if (body.length === 0) {
    const secure = headers.get('X-Secure-RTP')?.toLowerCase();
    const text = headers.get('X-Hilo-Text')?.toLowerCase() === 'true';
    return { offer: undefined, security: secure === 'true' ? 'webrtc' : secure === 'sdes' ? 'sdes' : 'plain', text };
  }
  const offer = body.toString();
  const read = readOffer(offer);
  return read.ok ? { offer, security: read.offered.remote.security.kind, text: false } : { refused: read.reason };
}

/** A Warning header (RFC 3261 §20.43) that cannot break out of its quotes. */
export function warningOf(reason: string): Record<string, string> {
  return { Warning: `399 hilo "${reason.replaceAll(/[^\w .:;()-]/g, ' ')}"` };
}
