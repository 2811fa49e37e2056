// Messages between two stacks of this process: handed over instead of sent through the kernel and back.
import type { Peer } from '../peer.js';
import type { OpenTransport, Transport } from './transport.js';
import { openUdp } from './udp.js';

/** Takes a message as if it had come from `source`. */
type Door = (bytes: Buffer, source: Peer) => void;

/**
 * The signalling side calls the media server over SIP; two thirds of the switch's messages go no further. Bytes and
 * addresses are those of UDP, and the ports are open to everybody else. Messages arrive in order and none is lost.
 */
export class ShortCut {
  readonly #doors = new Map<string, Door>();

  /** For the `transports` of a stack: UDP, with a door for the other stacks of this short cut. */
  readonly openUdp: OpenTransport = async (binding, events, ports) => {
    const udp = await openUdp(
      binding,
      { ...events, onMessage: (bytes, source) => events.onMessage(bytes, source, transport) },
      ports,
    );
    const { listener } = udp;
    const here: Peer = { transport: 'udp', address: listener.address, port: listener.port };
    const doors = isConcrete(listener.address) ? this.#doors : new Map<string, Door>();
    const transport: Transport = {
      listener,
      connections: 0,
      has: () => false,
      isUp: () => false,
      send(bytes, to, onError) {
        const door = doors.get(keyOf(to));
        if (door === undefined) return udp.send(bytes, to, onError);
        // Later, as from the network: nobody is called back in the middle of sending.
        setImmediate(door, bytes, here);
        return undefined;
      },
      takesAnySize: (to) => doors.has(keyOf(to)),
      sendAgain: (bytes, to, onError) =>
        doors.has(keyOf(to)) ? transport.send(bytes, to, onError) : udp.sendAgain?.(bytes, to, onError),
      close() {
        doors.delete(keyOf(here));
        return udp.close();
      },
    };
    doors.set(keyOf(here), (bytes, source) => {
      if (doors.has(keyOf(here))) events.onMessage(bytes, source, transport);
    });
    return transport;
  };
}

function keyOf({ address, port }: Peer): string {
  return `${address} ${port}`;
}

/** Only the kernel knows which address a socket on all of them sends from. */
function isConcrete(address: string): boolean {
  return address !== '0.0.0.0' && address !== '::';
}
