// All WebRTC connections of one media worker, behind one UDP port.
import type { Clock } from '../../lib/clock.js';
import { freePort } from '../../lib/free-port.js';
import { makeIdentity, type WebIdentity } from './identity.js';
import type { WebCommand, WebHostListener, WebSettings } from './messages.js';
import type { WebLibrary } from './web-connection.js';
import { WebPeer, type WebPeerPorts } from './web-peer.js';

/** Of one host; the engine's own limits lie below. */
export const WEB_PEERS_MAX = 4_000;
/** A host candidate of the only address (RFC 8445 §5.1.2.1). */
const CANDIDATE_PRIORITY = 2_130_706_431;

export interface WebHost {
  handle(command: WebCommand): void;
  /** RTP or RTCP in clear for the browser. */
  send(peer: number, packet: Buffer): void;
  readonly size: number;
  close(): void;
}

/** Resolves when the port is held; reports `ready`. Rejects when the library or the port is not to be had. */
export async function openWebHost(settings: WebSettings, clock: Clock, listener: WebHostListener): Promise<WebHost> {
  const library = await import('node-datachannel');
  const port = settings.port === 0 ? await freePort(settings.address) : settings.port;
  // Holds the port while nobody is connected; a request that belongs to no connection is dropped.
  const held = new library.IceUdpMuxListener(port, settings.address);
  held.onUnhandledStunRequest(() => undefined);
  const at = { address: settings.address, port };
  const host = new Host({ library, identity: await makeIdentity(), at, clock, release: () => held.stop() }, listener);
  listener.onReport({ type: 'ready', port });
  return host;
}

interface HostPorts {
  readonly library: WebLibrary;
  readonly identity: WebIdentity;
  readonly at: WebSettings;
  readonly clock: Clock;
  readonly release: () => void;
}

class Host implements WebHost {
  readonly #peerPorts: WebPeerPorts;
  readonly #listener: WebHostListener;
  readonly #release: () => void;
  readonly #peers = new Map<number, WebPeer>();

  constructor({ library, identity, at, clock, release }: HostPorts, listener: WebHostListener) {
    this.#listener = listener;
    this.#release = release;
    const config = {
      iceServers: [],
      bindAddress: at.address,
      enableIceUdpMux: true,
      portRangeBegin: at.port,
      portRangeEnd: at.port,
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    };
    const candidate = `1 1 UDP ${CANDIDATE_PRIORITY} ${at.address} ${at.port} typ host`;
    this.#peerPorts = { library, config, identity, candidate, clock };
  }

  get size(): number {
    return this.#peers.size;
  }

  handle(command: WebCommand): void {
    const { peer } = command;
    if (command.type === 'open') this.#open(peer);
    else if (command.type === 'close') {
      this.#peers.get(peer)?.close();
      this.#peers.delete(peer);
    } else this.#describe(command);
  }

  send(peer: number, packet: Buffer): void {
    this.#peers.get(peer)?.send(packet);
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#release();
  }

  #open(peer: number): void {
    if (this.#peers.size >= WEB_PEERS_MAX) {
      this.#listener.onReport({ type: 'failed', peer, reason: 'too many WebRTC connections' });
      return;
    }
    const opened = new WebPeer(this.#peerPorts, {
      onConnected: () => this.#listener.onReport({ type: 'connected', peer }),
      onPacket: (packet) => this.#listener.onPacket(peer, packet),
      onFailed: (reason) => {
        this.#peers.delete(peer);
        this.#listener.onReport({ type: 'failed', peer, reason });
      },
    });
    this.#peers.set(peer, opened);
  }

  #describe({ peer, id, remote }: Extract<WebCommand, { type: 'describe' }>): void {
    try {
      const described = this.#peers.get(peer)?.describe(remote);
      if (described) this.#listener.onReport({ type: 'described', peer, id, party: described });
      else this.#listener.onReport({ type: 'refused', peer, id, reason: 'no such connection' });
    } catch (error) {
      this.#listener.onReport({ type: 'refused', peer, id, reason: String(error) });
    }
  }
}
