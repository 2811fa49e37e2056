// One media leg inside its worker: packets in, packets out, and what is done with them.
import { isIPv4 } from 'node:net';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { DigitReceiver } from '../rtp/digit-receiver.js';
import { DigitSender, parseDigits } from '../rtp/digit-sender.js';
import { decodingTable, FRAME_SAMPLES, type G711, PCMU, silenceByte, transcodingTable } from '../rtp/g711.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, type RtpPacket, readRtp } from '../rtp/packet.js';
import type { SocketPair } from '../rtp/socket-pair.js';
import { type Source, SourceLatch } from '../rtp/source-latch.js';
import { EVENT_PAYLOAD_BYTES, writeKeyEvent } from '../rtp/telephone-event.js';
import type { Library } from './audio/library.js';
import { SampleRing } from './audio/sample-ring.js';
import { parseTones } from './audio/tone.js';
import type { AudioSource } from './audio-source.js';
import { LegReports } from './leg-reports.js';
import type { LegStatistics, PlayOptions, RecordOptions, RemoteMedia } from './media-leg.js';
import type { Report } from './messages.js';
import { OutgoingStream } from './outgoing-stream.js';
import { Player } from './player.js';
import { Recorder } from './recorder.js';

/** Five times what 20 ms packets need; more from the right source is a fault or an attack and dropped. */
export const PACKETS_PER_SECOND_MAX = 250;
const FRAMES_PER_SECOND = 50;
export const RECORDINGS_MAX = 4;
/** Playbacks that the leg starts itself (digits as tones) have this number and are not reported. */
const OWN_PLAYBACK = -1;

/** Takes what a bridged peer hears. May change the datagram. */
export interface AudioSink {
  relayAudio(datagram: Buffer, packet: RtpPacket, law: G711): void;
  relayEvent(datagram: Buffer, packet: RtpPacket): void;
}

/** What a leg gets from its worker. */
export interface LegSurroundings {
  readonly library: Library;
  readonly log: Log;
  readonly report: (report: Report) => void;
  readonly clock: Clock;
  readonly random32: () => number;
  /** True while the packets that come in were sent long ago. */
  readonly inThePast: () => boolean;
}

interface Rings {
  readonly read: SampleRing;
  readonly write: SampleRing;
}

// Shared by all legs of the thread: used and left within one call.
const packet = emptyRtpPacket();
const readFrame = new Int16Array(FRAME_SAMPLES);
const writeFrame = new Int16Array(FRAME_SAMPLES);

export class Leg implements AudioSink {
  readonly id: string;
  readonly #local: Source;
  readonly #sockets: SocketPair;
  readonly #around: LegSurroundings;
  readonly #out: OutgoingStream;
  readonly #reports: LegReports;
  readonly #digits: DigitReceiver;
  readonly #digitSender = new DigitSender();
  readonly #player: Player;
  readonly #recorders = new Map<number, Recorder>();
  readonly #audioPacket = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
  readonly #eventPacket = Buffer.alloc(RTP_HEADER_BYTES + EVENT_PAYLOAD_BYTES);
  #remote: (RemoteMedia & { readonly latchedBy: SourceLatch }) | undefined;
  #peer: AudioSink | undefined;
  #rings: Rings | undefined;
  #muted: { readonly read: boolean; readonly write: boolean } = { read: false, write: false };
  #frame: number;
  #heardFrame: number;
  #timeOutReported = false;
  #budget = PACKETS_PER_SECOND_MAX;

