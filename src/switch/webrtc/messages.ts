// What a media worker and its WebRTC host say to each other, besides packets.
import type { WebParty, WebRemote } from './web-party.js';

/** Where the host is reached by browsers. */
export interface WebSettings {
  /** One IPv4 address of this machine, written into candidates. */
  readonly address: string;
  /** The one UDP port of all connections of a host; 0 = any free one. */
  readonly port: number;
}

/** To the host. `peer` numbers the connections of one host, `id` its questions. */
export type WebCommand =
  | { readonly type: 'open'; readonly peer: number }
  /** Without `remote`: an offer. With it: an answer, the reading of an answer, or a restart of ICE. */
  | { readonly type: 'describe'; readonly peer: number; readonly id: number; readonly remote?: WebRemote }
  | { readonly type: 'close'; readonly peer: number };

/** From the host. */
export type WebReport =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'unavailable'; readonly reason: string }
  | { readonly type: 'described'; readonly peer: number; readonly id: number; readonly party: WebParty }
  | { readonly type: 'refused'; readonly peer: number; readonly id: number; readonly reason: string }
  /** ICE and DTLS are finished: audio can flow. Again after each restart. */
  | { readonly type: 'connected'; readonly peer: number }
  | { readonly type: 'failed'; readonly peer: number; readonly reason: string };

/** Who hears a host: in a media worker. */
export interface WebHostListener {
  onReport(report: WebReport): void;
  /** RTP or RTCP, decrypted; valid during the call. */
  onPacket(peer: number, packet: Buffer): void;
}
