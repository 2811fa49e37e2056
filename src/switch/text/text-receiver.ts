// What the remote party writes, put together from RTP payloads: lost ones from their repetition, else marked (RFC 4103 §5.4).
import type { RtpPacket } from '../rtp/packet.js';
import { readRedundant } from './redundancy.js';
import type { TextFormat } from './text-sender.js';

/** Stands for text that was lost (T.140 addendum 1). */
export const LOST = '\ufffd';
/** Sent to keep the way open; nobody sees it. */
export const BOM = '\ufeff';
/** A jump further than this is a sender that started anew. */
const GAP_MAX = 100;

export class TextReceiver {
  readonly #format: Pick<TextFormat, 't140' | 'red'>;
  #stream: { readonly ssrc: number; nextSequence: number } | undefined;

  constructor(format: Pick<TextFormat, 't140' | 'red'>) {
    this.#format = format;
  }

  /** Whether a packet is one of text, by its payload type. */
  reads({ payloadType }: RtpPacket): boolean {
    return payloadType === this.#format.t140 || payloadType === this.#format.red;
  }

  /** True when text comes in payloads of the same types: what is repeated of it is known to be a repetition. */
  isFor({ t140, red }: Pick<TextFormat, 't140' | 'red'>): boolean {
    return t140 === this.#format.t140 && red === this.#format.red;
  }

  /** The text that is new with this packet; undefined when it is malformed or not of ours. */
  receive(datagram: Buffer, packet: RtpPacket): string | undefined {
    const blocks = this.#blocks(datagram.subarray(packet.payloadStart, packet.payloadEnd), packet.payloadType);
    if (blocks === undefined) return undefined;
    const { redundant, primary } = blocks;
    const { ssrc, sequence } = packet;
    const stream = this.#stream;
    const ahead = stream?.ssrc === ssrc ? (sequence - stream.nextSequence) & 0xffff : 0;
    // Late or twice: what it says came with a later one. A sender far behind has started anew.
    if (ahead >= 0x1_0000 - GAP_MAX) return '';
    this.#stream = { ssrc, nextSequence: (sequence + 1) & 0xffff };
    // What the very first packet repeats was sent before we heard anything.
    const before =
      stream === undefined ? redundant.map(String).join('') : recovered(redundant, stream.ssrc === ssrc ? ahead : 0);
    return textOf(before + primary.toString());
  }

  #blocks(payload: Buffer, type: number): { redundant: readonly Buffer[]; primary: Buffer } | undefined {
    const { t140, red } = this.#format;
    if (type === t140) return { redundant: [], primary: payload };
    return red !== undefined && type === red ? readRedundant(payload, t140) : undefined;
  }
}

/** The text of the last `ahead` packets, which are missing, as far as it is repeated; one mark for what is not. */
function recovered(redundant: readonly Buffer[], ahead: number): string {
  const missed = Math.min(ahead, GAP_MAX);
  if (missed === 0) return '';
  const repeated = redundant.slice(Math.max(0, redundant.length - missed));
  const isWhole = repeated.length === missed;
  return (isWhole ? '' : LOST) + repeated.map((data) => data.toString()).join('');
}

function textOf(text: string): string {
  return text.replaceAll(BOM, '');
}
