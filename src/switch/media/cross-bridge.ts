// A bridge between legs of different workers: packets cross by a message port.
import type { MessagePort } from 'node:worker_threads';
import type { G711 } from '../rtp/g711.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, type RtpPacket } from '../rtp/packet.js';
import type { AudioSink } from './leg/leg.js';

interface CrossingPacket {
  /** Undefined for a telephone-event. */
  readonly law: G711 | undefined;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** The far leg: what is given to it comes out of the other port. */
export class CrossBridge implements AudioSink {
  readonly #port: MessagePort;

  /** Gives what arrives from the far leg to `near`. */
  constructor(port: MessagePort, near: AudioSink) {
    this.#port = port;
    const header = emptyRtpPacket();
    port.on('message', (message: CrossingPacket) => {
      const datagram = Buffer.allocUnsafe(RTP_HEADER_BYTES + message.payload.length);
      datagram.set(message.payload, RTP_HEADER_BYTES);
      header.marker = message.marker;
      header.sequence = message.sequence;
      header.timestamp = message.timestamp;
      header.payloadStart = RTP_HEADER_BYTES;
      header.payloadEnd = datagram.length;
      if (message.law === undefined) near.relayEvent(datagram, header);
      else near.relayAudio(datagram, header, message.law);
    });
  }

  relayAudio(datagram: Buffer, packet: RtpPacket, law: G711): void {
    this.#post(datagram, packet, law);
  }

  relayEvent(datagram: Buffer, packet: RtpPacket): void {
    this.#post(datagram, packet, undefined);
  }

  close(): void {
    this.#port.close();
  }

  #post(datagram: Buffer, packet: RtpPacket, law: G711 | undefined): void {
    const { marker, sequence, timestamp } = packet;
    const payload = Uint8Array.from(datagram.subarray(packet.payloadStart, packet.payloadEnd));
    const message: CrossingPacket = { law, marker, sequence, timestamp, payload };
    this.#port.postMessage(message, [payload.buffer]);
  }
}
