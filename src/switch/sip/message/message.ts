// The two kinds of SIP message as plain values (RFC 3261 §7).
import type { Headers } from './headers.js';

export interface SipRequest {
  readonly kind: 'request';
  /** As on the wire; methods are case-sensitive (RFC 3261 §7.1). */
  readonly method: string;
  readonly uri: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface SipResponse {
  readonly kind: 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

export const EMPTY_BODY: Buffer = Buffer.alloc(0);
