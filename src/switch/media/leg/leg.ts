// One media leg inside its worker: packets in, packets out, and what is done with them.
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { DigitReceiver } from '../../rtp/digit-receiver.js';
import { DigitSender, parseDigits } from '../../rtp/digit-sender.js';
import { FRAME_SAMPLES, type G711, PCMU, silenceByte, transcodingTable } from '../../rtp/g711.js';
import { RTP_HEADER_BYTES, type RtpPacket } from '../../rtp/packet.js';
import { EVENT_PAYLOAD_BYTES, writeKeyEvent } from '../../rtp/telephone-event.js';
import type { Library } from '../audio/library.js';
import { parseTones } from '../audio/tone.js';
import type { AudioSource } from '../audio-source.js';
import type { LegStatistics, PlayOptions, RecordOptions, RemoteMedia } from '../media-leg.js';
import type { Report } from '../messages.js';
import type { MediaPath } from '../path/media-path.js';
import { LegRecordings } from './leg-recordings.js';
import { LegReports } from './leg-reports.js';
import { OutgoingStream } from './outgoing-stream.js';
import { Player } from './player.js';

/** Five times what 20 ms packets need; more from the right source is a fault or an attack and dropped. */
export const PACKETS_PER_SECOND_MAX = 250;
const FRAMES_PER_SECOND = 50;
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

export class Leg implements AudioSink {
  readonly id: string;
  readonly #path: MediaPath;
  readonly #around: LegSurroundings;
  readonly #out: OutgoingStream;
  readonly #reports: LegReports;
  readonly #digits: DigitReceiver;
  readonly #digitSender = new DigitSender();
  readonly #player: Player;
  readonly #recordings: LegRecordings;
  readonly #audioPacket = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
  readonly #eventPacket = Buffer.alloc(RTP_HEADER_BYTES + EVENT_PAYLOAD_BYTES);
  #remote: RemoteMedia | undefined;
  #peer: AudioSink | undefined;
  #muted: { readonly read: boolean; readonly write: boolean } = { read: false, write: false };
  #frame: number;
  #heardFrame: number;
  #timeOutReported = false;
  #budget = PACKETS_PER_SECOND_MAX;

  constructor(id: string, path: MediaPath, frame: number, around: LegSurroundings) {
    this.id = id;
    this.#path = path;
    this.#around = around;
    this.#frame = frame;
    this.#heardFrame = frame;
    const { random32, report } = around;
    this.#out = new OutgoingStream({ ssrc: random32(), sequence: random32(), timestamp: random32() });
    this.#recordings = new LegRecordings(id, around.clock, report);
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
    return this.#recordings.count;
  }

  connect(remote: RemoteMedia): void {
    if (!this.#path.connect(remote)) {
      this.#around.log.debug({ leg: this.id, address: remote.address, port: remote.port }, 'media: no remote');
      this.disconnect();
      return;
    }
    this.#remote = remote;
    this.#heardFrame = this.#frame;
    this.#timeOutReported = false;
  }

  disconnect(): void {
    this.#remote = undefined;
    this.#path.disconnect();
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
    this.#recordings.start(id, path, options);
  }

  stopRecording(id: number): void {
    this.#recordings.stop(id);
  }

  hide(id: number, reason: 'pause' | 'mask', on: boolean): void {
    this.#recordings.hide(id, reason, on);
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
    return this.#reports.statistics(this.#path.counts);
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
    this.#recordings.frame();
    if (this.#digits.pressed) this.#digits.expire(frame);
    const remote = this.#remote;
    if (remote === undefined) return;
    this.#watch(remote, frame);
    if (frame >= this.#reports.nextFrame) {
      const report = this.#reports.write(frame, this.#around.clock.nowMs(), this.#path.local.address);
      this.#path.sendRtcp(report);
    }
  }

  /** A packet of the remote party. */
  onRtp(datagram: Buffer, packet: RtpPacket): void {
    const remote = this.#remote;
    const { received, reception } = this.#reports;
    if (--this.#budget < 0) {
      received.flood++;
      return;
    }
    if (remote === undefined || !remote.receive) return;
    const arrival = reception.count(packet.ssrc, packet.sequence, packet.payloadEnd - packet.payloadStart);
    this.#heardFrame = this.#frame;
    this.#timeOutReported = false;
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
    const remote = this.#remote;
    if (remote === undefined || !remote.send || this.#player.playing || this.#digitSender.busy) return;
    const own = remote.payloadType;
    if (this.#muted.write) datagram.fill(silenceByte(own), from.payloadStart, from.payloadEnd);
    else if (law !== own) transcode(datagram, from.payloadStart, from.payloadEnd, law);
    const relayed = cut(datagram, from);
    const timestamp = this.#out.relayAudio(relayed, from, own, this.#frame);
    this.#recordings.put('write', timestamp, relayed, RTP_HEADER_BYTES, relayed.length, own);
    this.#send(relayed);
  }

  relayEvent(datagram: Buffer, from: RtpPacket): void {
    const remote = this.#remote;
    if (remote === undefined || !remote.send || remote.telephoneEvent === undefined) return;
    const relayed = cut(datagram, from);
    this.#out.relayEvent(relayed, from, remote.telephoneEvent, this.#frame);
    this.#send(relayed);
  }

  /** Ends everything; resolves when recordings are on disk and the ports are free. */
  async close(): Promise<LegStatistics> {
    this.#peer = undefined;
    this.#digits.release(this.#frame);
    this.#player.stopAll();
    const recorded = this.#recordings.close();
    this.#remote = undefined;
    await this.#path.close();
    await recorded;
    return this.statistics();
  }

  #hearAudio(datagram: Buffer, packet: RtpPacket, law: G711): void {
    const { payloadStart, payloadEnd } = packet;
    if (this.#muted.read) datagram.fill(silenceByte(law), payloadStart, payloadEnd);
    this.#reports.reception.measure(packet.timestamp, Math.round(this.#around.clock.nowMs() * 8));
    this.#recordings.put('read', packet.timestamp, datagram, payloadStart, payloadEnd, law);
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

  #sendFrame(law: G711, frame: number): void {
    const remote = this.#remote;
    if (remote === undefined || !remote.send) return;
    const audio = this.#audioPacket;
    const own = remote.payloadType;
    if (this.#muted.write) audio.fill(silenceByte(own), RTP_HEADER_BYTES);
    else if (law !== own) transcode(audio, RTP_HEADER_BYTES, audio.length, law);
    const timestamp = this.#out.ownAudio(audio, own, frame);
    this.#recordings.put('write', timestamp, audio, RTP_HEADER_BYTES, audio.length, own);
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

function transcode(bytes: Buffer, start: number, end: number, from: G711): void {
  const table = transcodingTable(from);
  for (let at = start; at < end; at++) bytes[at] = table[bytes[at] ?? 0] ?? 0;
}

/** The packet without the peer's CSRC list, extension and padding; in place when there are none. */
function cut(datagram: Buffer, from: RtpPacket): Buffer {
  const start = from.payloadStart - RTP_HEADER_BYTES;
  return start === 0 && from.payloadEnd === datagram.length ? datagram : datagram.subarray(start, from.payloadEnd);
}
