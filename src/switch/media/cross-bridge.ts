// A way between a leg and its peer or room in another worker: packets cross by a message port.
import type { MessagePort } from 'node:worker_threads';
import type { G711 } from '../rtp/g711.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, type RtpPacket } from '../rtp/packet.js';
import type { AudioSink } from './leg/leg.js';

interface CrossingPacket {
  readonly kind: 'audio' | 'event' | 'prompt';
  readonly law: G711;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

/** The far side: what is given to it comes out of the other port. */
export class CrossBridge implements AudioSink {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** Gives what arrives from the far side to `near`, from now on. To be called once. */
  giveTo(near: AudioSink): void {
    const header = emptyRtpPacket();
    this.#port.on('message', (message: CrossingPacket) => {
      const datagram = Buffer.allocUnsafe(RTP_HEADER_BYTES + message.payload.length);
      datagram.set(message.payload, RTP_HEADER_BYTES);
      header.marker = message.marker;
      header.sequence = message.sequence;
      header.timestamp = message.timestamp;
      header.ssrc = message.ssrc;
      header.payloadStart = RTP_HEADER_BYTES;
      header.payloadEnd = datagram.length;
      if (message.kind === 'event') near.relayEvent(datagram, header);
      else if (message.kind === 'audio') near.relayAudio(datagram, header, message.law);
      else near.overhear?.(datagram, RTP_HEADER_BYTES, message.timestamp, message.law);
    });
  }

  relayAudio(datagram: Buffer, packet: RtpPacket, law: G711): void {
    this.#post('audio', packet, law, datagram.subarray(packet.payloadStart, packet.payloadEnd));
  }

  relayEvent(datagram: Buffer, packet: RtpPacket): void {
    this.#post('event', packet, 0, datagram.subarray(packet.payloadStart, packet.payloadEnd));
  }

  overhear(codes: Buffer, start: number, timestamp: number, law: G711): void {
    this.#post('prompt', { marker: false, sequence: 0, timestamp, ssrc: 0 }, law, codes.subarray(start));
  }

  close(): void {
    this.#port.close();
  }

  #post(
    kind: CrossingPacket['kind'],
    { marker, sequence, timestamp, ssrc }: Pick<RtpPacket, 'marker' | 'sequence' | 'timestamp' | 'ssrc'>,
    law: G711,
    bytes: Buffer,
  ): void {
    const payload = Uint8Array.from(bytes);
    const message: CrossingPacket = { kind, law, marker, sequence, timestamp, ssrc, payload };
    this.#port.postMessage(message, [payload.buffer]);
  }
}
