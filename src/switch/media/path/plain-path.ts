// RTP over UDP as it is: a pair of sockets, and a latch that says who is heard.
import { isIPv4 } from 'node:net';
import { emptyRtpPacket, readRtp } from '../../rtp/packet.js';
import { openSocketPair, type SocketListener, type Sockets } from '../../rtp/socket-pair.js';
import { type Source, SourceLatch } from '../../rtp/source-latch.js';
import { SrtpSession } from '../../secure/srtp-session.js';
import type { RemoteMedia } from '../media-leg.js';
import type { MediaPath, PathCounts, PathListener } from './media-path.js';
import type { Offload } from './offload.js';

// Shared by all paths of the thread: used and left within one call.
const packet = emptyRtpPacket();

interface Remote {
  readonly media: RemoteMedia;
  readonly latch: SourceLatch;
}

export type OpenSockets = (address: string, port: number, listener: SocketListener) => Promise<Sockets>;

/** Binds `port` and the next one; rejects with the system's error. `frame` reads the media clock, 20 ms a frame. */
export async function openPlainPath(
  local: Source,
  listener: PathListener,
  frame: () => number,
  openSockets: OpenSockets = openSocketPair,
): Promise<MediaPath> {
  const path = new PlainPath(local, listener, frame);
  await path.open(openSockets);
  return path;
}

class PlainPath implements MediaPath {
  readonly local: Source;
  readonly #listener: PathListener;
  readonly #frame: () => number;
  #sockets: (Sockets & { offload?(target: Source, isCertain: boolean): Offload }) | undefined;
  #remote: Remote | undefined;
  /** The kernel drops what others send. */
  #exclusive = false;
  /** While SDES keys are in force: packets that are not theirs are nobody's. */
  #srtp: SrtpSession | undefined;
  #foreign = 0;
  #malformed = 0;

  constructor(local: Source, listener: PathListener, frame: () => number) {
    this.local = local;
    this.#listener = listener;
    this.#frame = frame;
  }

  async open(openSockets: OpenSockets): Promise<void> {
    this.#sockets = await openSockets(this.local.address, this.local.port, {
      onRtp: (datagram, source) => this.#open(datagram, source),
      onRtcp: (datagram, source) => {
        const clear = this.#srtp ? this.#srtp.unprotectRtcp(datagram) : datagram;
        if (clear === undefined) this.#foreign++;
        else this.#receiveRtcp(clear, source);
      },
      onDead: (error) => this.#listener.onDead(error),
    });
  }

  get counts(): PathCounts {
    return { foreign: this.#foreign, malformed: this.#malformed, errors: this.#sockets?.errors ?? 0 };
  }

  connect(media: RemoteMedia): boolean {
    const { address, port } = media;
    const isOwn = address === this.local.address && port === this.local.port;
    if (isOwn || !isReachable({ address, port })) return false;
    this.#srtp = media.sdes && new SrtpSession(media.sdes, this.#srtp);
    const before = this.#remote;
    if (before?.media.address === address && before.media.port === port && before.media.latch === media.latch) {
      // The same party as before: what was learnt about it stays.
      before.latch.reopen(this.#frame());
      this.#remote = { media, latch: before.latch };
    } else {
      this.#remote = { media, latch: new SourceLatch({ address, port }, media.latch, this.#frame()) };
      this.#sockets?.disconnect();
      this.#exclusive = false;
    }
    this.#guard(this.#remote.latch);
    return true;
  }

  disconnect(): void {
    this.#remote = undefined;
    this.#exclusive = false;
    this.#sockets?.disconnect();
  }

  sendRtp(bytes: Buffer): void {
    if (this.#remote === undefined) return;
    this.#sockets?.send(this.#srtp?.protectRtp(bytes) ?? bytes, this.#remote.latch.target);
  }

  sendRtcp(bytes: Buffer): void {
    if (this.#remote === undefined) return;
    this.#sockets?.sendRtcp(this.#srtp?.protectRtcp(bytes) ?? bytes, this.#remote.latch.target);
    // Sent every five seconds: often enough to see that the party has gone silent and may have moved.
    this.#guard(this.#remote.latch);
  }

  get offload(): Offload | undefined {
    // Keys and their counters are here.
    if (this.#srtp !== undefined) return undefined;
    const latch = this.#remote?.latch;
    return latch === undefined ? undefined : this.#sockets?.offload?.(latch.target, !latch.isLearning);
  }

  heard(frame: number): void {
    this.#remote?.latch.heard(frame);
  }

  async close(): Promise<void> {
    this.#remote = undefined;
    await this.#sockets?.close();
  }

  #open(datagram: Buffer, source: Source): void {
    const clear = this.#srtp ? this.#srtp.unprotectRtp(datagram) : datagram;
    if (clear === undefined) this.#foreign++;
    else this.#receive(clear, source);
  }

  #receive(datagram: Buffer, source: Source): void {
    const remote = this.#remote;
    if (!readRtp(datagram, packet)) this.#malformed++;
    else if (remote === undefined || !this.#isFrom(remote, source)) this.#foreign++;
    else this.#listener.onRtp(datagram, packet);
  }

  #isFrom({ media, latch }: Remote, { address, port }: Source): boolean {
    const { target } = latch;
    const isTarget = target.port === port && target.address === address;
    // Who is not to send has no place to learn: a stranger could take it while the party is on hold.
    if (!isTarget && !media.receive) return false;
    const frame = this.#frame();
    if (!latch.accepts(address, port, packet, frame)) return false;
    if (!this.#exclusive) this.#guard(latch);
    return packet.payloadType === media.telephoneEvent || latch.continues(packet.ssrc, frame);
  }

  /** Reports come from the same address, whatever the port a NAT gave them, and of the stream that is heard. */
  #receiveRtcp(datagram: Buffer, source: Source): void {
    const latch = this.#remote?.latch;
    const isOfStream = latch?.ssrc === undefined || (datagram.length >= 8 && datagram.readUInt32BE(4) === latch.ssrc);
    if (source.address === latch?.target.address && isOfStream) this.#listener.onRtcp(datagram);
    else this.#foreign++;
  }

  /** Lets the kernel drop the packets of others, for as long as nobody else may be heard. */
  #guard(latch: SourceLatch): void {
    const exclusive = latch.isExclusive(this.#frame());
    if (exclusive === this.#exclusive) return;
    this.#exclusive = exclusive;
    if (exclusive) this.#sockets?.connect(latch.target);
    else this.#sockets?.disconnect();
  }
}

function isReachable({ address, port }: Source): boolean {
  return isIPv4(address) && address !== '0.0.0.0' && port > 0 && port < 65_536;
}
