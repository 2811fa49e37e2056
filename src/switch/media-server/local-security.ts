// Owns our half of a leg's protection: the keys we send with, the WebRTC description we gave, and what the leg is told of them.
import type { Ids } from '../../lib/ids.js';
import type { MediaLeg } from '../media/media-leg.js';
import type { RemoteStream } from '../sdp/negotiation.js';
import type { Security, SecurityKind } from '../sdp/security.js';
import { MASTER_BYTES, SUITES, type Suite } from '../secure/session-keys.js';
import type { SdesKeys } from '../secure/srtp-session.js';

export type Secured =
  | { readonly ok: true; readonly local: Security; readonly keys?: SdesKeys }
  | { readonly ok: false; readonly reason: string };

export class LocalSecurity {
  readonly #leg: MediaLeg;
  readonly #ids: Ids;
  readonly #keys = new Map<Suite, string>();
  #ufrag: string | undefined;

  constructor(leg: MediaLeg, ids: Ids) {
    this.#leg = leg;
    this.#ids = ids;
  }

  /** For an offer of ours. Rejects when the media engine cannot. */
  async offered(kind: SecurityKind): Promise<Security> {
    switch (kind) {
      case 'plain':
        return { kind };
      case 'sdes':
        return { kind, keys: SUITES.map((suite, at) => ({ tag: at + 1, suite, key: this.#keyOf(suite) })) };
      case 'webrtc': {
        const party = await this.#leg.describeWeb();
        this.#ufrag = party.ufrag;
        return { kind, party };
      }
    }
  }

  /** For what the peer wants; never rejects. */
  async answering({ security, opus, telephoneEvent, eventRate }: RemoteStream): Promise<Secured> {
    switch (security.kind) {
      case 'plain':
        // A key stream must not begin again: should keys come back, they are others.
        this.#keys.clear();
        return { ok: true, local: security };
      case 'sdes': {
        const [remote] = security.keys;
        if (!remote) return { ok: false, reason: 'no crypto line of ours' };
        const { tag, suite } = remote;
        const local = { tag, suite, key: this.#keyOf(suite) };
        return { ok: true, local: { kind: 'sdes', keys: [local] }, keys: { local, remote } };
      }
      case 'webrtc': {
        const { party } = security;
        const voice = telephoneEvent === undefined ? { eventRate } : { eventRate, telephoneEvent };
        const remote = opus === undefined ? { party } : { party, opus: { ...opus, ...voice } };
        try {
          if (party.ufrag === this.#ufrag) return { ok: true, local: await this.offered('webrtc') };
          const local = await this.#leg.describeWeb(remote);
          this.#ufrag = local.ufrag;
          return { ok: true, local: { kind: 'webrtc', party: local } };
        } catch (error) {
          return { ok: false, reason: `WebRTC: ${error instanceof Error ? error.message : String(error)}` };
        }
      }
    }
  }

  /** True when the description is our own, come back. */
  isOwn({ address, port, security }: RemoteStream): boolean {
    if (security.kind === 'webrtc') return security.party.ufrag === this.#ufrag;
    return address === this.#leg.address && port === this.#leg.port;
  }

  /** The same for the whole call: the peer may have it from an earlier offer. */
  #keyOf(suite: Suite): string {
    const key = this.#keys.get(suite) ?? Buffer.from(this.#ids.token(MASTER_BYTES), 'hex').toString('base64');
    this.#keys.set(suite, key);
    return key;
  }
}
