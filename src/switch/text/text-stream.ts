// The text of one leg on the wire: a port of its own beside that of the audio, RFC 4103 in both directions.
import type { Clock, Timer } from '../../lib/clock.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, readRtp, writeRtpHeader } from '../rtp/packet.js';
import type { Sockets } from '../rtp/socket-pair.js';
import { type Source, SourceLatch } from '../rtp/source-latch.js';
import { BOM, TextReceiver } from './text-receiver.js';
import { INTERVAL_MS, type TextFormat, TextSender } from './text-sender.js';

/** A NAT forgets a way that nothing takes: after so long without text a mark that nobody sees is sent. */
const KEEP_ALIVE_MS = 20_000;
const FRAME_MS = 20;
/** Somebody who types sends three packets a second, a relay or a paste a few more. */
export const PACKETS_PER_SECOND_MAX = 20;

export interface RemoteText {
  readonly address: string;
  readonly port: number;
  readonly format: TextFormat;
  readonly send: boolean;
  readonly receive: boolean;
}

export interface TextStreamOptions {
  readonly local: Source;
  readonly clock: Clock;
  readonly random32: () => number;
  readonly onClosed: () => void;
}

interface Party {
  readonly remote: RemoteText;
  readonly latch: SourceLatch;
  readonly sender: TextSender;
  readonly receiver: TextReceiver;
}

export class TextStream {
  readonly local: Source;
  readonly #options: TextStreamOptions;
  readonly #packet = emptyRtpPacket();
  #sockets: Sockets | undefined;
  #party: Party | undefined;
  #onText: (text: string) => void = () => undefined;
  #timer: Timer | undefined;
  #sentMs = Number.NEGATIVE_INFINITY;
  #sequence: number;
  readonly #ssrc: number;
  #second = { atMs: 0, packets: 0 };

  constructor(options: TextStreamOptions) {
    this.#options = options;
    this.local = options.local;
    this.#ssrc = options.random32();
    this.#sequence = options.random32() & 0xffff;
  }

  /** The sockets bound at {@link local}. */
  attach(sockets: Sockets): void {
    this.#sockets = sockets;
  }

  /** Characters of the remote party as they come; one listener. */
  onText(listener: (text: string) => void): void {
    this.#onText = listener;
  }

  /** With whom text is exchanged from now on; undefined: with nobody. */
  connect(remote: RemoteText | undefined): void {
    const { address, port } = this.local;
    const before = this.#party;
    if (remote === undefined || (remote.address === address && remote.port === port)) {
      this.#party = undefined;
      this.#stopTimer();
      return;
    }
    if (before !== undefined && isSame(before.remote, remote)) {
      this.#party = { ...before, remote };
      return;
    }
    const { format } = remote;
    this.#party = {
      remote,
      latch: new SourceLatch({ address: remote.address, port: remote.port }, true, this.#frame()),
      sender: new TextSender(format),
      receiver: new TextReceiver(format),
    };
    this.send(BOM);
  }

  /** False when there is nobody to read it, or too much waits already. */
  send(text: string): boolean {
    const party = this.#party;
    if (party === undefined || !party.remote.send || !party.sender.write(text)) return false;
    this.#schedule(Math.max(0, this.#sentMs + INTERVAL_MS - this.#options.clock.monotonicMs()));
    return true;
  }

  /** A datagram from anybody. */
  receive(datagram: Buffer, { address, port }: Source): void {
    const party = this.#party;
    const packet = this.#packet;
    if (party === undefined || !party.remote.receive || !this.#isPaced() || !readRtp(datagram, packet)) return;
    const frame = this.#frame();
    if (!party.latch.accepts(address, port, packet, frame) || !party.latch.continues(packet.ssrc, frame)) return;
    const text = party.receiver.receive(datagram, packet);
    if (text !== undefined && text !== '') this.#onText(text);
  }

  async close(): Promise<void> {
    const sockets = this.#sockets;
    this.#sockets = undefined;
    this.connect(undefined);
    if (sockets === undefined) return;
    await sockets.close();
    this.#options.onClosed();
  }

  #isPaced(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#second.atMs >= 1_000) this.#second = { atMs: nowMs, packets: 0 };
    return ++this.#second.packets <= PACKETS_PER_SECOND_MAX;
  }

  #frame(): number {
    return Math.floor(this.#options.clock.monotonicMs() / FRAME_MS);
  }

  #schedule(ms: number): void {
    this.#stopTimer();
    this.#timer = this.#options.clock.after(ms, () => this.#due());
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #due(): void {
    const party = this.#party;
    if (party === undefined) return;
    if (!party.sender.busy) party.sender.write(BOM);
    this.#transmit(party);
    this.#schedule(party.sender.busy ? INTERVAL_MS : KEEP_ALIVE_MS);
  }

  #transmit({ sender, latch }: Party): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#sentMs = nowMs;
    const { payloadType, payload, marker } = sender.next(nowMs);
    const datagram = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
    payload.copy(datagram, RTP_HEADER_BYTES);
    const timestamp = Math.floor(nowMs);
    writeRtpHeader(datagram, { marker, payloadType, sequence: this.#sequence, timestamp, ssrc: this.#ssrc });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sockets?.send(datagram, latch.target);
  }
}

function isSame(one: RemoteText, other: RemoteText): boolean {
  const [a, b] = [one.format, other.format];
  const isOneFormat = a.t140 === b.t140 && a.red === b.red && a.cps === b.cps;
  return one.address === other.address && one.port === other.port && isOneFormat;
}
