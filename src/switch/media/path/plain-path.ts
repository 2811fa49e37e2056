// RTP over UDP as it is: a pair of sockets, and a latch that says who is heard.
import { isIPv4 } from 'node:net';
import { emptyRtpPacket, readRtp } from '../../rtp/packet.js';
import { openSocketPair, type SocketPair } from '../../rtp/socket-pair.js';
import { type Source, SourceLatch } from '../../rtp/source-latch.js';
import type { RemoteMedia } from '../media-leg.js';
import type { MediaPath, PathCounts, PathListener } from './media-path.js';

// Shared by all paths of the thread: used and left within one call.
const packet = emptyRtpPacket();

interface Remote extends Source {
  readonly learns: boolean;
  readonly latch: SourceLatch;
}

/** Binds `port` and the next one; rejects with the system's error. */
export async function openPlainPath(local: Source, listener: PathListener): Promise<MediaPath> {
  const path = new PlainPath(local, listener);
  await path.open();
  return path;
}

class PlainPath implements MediaPath {
  readonly local: Source;
  readonly #listener: PathListener;
  #sockets: SocketPair | undefined;
  #remote: Remote | undefined;
  #foreign = 0;
  #malformed = 0;

  constructor(local: Source, listener: PathListener) {
    this.local = local;
    this.#listener = listener;
  }

  async open(): Promise<void> {
    this.#sockets = await openSocketPair(this.local.address, this.local.port, {
      onRtp: (datagram, source) => this.#receive(datagram, source),
      onRtcp: (datagram, source) => {
        if (source.address === this.#remote?.latch.target.address) this.#listener.onRtcp(datagram);
      },
      onDead: (error) => this.#listener.onDead(error),
    });
  }

  get counts(): PathCounts {
    return { foreign: this.#foreign, malformed: this.#malformed, errors: this.#sockets?.errors ?? 0 };
  }

  connect({ address, port, latch: learns }: RemoteMedia): boolean {
    const isOwn = address === this.local.address && port === this.local.port;
    if (isOwn || !isReachable({ address, port })) return false;
    const before = this.#remote;
    // The same party as before: what was learnt about it stays.
    if (before?.address === address && before.port === port && before.learns === learns) return true;
    const latch = new SourceLatch({ address, port }, learns);
    this.#remote = { address, port, learns, latch };
    this.#sockets?.disconnect();
    if (latch.locked) this.#sockets?.connect(latch.target);
    return true;
  }

  disconnect(): void {
    this.#remote = undefined;
    this.#sockets?.disconnect();
  }

  sendRtp(bytes: Buffer): void {
    if (this.#remote !== undefined) this.#sockets?.send(bytes, this.#remote.latch.target);
  }

  sendRtcp(bytes: Buffer): void {
    if (this.#remote !== undefined) this.#sockets?.sendRtcp(bytes, this.#remote.latch.target);
  }

  async close(): Promise<void> {
    this.#remote = undefined;
    await this.#sockets?.close();
  }

  #receive(datagram: Buffer, source: Source): void {
    if (!readRtp(datagram, packet)) this.#malformed++;
    else if (this.#remote === undefined || !this.#isFrom(this.#remote.latch, source)) this.#foreign++;
    else this.#listener.onRtp(datagram, packet);
  }

  #isFrom(latch: SourceLatch, source: Source): boolean {
    const wasLocked = latch.locked;
    if (!latch.accepts(source.address, source.port, packet.sequence)) return false;
    if (!wasLocked) this.#sockets?.connect(latch.target);
    return true;
  }
}

function isReachable({ address, port }: Source): boolean {
  return isIPv4(address) && address !== '0.0.0.0' && port > 0 && port < 65_536;
}
