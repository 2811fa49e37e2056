// One media leg inside its worker: packets in, packets out, and what is done with them.
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { DigitReceiver } from '../../rtp/digit-receiver.js';
import { DigitSender, parseDigits } from '../../rtp/digit-sender.js';
import { FRAME_SAMPLES, type G711, PCMU, silenceByte } from '../../rtp/g711.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, type RtpPacket, readRtp } from '../../rtp/packet.js';
import { EVENT_PAYLOAD_BYTES, writeKeyEvent } from '../../rtp/telephone-event.js';
import type { Library } from '../audio/library.js';
import { digitTones } from '../audio/tone.js';
import type { AudioSource } from '../audio-source.js';
import type { Steering } from '../engine-tasks.js';
import type { LegStatistics, PlayOptions, RecordOptions, RemoteMedia } from '../media-leg.js';
import type { Report } from '../messages.js';
import type { MediaPath } from '../path/media-path.js';
import { type Hearing, LegOffload, type OffloadWish } from './leg-offload.js';
import { LegRecordings } from './leg-recordings.js';
import { LegReports } from './leg-reports.js';
import { OutgoingStream } from './outgoing-stream.js';
import { Player } from './player.js';
import { cut, transcode } from './relayed-packet.js';

/** Five times what 20 ms packets need; more from the right source is a fault or an attack and dropped. */
export const PACKETS_PER_SECOND_MAX = 250;
const FRAMES_PER_SECOND = 50;
const STRANGERS_GROWTH = 10;
/** A leg whose work somebody else does looks only now and then whether something is due. */
const REST_FRAMES = 10;
/** Playbacks that the leg starts itself (digits as tones) have this number and are not reported. */
const OWN_PLAYBACK = -1;

/** Takes what a bridged peer hears. May change the datagram. */
export interface AudioSink {
  relayAudio(datagram: Buffer, packet: RtpPacket, law: G711): void;
  relayEvent(datagram: Buffer, packet: RtpPacket): void;
  /** What the leg itself is played, for who listens in; code words from `start` on. */
  overhear?(codes: Buffer, start: number, timestamp: number, law: G711): void;
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

// Shared by all legs of the thread: used and left within one call.
const keyPacket = emptyRtpPacket();

export class Leg implements AudioSink {
  readonly id: string;
  readonly recordings: LegRecordings;
  readonly #path: MediaPath;
  readonly #around: LegSurroundings;
  readonly #out: OutgoingStream;
  readonly #reports: LegReports;
  readonly #digits: DigitReceiver;
  readonly #digitSender = new DigitSender();
  readonly #player: Player;
  readonly #offload: LegOffload;
  readonly #audioPacket = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
  readonly #eventPacket = Buffer.alloc(RTP_HEADER_BYTES + EVENT_PAYLOAD_BYTES);
  #remote: RemoteMedia | undefined;
  #peer: AudioSink | undefined;
  #muted: { readonly read: boolean; readonly write: boolean } = { read: false, write: false };
  #frame: number;
  #slot = 0;
  #restUntil = 0;
  readonly #hearing: Hearing;
  #strangersToTell = 1;

