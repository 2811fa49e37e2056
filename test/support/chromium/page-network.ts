// The network between a page and Hilo. When it goes, requests and WebSockets freeze and media are dropped; what comes is another one:
// media go by other ports on both sides. No cable is pulled: the browser is told that it is offline, and media pass through here.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

const LOCAL = '127.0.0.1';
/** One for each stream and network; more is a fault of the test. */
const WAYS_MOST = 32;

export class PageNetwork {
  readonly #ways = new Map<number, Promise<number>>();
  readonly #sockets: Socket[] = [];
  /** Those of a network that is gone carry nothing, for ever. */
  readonly #dead = new Set<Socket>();
  #isThere = true;

  private constructor(private readonly page: Page) {}

  /** From the next page load on. */
  static async between(page: Page): Promise<PageNetwork> {
    const network = new PageNetwork(page);
    await page.exposeFunction('wayTo', (port: number) => network.#wayTo(port));
    await page.addInitScript(THROUGH_WAYS);
    return network;
  }

  async goes(): Promise<void> {
    this.#isThere = false;
    for (const socket of this.#sockets) this.#dead.add(socket);
    this.#ways.clear();
    await this.page.context().setOffline(true);
  }

  async comes(): Promise<void> {
    this.#isThere = true;
    await this.page.context().setOffline(false);
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.close();
  }

  #wayTo(port: number): Promise<number> {
    const known = this.#ways.get(port);
    if (known !== undefined) return known;
    const way = this.#open(port);
    this.#ways.set(port, way);
    return way;
  }

  /** A port here that leads to that one of Hilo's, and back to whoever uses it. */
  async #open(port: number): Promise<number> {
    if (this.#sockets.length === WAYS_MOST) throw new Error(`more than ${WAYS_MOST} ways of media`);
    const socket = createSocket('udp4');
    this.#sockets.push(socket);
    const hilo = { address: LOCAL, port };
    let browser: RemoteInfo | undefined;
    socket.on('message', (packet, from) => {
      if (!this.#isThere || this.#dead.has(socket)) return;
      const isHilos = from.port === port && from.address === LOCAL;
      if (!isHilos) browser = from;
      const to = isHilos ? browser : hilo;
      if (to !== undefined) socket.send(packet, to.port, to.address);
    });
    await new Promise<void>((resolve) => socket.bind(0, LOCAL, resolve));
    return (socket.address() as AddressInfo).port;
  }
}

/** Runs before the page's own scripts: media go to Hilo by a way of ours, and Hilo is told of no other way (but the discard port). */
const THROUGH_WAYS = `
{
  const { get } = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'localDescription');
  Object.defineProperty(RTCPeerConnection.prototype, 'localDescription', {
    get() {
      const told = get.call(this);
      if (told === null) return told;
      const sdp = told.sdp.replaceAll(/^(a=candidate:\\S+ \\d+ \\S+ \\d+) \\S+ \\d+ typ/gim, '$1 127.0.0.1 9 typ');
      return { type: told.type, sdp };
    },
  });
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = async function ({ type, sdp }) {
    for (const [line, port] of sdp.matchAll(/^a=candidate:\\S+ \\d+ udp \\d+ \\S+ (\\d+) typ host.*$/gim)) {
      sdp = sdp.replace(line, line.replace(' ' + port + ' typ', ' ' + (await wayTo(Number(port))) + ' typ'));
    }
    return set.call(this, { type, sdp });
  };
}
`;
