// The text of one leg on the wire: a port of its own beside that of the audio, RFC 4103 in both directions.
import type { Clock, Timer } from '../../lib/clock.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, readRtp, writeRtpHeader } from '../rtp/packet.js';
import type { Sockets } from '../rtp/socket-pair.js';
import { type LatchRules, SILENCE_FRAMES, type Source, SourceLatch } from '../rtp/source-latch.js';
import { HeldPackets } from './held-packets.js';
import { BOM, TextReceiver } from './text-receiver.js';
import { INTERVAL_MS, type TextFormat, TextSender } from './text-sender.js';

/** A NAT forgets a way that nothing takes: after so long without text a mark that nobody sees is sent. */
const KEEP_ALIVE_MS = 20_000;
const FRAME_MS = 20;
/** Somebody who types sends three packets a second, a relay or a paste a few more. */
export const PACKETS_PER_SECOND_MAX = 20;

/**
 * Somebody who types sends one packet in 300 ms, and may begin at any time: three in sequence, as the first character and
 * its two repetitions make them, name the true source. What came before is held until then.
 */
export const TEXT_RULES: LatchRules = { packets: 3, spanFrames: 20, windowFrames: SILENCE_FRAMES };
/** Packets sent to the announced address while it is not known whether that is the true one: 5 s of writing. */
export const UNPROVED_MAX = 16;

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
  readonly held: HeldPackets;
  /** Sent before the other side's true address was known. */
  readonly unproved: Buffer[];
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
  #second = { atMs: Number.NEGATIVE_INFINITY, packets: 0 };

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
      if (remote.send && this.#timer === undefined) this.#scheduleNext();
      return;
    }
    const { format } = remote;
    const source = { address: remote.address, port: remote.port };
    const sender = new TextSender(format);
    // Something has to open the way through a NAT: what was not sent yet, or what nobody sees.
    sender.write(before?.sender.takeRest() || BOM);
    this.#party = {
      remote,
      latch: new SourceLatch(source, true, this.#frame(), TEXT_RULES),
      sender,
      // The other side goes on where it was, though elsewhere.
      receiver: before?.receiver.isFor(format) ? before.receiver : new TextReceiver(format),
      held: new HeldPackets(),
      unproved: [],
    };
    if (remote.send) this.#scheduleNext();
  }

  /** False when there is nobody to read it, or too much waits already. */
  send(text: string): boolean {
    const party = this.#party;
    if (party === undefined || !party.remote.send || !party.sender.write(text)) return false;
    this.#scheduleNext();
    return true;
  }

  /** A datagram from anybody. */
  receive(datagram: Buffer, source: Source): void {
    const party = this.#party;
    const packet = this.#packet;
    if (party === undefined || !party.remote.receive) return;
    if (!readRtp(datagram, packet) || !party.receiver.reads(packet)) return;
    const { latch, held } = party;
    const frame = this.#frame();
    if (!latch.accepts(source.address, source.port, packet, frame)) {
      held.keep(source, datagram);
      return;
    }
    if (!this.#isPaced() || !latch.continues(packet.ssrc, frame)) return;
    for (const earlier of [...held.take(source), datagram]) this.#read(earlier, party);
    this.#sendUnproved(party);
  }

  async close(): Promise<void> {
    const sockets = this.#sockets;
    this.#sockets = undefined;
    this.connect(undefined);
    if (sockets === undefined) return;
    await sockets.close();
    this.#options.onClosed();
  }

  #read(datagram: Buffer, { receiver }: Party): void {
    if (!readRtp(datagram, this.#packet)) return;
    const text = receiver.receive(datagram, this.#packet);
    if (text !== undefined && text !== '') this.#onText(text);
  }

  /** Of the source that is heard; strangers are not counted, or they could silence it. */
  #isPaced(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#second.atMs >= 1_000) this.#second = { atMs: nowMs, packets: 0 };
    return ++this.#second.packets <= PACKETS_PER_SECOND_MAX;
  }

  #frame(): number {
    return Math.floor(this.#options.clock.monotonicMs() / FRAME_MS);
  }

  #scheduleNext(): void {
    this.#schedule(Math.max(0, this.#sentMs + INTERVAL_MS - this.#options.clock.monotonicMs()));
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

  #transmit({ sender, latch, unproved }: Party): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#sentMs = nowMs;
    const { payloadType, payload, marker } = sender.next(nowMs);
    const datagram = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
    payload.copy(datagram, RTP_HEADER_BYTES);
    const timestamp = Math.floor(nowMs);
    writeRtpHeader(datagram, { marker, payloadType, sequence: this.#sequence, timestamp, ssrc: this.#ssrc });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sockets?.send(datagram, latch.target);
    if (!latch.isLearning) return;
    if (unproved.length === UNPROVED_MAX) unproved.shift();
    unproved.push(datagram);
  }

  /** The very same packets: to whom has them already they are nothing but copies. */
  #sendUnproved({ remote, latch, unproved }: Party): void {
    const datagrams = unproved.splice(0);
    const { address, port } = latch.target;
    if (address === remote.address && port === remote.port) return;
    for (const datagram of datagrams) this.#sockets?.send(datagram, { address, port });
  }
}

function isSame(one: RemoteText, other: RemoteText): boolean {
  const [a, b] = [one.format, other.format];
  const isOneFormat = a.t140 === b.t140 && a.red === b.red && a.cps === b.cps;
  return one.address === other.address && one.port === other.port && isOneFormat;
}
