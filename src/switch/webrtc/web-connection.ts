// One ICE and DTLS association with a browser: made from two descriptions, connected once, closed once.
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
  /** ICE or DTLS gave up, or the other side ended the association. */
  onLost(reason: 'failed' | 'closed'): void;
}

type State = 'open' | 'connected' | 'closed';

export class WebConnection {
  readonly #pc: PeerConnection;
  readonly #track: Track;
  readonly #listener: ConnectionListener;
  #state: State = 'open';
  #local: WebParty | undefined;
  #remote: WebParty | undefined;

  constructor(library: WebLibrary, config: RtcConfig, listener: ConnectionListener) {
    this.#listener = listener;
    this.#pc = new library.PeerConnection('hilo', config);
    this.#pc.onStateChange((state) => this.#onState(state));
    const audio = new library.Audio(MID, 'SendRecv');
    audio.addAudioCodec(0, 'PCMU');
    this.#track = this.#pc.addTrack(audio);
    this.#track.onMessage((packet) => {
      if (this.#state !== 'closed') this.#listener.onPacket(packet);
    });
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  /** The description of our side; for an association in being with the role that was taken. */
  get local(): WebParty | undefined {
    return this.#local;
  }

  get remote(): WebParty | undefined {
    return this.#remote;
  }

  offer(): WebParty {
    this.#pc.setLocalDescription('offer');
    this.#local = localParty(this.#localText(), 'actpass');
    return this.#local;
  }

  /** Throws when the library refuses it. */
  answer(remote: WebParty): WebParty {
    this.#pc.setRemoteDescription(remoteDescription(remote), 'offer');
    this.#pc.setLocalDescription('answer');
    this.#remote = remote;
    this.#local = localParty(this.#localText(), remote.setup === 'passive' ? 'active' : 'passive');
    return this.#local;
  }

  /** The other side's part, after {@link offer}. */
  accept(remote: WebParty): WebParty {
    this.#pc.setRemoteDescription(remoteDescription(remote), 'answer');
    this.#remote = remote;
    const role = remote.setup === 'passive' ? 'active' : 'passive';
    this.#local = localParty(this.#localText(), role);
    return this.#local;
  }

  send(packet: Buffer): void {
    if (this.#state === 'connected' && this.#track.isOpen()) this.#track.sendMessageBinary(packet);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#pc.close();
  }

  /** Complete at once: the only candidate is our own address, nobody has to be asked. */
  #localText(): string {
    const description = this.#pc.localDescription();
    if (description === null) throw new Error('the WebRTC library has no local description');
    return description.sdp;
  }

  #onState(state: string): void {
    if (this.#state === 'closed') return;
    if (state === 'connected') {
      this.#state = 'connected';
      this.#listener.onConnected();
    } else if (state === 'failed' || state === 'closed') this.#listener.onLost(state);
  }
}