  constructor(id: string, local: Source, sockets: SocketPair, frame: number, around: LegSurroundings) {
    this.id = id;
    this.#local = local;
    this.#sockets = sockets;
    this.#around = around;
    this.#frame = frame;
    this.#heardFrame = frame;
    const { random32, report } = around;
    this.#out = new OutgoingStream({ ssrc: random32(), sequence: random32(), timestamp: random32() });
    this.#reports = new LegReports(this.#out, frame + (random32() % FRAMES_PER_SECOND));
    this.#digits = new DigitReceiver((digit, durationSamples) => {
      this.#reports.received.digits++;
      report({ type: 'digit', leg: id, digit: { digit, durationSamples, source: 'RTP' } });
    });
    this.#player = new Player({
      onStarted: (playback) => playback !== OWN_PLAYBACK && report({ type: 'started', leg: id, id: playback }),
      onEnded: (playback, result) =>
        playback !== OWN_PLAYBACK && report({ type: 'played', leg: id, id: playback, result }),
    });
  }

  get isPlaying(): boolean {
    return this.#player.playing;
  }

  get recordings(): number {
    return this.#recorders.size;
  }

  connect(remote: RemoteMedia): void {
    const isOwn = remote.address === this.#local.address && remote.port === this.#local.port;
    if (isOwn || !isReachable(remote)) {
      this.#around.log.debug({ leg: this.id, address: remote.address, port: remote.port }, 'media: no remote');
      this.disconnect();
      return;
    }
    const before = this.#remote;
    this.#heardFrame = this.#frame;
    this.#timeOutReported = false;
    if (before?.address === remote.address && before.port === remote.port && before.latch === remote.latch) {
      this.#remote = { ...remote, latchedBy: before.latchedBy };
      return;
    }
    const latchedBy = new SourceLatch({ address: remote.address, port: remote.port }, remote.latch);
    this.#remote = { ...remote, latchedBy };
    this.#sockets.disconnect();
    if (latchedBy.locked) this.#sockets.connect(latchedBy.target);
  }

  disconnect(): void {
    this.#remote = undefined;
    this.#sockets.disconnect();
    this.#digits.restart(this.#frame);
  }

  play(id: number, source: AudioSource, options: PlayOptions): void {
    const limit = options.limitMs === undefined ? Number.POSITIVE_INFINITY : options.limitMs * 8;
    if (!this.#player.reserve(id, limit)) {
      this.#around.log.warn({ leg: this.id }, 'media: too many playbacks at once');
      const result = { outcome: 'not-found', samples: 0, ms: 0, lastOffset: 0 } as const;
      this.#around.report({ type: 'played', leg: this.id, id, result });
      return;
    }
    const law = this.#remote?.payloadType ?? PCMU;
    this.#around.library.open(source, law, options.startSample).then(
      (voice) => this.#player.ready(id, voice),
      (error: unknown) => {
        this.#around.log.error({ leg: this.id, error: String(error) }, 'media: playback failed');
        this.#player.ready(id, undefined);
      },
    );
  }

  stopPlayback(id: number): void {
    this.#player.stop(id);
  }

  record(id: number, path: string, options: RecordOptions): void {
    if (this.#recorders.size >= RECORDINGS_MAX) {
      const result = { outcome: 'failed', samples: 0, ms: 0, error: 'too many recordings at once' } as const;
      this.#around.report({ type: 'recorded', leg: this.id, id, result });
      return;
    }
    this.#rings ??= { read: new SampleRing(), write: new SampleRing() };
    const recorder = new Recorder(path, options, this.#around.clock);
    this.#recorders.set(id, recorder);
    void recorder.done.then((result) => {
      this.#recorders.delete(id);
      if (this.#recorders.size === 0) this.#rings = undefined;
      this.#around.report({ type: 'recorded', leg: this.id, id, result });
    });
  }

  stopRecording(id: number): void {
    this.#recorders.get(id)?.stop();
  }

  hide(id: number, reason: 'pause' | 'mask', on: boolean): void {
    this.#recorders.get(id)?.hide(reason, on);
  }

  bridge(peer: AudioSink): void {
    this.#peer = peer;
  }

  unbridge(): void {
    this.#peer = undefined;
    this.#out.forgetPeer();
  }

  mute(direction: 'read' | 'write', on: boolean): void {
    this.#muted = { ...this.#muted, [direction]: on };
  }

  sendDigits(digits: string, durationMs: number): void {
    if (this.#remote?.telephoneEvent === undefined) {
      this.#playDigits(digits, durationMs);
      return;
    }
    const steps = parseDigits(digits, durationMs);
    const isQueued = steps !== undefined && this.#digitSender.add(steps);
    if (!isQueued) this.#around.log.warn({ leg: this.id }, 'media: digits to send dropped');
  }

  statistics(): LegStatistics {
    return this.#reports.statistics(this.#sockets.errors);
  }

  get packetsIn(): number {
    return this.#reports.reception.packets;
  }

  get packetsOut(): number {
    return this.#reports.sent.packets;
  }

  /** One frame of 20 ms. */
  tick(frame: number): void {
    this.#frame = frame;
    if (frame % FRAMES_PER_SECOND === 0) this.#budget = PACKETS_PER_SECOND_MAX;
    const isKeying = this.#digitSender.busy;
    if (isKeying) this.#sendKey(frame);
    // A prompt goes on in time while a key is sent, but is not heard.
    const law = this.#player.fill(this.#audioPacket, RTP_HEADER_BYTES, frame);
    if (law !== undefined && !isKeying) this.#sendFrame(law, frame);
    if (this.#rings !== undefined) this.#recordFrame(this.#rings);
    if (this.#digits.pressed) this.#digits.expire(frame);
    const remote = this.#remote;
    if (remote === undefined) return;
    this.#watch(remote, frame);
    if (frame >= this.#reports.nextFrame) {
      const report = this.#reports.write(frame, this.#around.clock.nowMs(), this.#local.address);
      this.#sockets.sendRtcp(report, remote.latchedBy.target);
    }
  }

  /** A datagram on the RTP port, from anybody. */
  receive(datagram: Buffer, source: Source): void {
    const remote = this.#remote;
    const { received, reception } = this.#reports;
    if (!readRtp(datagram, packet)) {
      received.malformed++;
      return;
    }
    if (remote === undefined || !this.#isFromRemote(remote, source)) {
      received.foreign++;
      return;
    }
    if (--this.#budget < 0) {
      received.flood++;
      return;
    }
    if (!remote.receive) return;
    const arrival = reception.count(packet.ssrc, packet.sequence, packet.payloadEnd - packet.payloadStart);
    this.#heardFrame = this.#frame;
    this.#timeOutReported = false;
    if (packet.payloadType === remote.payloadType) {
      if (arrival !== 'duplicate') this.#hearAudio(datagram, remote.payloadType);
    } else if (packet.payloadType === remote.telephoneEvent) this.#hearEvent(datagram);
    else received.unknownPayload++;
  }

  /** A datagram on the RTCP port. */
  receiveRtcp(datagram: Buffer, source: Source): void {
    if (source.address !== this.#remote?.latchedBy.target.address) return;
    this.#reports.receive(datagram, this.#around.clock.nowMs());
  }

  relayAudio(datagram: Buffer, from: RtpPacket, law: G711): void {
    const remote = this.#remote;
    if (remote === undefined || !remote.send || this.#player.playing || this.#digitSender.busy) return;
    const own = remote.payloadType;
    if (this.#muted.write) datagram.fill(silenceByte(own), from.payloadStart, from.payloadEnd);
    else if (law !== own) transcode(datagram, from.payloadStart, from.payloadEnd, law);
    const relayed = cut(datagram, from);
    const timestamp = this.#out.relayAudio(relayed, from, own, this.#frame);
    this.#rings?.write.put(timestamp, relayed, RTP_HEADER_BYTES, relayed.length, decodingTable(own));
    this.#send(relayed, remote);
  }

  relayEvent(datagram: Buffer, from: RtpPacket): void {
    const remote = this.#remote;
    if (remote === undefined || !remote.send || remote.telephoneEvent === undefined) return;
    const relayed = cut(datagram, from);
    this.#out.relayEvent(relayed, from, remote.telephoneEvent, this.#frame);
    this.#send(relayed, remote);
  }

  /** Ends everything; resolves when recordings are on disk and the ports are free. */
  async close(): Promise<LegStatistics> {
    this.#peer = undefined;
    this.#digits.release(this.#frame);
    this.#player.stopAll();
    const recorders = [...this.#recorders.values()];
    for (const recorder of recorders) recorder.stop();
    this.#remote = undefined;
    await this.#sockets.close();
    await Promise.all(recorders.map((recorder) => recorder.done));
    return this.statistics();
  }

  #isFromRemote(remote: { readonly latchedBy: SourceLatch }, source: Source): boolean {
    const latch = remote.latchedBy;
    const wasLocked = latch.locked;
    if (!latch.accepts(source.address, source.port, packet.sequence)) return false;
    if (!wasLocked) this.#sockets.connect(latch.target);
    return true;
  }

  #hearAudio(datagram: Buffer, law: G711): void {
    const { payloadStart, payloadEnd } = packet;
    if (this.#muted.read) datagram.fill(silenceByte(law), payloadStart, payloadEnd);
    this.#reports.reception.measure(packet.timestamp, Math.round(this.#around.clock.nowMs() * 8));
    this.#rings?.read.put(packet.timestamp, datagram, payloadStart, payloadEnd, decodingTable(law));
    // Nobody wants to hear seconds of old talk in one burst, nor to lag behind by them for the rest of the call.
    if (!this.#around.inThePast()) this.#peer?.relayAudio(datagram, packet, law);
  }

  #hearEvent(datagram: Buffer): void {
    if (!this.#digits.receive(datagram, packet, this.#frame)) {
      this.#reports.received.malformed++;
      return;
    }
    this.#peer?.relayEvent(datagram, packet);
  }

  #sendFrame(law: G711, frame: number): void {
    const remote = this.#remote;
    if (remote === undefined || !remote.send) return;
    const audio = this.#audioPacket;
    const own = remote.payloadType;
    if (this.#muted.write) audio.fill(silenceByte(own), RTP_HEADER_BYTES);
    else if (law !== own) transcode(audio, RTP_HEADER_BYTES, audio.length, law);
    const timestamp = this.#out.ownAudio(audio, own, frame);
    this.#rings?.write.put(timestamp, audio, RTP_HEADER_BYTES, audio.length, decodingTable(own));
    this.#send(audio, remote);
  }

  #sendKey(frame: number): void {
    const key = this.#digitSender.next();
    const remote = this.#remote;
    if (key === undefined || remote?.telephoneEvent === undefined || !remote.send) return;
    if (key.first) this.#reports.sent.digits++;
    writeKeyEvent(this.#eventPacket, RTP_HEADER_BYTES, key);
    this.#out.ownEvent(this.#eventPacket, remote.telephoneEvent, frame, key.first);
    this.#send(this.#eventPacket, remote);
  }

  #send(bytes: Buffer, remote: { readonly latchedBy: SourceLatch }): void {
    this.#reports.sent.packets++;
    this.#reports.sent.bytes += bytes.length - RTP_HEADER_BYTES;
    this.#sockets.send(bytes, remote.latchedBy.target);
  }

  #recordFrame(rings: Rings): void {
    rings.read.take(readFrame);
    rings.write.take(writeFrame);
    for (const recorder of this.#recorders.values()) recorder.frame(readFrame, writeFrame);
  }

  #watch(remote: RemoteMedia, frame: number): void {
    const limitMs = remote.timeOutMs ?? 0;
    if (limitMs === 0 || !remote.receive || this.#timeOutReported) return;
    if ((frame - this.#heardFrame) * 20 < limitMs) return;
    this.#timeOutReported = true;
    this.#around.report({ type: 'timed-out', leg: this.id });
  }

  /** Digits as tones, for a remote party without telephone-event. */
  #playDigits(digits: string, durationMs: number): void {
    const pauses = digits.replaceAll('w', '%(500,0)').replaceAll('W', '%(1000,0)');
    const parsed = parseTones(`v=-7;d=${durationMs};w=100;${pauses.toUpperCase()}`);
    if (parsed.ok) this.play(OWN_PLAYBACK, { kind: 'tone', programme: parsed.programme }, {});
    else this.#around.log.warn({ leg: this.id, error: parsed.error }, 'media: digits to send dropped');
  }
}

function isReachable(remote: RemoteMedia): boolean {
  return isIPv4(remote.address) && remote.address !== '0.0.0.0' && remote.port > 0 && remote.port < 65_536;
}

function transcode(bytes: Buffer, start: number, end: number, from: G711): void {
  const table = transcodingTable(from);
  for (let at = start; at < end; at++) bytes[at] = table[bytes[at] ?? 0] ?? 0;
}

/** The packet without the peer's CSRC list, extension and padding; in place when there are none. */
function cut(datagram: Buffer, from: RtpPacket): Buffer {
  const start = from.payloadStart - RTP_HEADER_BYTES;
  return start === 0 && from.payloadEnd === datagram.length ? datagram : datagram.subarray(start, from.payloadEnd);
}
