// The face of the way packets take between a leg and its remote party: plain UDP, encrypted UDP, WebRTC.
import type { RtpPacket } from '../../rtp/packet.js';
import type { Source } from '../../rtp/source-latch.js';
import type { RemoteMedia } from '../media-leg.js';
import type { Offload } from './offload.js';

/** Hears only the remote party: what others send is dropped and counted below. */
export interface PathListener {
  /** An RTP packet, decrypted, with its header read; the bytes and `packet` may be changed, and are valid during the call. */
  onRtp(datagram: Buffer, packet: RtpPacket): void;
  onRtcp(datagram: Buffer): void;
  /** The path is unusable; the leg has to be closed. */
  onDead(error: Error): void;
}

export interface PathCounts {
  /** Dropped: sent by somebody else than the remote party, or not protected by its keys. */
  readonly foreign: number;
  /** Dropped: not RTP. */
  readonly malformed: number;
  /** Sending failed, as when the remote port is closed. */
  readonly errors: number;
}

export interface MediaPath {
  /** Address and port of ours for RTP. */
  readonly local: Source;
  readonly counts: PathCounts;
  /** Where to send and whom to hear from now on; false, and nothing changed, when nobody can be there. */
  connect(remote: RemoteMedia): boolean;
  /** Nothing is sent and nothing heard until the next {@link connect}. */
  disconnect(): void;
  /** Sends at once, or drops while there is no remote party; the buffer may be used again after the call. */
  sendRtp(packet: Buffer): void;
  sendRtcp(packet: Buffer): void;
  /** Takes plain work off JavaScript; undefined where nobody does, or while there is no remote party. */
  readonly offload?: Offload | undefined;
  /** The remote party was heard at this frame, by who has taken the work. */
  heard?(frame: number): void;
  /** Resolves when the ports are free; safe to call twice. */
  close(): Promise<void>;
}