  constructor(id: string, path: MediaPath, frame: number, around: LegSurroundings) {
    this.id = id;
    this.#path = path;
    this.#around = around;
    this.#frame = frame;
    this.#hearing = { budget: PACKETS_PER_SECOND_MAX, frame, silenceTold: false };
    const { random32, report } = around;
    this.#out = new OutgoingStream({ ssrc: random32(), sequence: random32(), timestamp: random32() });
    this.recordings = new LegRecordings(id, around.clock, report);
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
    this.#offload = new LegOffload({
      out: this.#out,
      reports: this.#reports,
      player: this.#player,
      recordings: this.recordings,
      hearing: this.#hearing,
      path,
      wish: () => this.#wish(),
      onKey: (datagram) => readRtp(datagram, keyPacket) && this.#hearEvent(datagram, keyPacket),
    });
  }

  get isPlaying(): boolean {
    return this.#player.playing;
  }

  /** The native engine has this leg for itself. */
  get isHandedOver(): boolean {
    return this.#offload.active;
  }

  /** Packets leave in its ticks: those have to come in time. */
  get sendsByClock(): boolean {
    return !this.#offload.active && (this.#player.playing || this.#digitSender.busy);
  }

  connect(remote: RemoteMedia): void {
    this.#offload.end();
    if (!this.#path.connect(remote)) {
      this.#around.log.debug({ leg: this.id, address: remote.address, port: remote.port }, 'media: no remote');
      this.disconnect();
      return;
    }
    this.#remote = remote;
    this.#hearing.frame = this.#frame;
    this.#hearing.silenceTold = false;
  }

  disconnect(): void {
    this.#offload.end();
    this.#remote = undefined;
    this.#path.disconnect();
    this.#digits.restart(this.#frame);
  }

  play(id: number, source: AudioSource, options: PlayOptions): void {
    const limit = options.limitMs === undefined ? Number.POSITIVE_INFINITY : options.limitMs * 8;
    if (!this.#player.reserve(id, limit)) {
      this.#around.log.warn({ leg: this.id }, 'media: too many playbacks at once');
      const result = { outcome: 'not-found', samples: 0, ms: 0, lastOffset: 0, left: 0 } as const;
      this.#around.report({ type: 'played', leg: this.id, id, result });
      return;
    }
    const law = this.#remote?.payloadType ?? PCMU;
    this.#around.library.open(source, law, options.startSample).then(
      (voice) => {
        this.#offload.end();
        this.#player.ready(id, voice);
      },
      (error: unknown) => {
        this.#around.log.error({ leg: this.id, error: String(error) }, 'media: playback failed');
        this.#player.ready(id, undefined);
      },
    );
  }

  steerPlayback(id: number, how: Steering): void {
    this.#offload.end();
    this.#player.steer(id, how);
  }

  stopPlayback(id: number): void {
    this.#offload.end();
    this.#player.stop(id);
  }

  record(id: number, path: string, options: RecordOptions): void {
    this.#offload.end();
    this.recordings.start(id, path, options);
  }

  bridge(peer: AudioSink): void {
    this.#offload.end();
    this.#peer = peer;
  }

  unbridge(): void {
    this.#offload.end();
    this.#peer = undefined;
    this.#out.forgetPeer();
  }

  mute(direction: 'read' | 'write', on: boolean): void {
    this.#offload.end();
    this.#muted = { ...this.#muted, [direction]: on };
  }

  sendDigits(digits: string, durationMs: number): void {
    this.#offload.end();
    if (this.#remote?.telephoneEvent === undefined) {
      this.#playDigits(digits, durationMs);
      return;
    }
    const steps = parseDigits(digits, durationMs);
    const isQueued = steps !== undefined && this.#digitSender.add(steps);
    if (!isQueued) this.#around.log.warn({ leg: this.id }, 'media: digits to send dropped');
  }

  statistics(): LegStatistics {
    this.#offload.sync();
    return this.#reports.statistics(this.#path.counts, this.recordings.discarded);
  }

  /** Heard and sent so far. */
  get packets(): { readonly heard: number; readonly sent: number } {
    this.#offload.sync();
    return { heard: this.#reports.reception.packets, sent: this.#reports.sent.packets };
  }

  /** One frame of 20 ms, in this slot of the media clock. */
  tick(frame: number, slot = 0): void {
    this.#frame = frame;
    this.#slot = slot;
    if (this.#offload.active && frame < this.#restUntil) return;
    if (frame % FRAMES_PER_SECOND === 0) this.#hearing.budget = PACKETS_PER_SECOND_MAX;
    this.#offload.adapt();
    if (!this.#offload.active) this.#play(frame);
    this.recordings.frame();
    if (this.#digits.pressed) this.#digits.expire(frame);
    const remote = this.#remote;
    if (remote === undefined) return;
    this.#watch(remote, frame);
    if (frame >= this.#reports.nextFrame) {
      this.#offload.sync();
      this.#sendReport(false);
      this.#tellOfStrangers();
    }
    this.#offload.handOver();
    this.#restUntil = this.recordings.active ? 0 : frame + REST_FRAMES;
  }

  /** What may be given away while there is nothing to do but to hear, to pass on and to play what lies ready. */
  #wish(): OffloadWish | undefined {
    const [remote, peer] = [this.#remote, this.#peer];
    if (remote === undefined || this.#digits.pressed || this.#digitSender.busy) return undefined;
    if (peer !== undefined && !(peer instanceof Leg)) return undefined;
    return { remote, muted: this.#muted, slot: this.#slot, peer: peer === undefined ? undefined : peer.#offload };
  }

  /** A packet of the remote party. */
  onRtp(datagram: Buffer, packet: RtpPacket): void {
    this.#offload.end();
    const remote = this.#remote;
    const { received, reception } = this.#reports;
    if (--this.#hearing.budget < 0) {
      received.flood++;
      return;
    }
    // Who sends although on hold is alive.
    this.#hearing.frame = this.#frame;
    this.#hearing.silenceTold = false;
    if (remote === undefined || !remote.receive) return;
    const arrival = reception.count(packet.ssrc, packet.sequence, packet.payloadEnd - packet.payloadStart);
    if (arrival === 'restart') this.recordings.restart();
    if (packet.payloadType === remote.payloadType) {
      if (arrival !== 'duplicate') this.#hearAudio(datagram, packet, remote.payloadType);
    } else if (packet.payloadType === remote.telephoneEvent) this.#hearEvent(datagram, packet);
    else received.unknownPayload++;
  }

  /** Reports of the remote party. */
  onRtcp(datagram: Buffer): void {
    this.#reports.receive(datagram, this.#around.clock.nowMs());
  }

  relayAudio(datagram: Buffer, from: RtpPacket, law: G711): void {
    this.#offload.end();
    const remote = this.#remote;
    if (remote === undefined || !remote.send || this.#player.playing || this.#digitSender.busy) return;
    const own = remote.payloadType;
    if (this.#muted.write) datagram.fill(silenceByte(own), from.payloadStart, from.payloadEnd);
    else if (law !== own) transcode(datagram, from.payloadStart, from.payloadEnd, law);
    const relayed = cut(datagram, from);
    const timestamp = this.#out.relayAudio(relayed, from, own, this.#frame);
    if (timestamp === undefined) return;
    this.recordings.put('write', timestamp, relayed, RTP_HEADER_BYTES, relayed.length, own);
    this.#send(relayed);
  }

  relayEvent(datagram: Buffer, from: RtpPacket): void {
    this.#offload.end();
    const remote = this.#remote;
    if (remote === undefined || !remote.send || remote.telephoneEvent === undefined) return;
    const relayed = cut(datagram, from);
    if (this.#out.relayEvent(relayed, from, remote.telephoneEvent, this.#frame)) this.#send(relayed);
  }

  /** Ends everything; resolves when recordings are on disk and the ports are free. */
  async close(): Promise<LegStatistics> {
    this.#offload.end();
    this.#peer = undefined;
    this.#digits.release(this.#frame);
    this.#player.stopAll();
    const recorded = this.recordings.close();
    if (this.#remote !== undefined && !this.#reports.isSilent) this.#sendReport(true);
    this.#remote = undefined;
    await this.#path.close();
    await recorded;
    return this.statistics();
  }

  #hearAudio(datagram: Buffer, packet: RtpPacket, law: G711): void {
    const { payloadStart, payloadEnd } = packet;
    if (this.#muted.read) datagram.fill(silenceByte(law), payloadStart, payloadEnd);
    this.#reports.reception.measure(packet.timestamp, Math.round(this.#around.clock.nowMs() * 8));
    this.recordings.put('read', packet.timestamp, datagram, payloadStart, payloadEnd, law);
    // Nobody wants to hear seconds of old talk in one burst, nor to lag behind by them for the rest of the call.
    if (!this.#around.inThePast()) this.#peer?.relayAudio(datagram, packet, law);
  }

  #hearEvent(datagram: Buffer, packet: RtpPacket): void {
    if (!this.#digits.receive(datagram, packet, this.#frame)) {
      this.#reports.received.malformed++;
      return;
    }
    this.#peer?.relayEvent(datagram, packet);
  }

  #play(frame: number): void {
    // Sent already, by who had the leg until just now.
    if (frame <= this.#out.lastFrame) return;
    const isKeying = this.#digitSender.busy;
    if (isKeying) this.#sendKey(frame);
    // A prompt goes on in time while a key is sent, but is not heard.
    const law = this.#player.fill(this.#audioPacket, RTP_HEADER_BYTES, frame);
    if (law !== undefined && !isKeying) this.#sendFrame(law, frame);
  }

  #sendFrame(law: G711, frame: number): void {
    const remote = this.#remote;
    if (remote === undefined || !remote.send) return;
    const audio = this.#audioPacket;
    const own = remote.payloadType;
    if (this.#muted.write) audio.fill(silenceByte(own), RTP_HEADER_BYTES);
    else if (law !== own) transcode(audio, RTP_HEADER_BYTES, audio.length, law);
    const timestamp = this.#out.ownAudio(audio, own, frame);
    this.recordings.put('write', timestamp, audio, RTP_HEADER_BYTES, audio.length, own);
    this.#peer?.overhear?.(audio, RTP_HEADER_BYTES, timestamp, own);
    this.#send(audio);
  }

  #sendKey(frame: number): void {
    const key = this.#digitSender.next();
    const remote = this.#remote;
    if (key === undefined || remote?.telephoneEvent === undefined || !remote.send) return;
    if (key.first) this.#reports.sent.digits++;
    writeKeyEvent(this.#eventPacket, RTP_HEADER_BYTES, key);
    this.#out.ownEvent(this.#eventPacket, remote.telephoneEvent, frame, key.first);
    this.#send(this.#eventPacket);
  }

  #send(bytes: Buffer): void {
    this.#reports.sent.packets++;
    this.#reports.sent.bytes += bytes.length - RTP_HEADER_BYTES;
    this.#path.sendRtp(bytes);
  }

  #sendReport(isLast: boolean): void {
    const nowMs = this.#around.clock.nowMs();
    this.#path.sendRtcp(this.#reports.write(this.#frame, nowMs, this.#path.local.address, isLast));
  }

  /** A line at the first packets of strangers, then each time they have become ten times as many. */
  #tellOfStrangers(): void {
    const { foreign } = this.#path.counts;
    if (foreign < this.#strangersToTell) return;
    this.#strangersToTell = foreign * STRANGERS_GROWTH;
    this.#around.log.warn({ leg: this.id, packets: foreign }, 'media: packets from strangers dropped');
  }

  #watch(remote: RemoteMedia, frame: number): void {
    const limitMs = remote.timeOutMs ?? 0;
    if (limitMs === 0 || this.#hearing.silenceTold) return;
    if ((frame - this.#hearing.frame) * 20 < limitMs) return;
    this.#offload.sync();
    if ((frame - this.#hearing.frame) * 20 < limitMs) return;
    this.#hearing.silenceTold = true;
    this.#around.report({ type: 'timed-out', leg: this.id });
  }

  /** Digits as tones, for a remote party without telephone-event. */
  #playDigits(digits: string, durationMs: number): void {
    const parsed = digitTones(digits, durationMs);
    if (parsed.ok) this.play(OWN_PLAYBACK, { kind: 'tone', programme: parsed.programme }, {});
    else this.#around.log.warn({ leg: this.id, error: parsed.error }, 'media: digits to send dropped');
  }
}
