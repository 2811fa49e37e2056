// Packets of senders that are not known yet: nothing is lost of the one that turns out to be the true one.
import type { Source } from '../rtp/source-latch.js';

/** Somebody who types sends three packets a second, and is known after three. */
export const PACKETS_HELD_MAX = 16;
export const SENDERS_HELD_MAX = 4;

export class HeldPackets {
  readonly #bySender = new Map<string, Buffer[]>();

  /** The oldest of it makes room, be it a packet or a sender. */
  keep({ address, port }: Source, datagram: Buffer): void {
    const sender = `${address} ${port}`;
    let packets = this.#bySender.get(sender);
    if (packets === undefined) {
      const [oldest] = this.#bySender.size < SENDERS_HELD_MAX ? [] : this.#bySender.keys();
      if (oldest !== undefined) this.#bySender.delete(oldest);
      packets = [];
      this.#bySender.set(sender, packets);
    }
    if (packets.length === PACKETS_HELD_MAX) packets.shift();
    packets.push(Buffer.from(datagram));
  }

  /** What came from the true sender, in order; nothing is held any more. */
  take({ address, port }: Source): readonly Buffer[] {
    if (this.#bySender.size === 0) return [];
    const packets = this.#bySender.get(`${address} ${port}`) ?? [];
    this.#bySender.clear();
    return packets;
  }
}
