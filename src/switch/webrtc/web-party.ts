// What the two sides of a WebRTC connection say of themselves, free of SDP.

export type SetupRole = 'active' | 'passive' | 'actpass';

/** ICE credentials, DTLS certificate and role, and ways to be reached. */
export interface WebParty {
  readonly ufrag: string;
  readonly pwd: string;
  /** `sha-256 AB:CD:…`, algorithm in lower case, octets in upper case. */
  readonly fingerprint: string;
  readonly setup: SetupRole;
  /** Values of `a=candidate`. */
  readonly candidates: readonly string[];
}

/** Opus of the other side, made PCMU (payload type 0) for us; its events keep their payload type. */
export interface OpusVoiceFormat {
  readonly payloadType: number;
  readonly telephoneEvent?: number;
  /** Clock of the events, per second. */
  readonly eventRate: 8_000 | 48_000;
}

export interface WebRemote {
  readonly party: WebParty;
  /** Absent: G.711, passed as it is. */
  readonly opus?: OpusVoiceFormat;
}
