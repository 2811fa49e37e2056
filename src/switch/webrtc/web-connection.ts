// One ICE and DTLS association with a browser: made for its description, connected once, closed once.
import type { Audio, PeerConnection, RtcConfig, Track } from 'node-datachannel';
import { localParty, MID, remoteDescription } from './description.js';
import type { WebParty } from './web-party.js';

/** What we need of the library, loaded where there is one. */
export interface WebLibrary {
  readonly PeerConnection: new (name: string, config: RtcConfig) => PeerConnection;
  readonly Audio: new (mid: string, direction: 'SendRecv') => Audio;
}

export interface ConnectionListener {
  onConnected(): void;
  onPacket(packet: Buffer): void;
  /** `failed`: ICE or DTLS gave up; `gone`: the other side ended the association, or is silent. */
  onLost(reason: 'failed' | 'gone'): void;
}

export interface ConnectionOptions {
  readonly library: WebLibrary;
  readonly config: RtcConfig;
  readonly remote: WebParty;
  /** As announced to the other side before; else new ones are made. */
  readonly credentials?: { readonly ufrag: string; readonly pwd: string };
}

type State = 'open' | 'connected' | 'closed';

/**
 * To the library we always answer, also when the offer was ours: when it offers, ICE and DTLS may be finished, on threads of
 * its own, before it knows the fingerprint of the answer, and the connection fails.
 */
export class WebConnection {
  readonly local: WebParty;
  readonly remote: WebParty;
  readonly #pc: PeerConnection;
  readonly #track: Track;
  readonly #listener: ConnectionListener;
  #state: State = 'open';

  /** Throws when the library refuses the description. */
  constructor({ library, config, remote, credentials }: ConnectionOptions, listener: ConnectionListener) {
    this.remote = remote;
    this.#listener = listener;
    this.#pc = new library.PeerConnection('hilo', config);
    try {
      this.#pc.onStateChange((state) => this.#onState(state));
      const audio = new library.Audio(MID, 'SendRecv');
      audio.addAudioCodec(0, 'PCMU');
      this.#track = this.#pc.addTrack(audio);
      this.#track.onMessage((packet) => {
        if (this.#state !== 'closed') this.#listener.onPacket(packet);
      });
      this.local = this.#answer(credentials);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  send(packet: Buffer): void {
    if (this.#state === 'connected' && this.#track.isOpen()) this.#track.sendMessageBinary(packet);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#pc.close();
  }

  #answer(credentials: ConnectionOptions['credentials']): WebParty {
    this.#pc.setRemoteDescription(remoteDescription(this.remote), 'offer');
    const own = credentials && { iceUfrag: credentials.ufrag, icePwd: credentials.pwd };
    this.#pc.setLocalDescription('answer', own ?? {});
    // Complete at once: the only candidate is our own address, nobody has to be asked.
    const description = this.#pc.localDescription();
    if (description === null) throw new Error('the WebRTC library has no local description');
    return localParty(description.sdp, this.remote.setup === 'passive' ? 'active' : 'passive');
  }

  #onState(state: string): void {
    if (this.#state === 'closed') return;
    if (state === 'connected') {
      this.#state = 'connected';
      this.#listener.onConnected();
    } else if (state === 'failed') this.#listener.onLost('failed');
    // The library takes up no connection again that was lost.
    else if (state === 'disconnected' || state === 'closed') this.#listener.onLost('gone');
  }
}
