// One browser as a leg sees it: its connection, the one that takes over after an ICE restart, its time limits, its codec.
import type { RtcConfig } from 'node-datachannel';
import type { Clock, Timer } from '../../lib/clock.js';
import { isRtcp } from '../rtp/rtcp-mux.js';
import { iceCredentials, type WebIdentity } from './identity.js';
import { OpusVoice } from './opus-voice.js';
import { WebConnection, type WebLibrary } from './web-connection.js';
import type { WebParty, WebRemote } from './web-party.js';

/** From the other side's description to the end of the DTLS handshake. */
export const CONNECT_LIMIT_MS = 15_000;
/** A browser that closes its connection sends BYE beside it, one that changes its network a restart of ICE: how long that may take. */
export const GONE_GRACE_MS = 5_000;

export interface WebPeerListener {
  onConnected(): void;
  onPacket(packet: Buffer): void;
  onFailed(reason: string): void;
}

export interface WebPeerPorts {
  readonly library: WebLibrary;
  readonly config: RtcConfig;
  /** Of the first connection of each peer; it is part of our offers. */
  readonly identity: WebIdentity;
  /** The value of our `a=candidate`. */
  readonly candidate: string;
  readonly clock: Clock;
}

/*
   idle ──describe()──▶ offered ──describe(remote)──▶ connecting ──▶ connected
   idle ──describe(remote)──▶ connecting
   connected ──describe(remote with other ICE credentials)──▶ next is connecting while current still talks ──▶ connected
*/
export class WebPeer {
  readonly #ports: WebPeerPorts;
  readonly #listener: WebPeerListener;
  #offered: WebParty | undefined;
  #current: WebConnection | undefined;
  /** After an ICE restart, until it is connected. */
  #next: WebConnection | undefined;
  #voice: { readonly format: string; readonly opus: OpusVoice } | undefined;
  #limit: Timer | undefined;

  constructor(ports: WebPeerPorts, listener: WebPeerListener) {
    this.#ports = ports;
    this.#listener = listener;
  }

  /** Our description for this one of theirs, or for an offer of ours. Throws when the library refuses theirs. */
  describe(remote?: WebRemote): WebParty {
    const newest = this.#next ?? this.#current;
    if (remote === undefined) return newest ? { ...newest.local, setup: 'actpass' } : this.#offer();
    if (newest && isSameTransport(newest.remote, remote.party)) {
      this.#speak(remote);
      return newest.local;
    }
    const opened = this.#open(remote.party, newest === undefined);
    this.#speak(remote);
    this.#next?.close();
    if (this.#current?.connected) this.#next = opened;
    else {
      this.#current?.close();
      this.#next = undefined;
      this.#current = opened;
    }
    this.#await(newest === undefined ? 'no WebRTC connection' : 'no WebRTC connection after an ICE restart');
    return opened.local;
  }

  /** RTP in G.711, or RTCP, for the browser; dropped while there is no connection. */
  send(packet: Buffer): void {
    const connection = this.#current;
    if (!connection?.connected) return;
    if (this.#voice === undefined || isRtcp(packet)) connection.send(packet);
    else for (const spoken of this.#voice.opus.say(packet)) connection.send(spoken);
  }

  close(): void {
    this.#limit?.cancel();
    this.#next?.close();
    this.#current?.close();
  }

  /** Nothing is opened for it yet: the phone it goes to may ring for a long time. */
  #offer(): WebParty {
    const { identity, candidate } = this.#ports;
    this.#offered ??= {
      ...iceCredentials(),
      fingerprint: identity.fingerprint,
      setup: 'actpass',
      candidates: [candidate],
    };
    return this.#offered;
  }

  /** A restart gets a new certificate: by its fingerprint the browser sees that DTLS begins anew (RFC 8842 §4). */
  #open(remote: WebParty, isFirst: boolean): WebConnection {
    const { library, config, identity } = this.#ports;
    const known = { certificatePemFile: identity.certificatePem, keyPemFile: identity.keyPem };
    const options = { library, remote, config: isFirst ? { ...config, ...known } : config };
    const credentials = isFirst ? this.#offered : undefined;
    const connection: WebConnection = new WebConnection(credentials ? { ...options, credentials } : options, {
      onConnected: () => this.#connected(connection),
      onPacket: (packet) => this.#hear(packet),
      onLost: (reason) => this.#lost(connection, reason),
    });
    return connection;
  }

  #speak({ opus }: WebRemote): void {
    const format = JSON.stringify(opus);
    if (opus === undefined) this.#voice = undefined;
    else if (this.#voice?.format !== format) this.#voice = { format, opus: new OpusVoice(opus) };
  }

  #hear(packet: Buffer): void {
    if (this.#voice === undefined || isRtcp(packet)) this.#listener.onPacket(packet);
    else {
      const heard = this.#voice.opus.hear(packet);
      if (heard !== undefined) this.#listener.onPacket(heard);
    }
  }

  #connected(connection: WebConnection): void {
    if (connection === this.#next) {
      this.#current?.close();
      this.#current = connection;
      this.#next = undefined;
    }
    this.#limit?.cancel();
    this.#listener.onConnected();
  }

  #lost(connection: WebConnection, reason: 'failed' | 'gone'): void {
    // A restart may be on its way to save it.
    if (connection === this.#current && this.#next !== undefined) return;
    if (reason === 'failed') this.#fail('ICE or DTLS failed');
    else this.#await('the WebRTC connection was lost and not renewed', GONE_GRACE_MS);
  }

  #await(otherwise: string, limitMs = CONNECT_LIMIT_MS): void {
    this.#limit?.cancel();
    this.#limit = this.#ports.clock.after(limitMs, () => this.#fail(`${otherwise} in ${limitMs} ms`));
  }

  #fail(reason: string): void {
    this.close();
    this.#listener.onFailed(reason);
  }
}

/** RFC 8842 §5: the same credentials and certificate mean the same association. */
function isSameTransport(one: WebParty, other: WebParty): boolean {
  return one.ufrag === other.ufrag && one.pwd === other.pwd && one.fingerprint === other.fingerprint;
}
