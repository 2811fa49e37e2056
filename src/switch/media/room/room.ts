// One room inside its worker: every 20 ms each seat hears what the others said.
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { FRAME_SAMPLES, PCMU } from '../../rtp/g711.js';
import type { RtpPacket } from '../../rtp/packet.js';
import type { Library } from '../audio/library.js';
import type { AudioSource } from '../audio-source.js';
import type { AudioSink } from '../leg/leg.js';
import { Recorder } from '../leg/recorder.js';
import type { PlayOptions, RecordOptions } from '../media-leg.js';
import { type Audience, isInAudience, type RoomOptions, type SeatSettings } from '../media-room.js';
import { addFrame, saturate } from './mixing.js';
import type { RoomReport } from './room-messages.js';
import { RoomVoices, type VoiceFrame } from './room-voices.js';
import { Seat } from './seat.js';

/** Recordings at a time in one room. */
export const ROOM_RECORDINGS_MAX = 4;

export interface RoomSurroundings {
  readonly library: Library;
  readonly log: Log;
  readonly clock: Clock;
  readonly report: (report: RoomReport) => void;
}

// Shared by all rooms of the thread: used and left within one call.
const everybody = new Int32Array(FRAME_SAMPLES);
const mine = new Int32Array(FRAME_SAMPLES);
const mixed = new Int16Array(FRAME_SAMPLES);
const silence = new Int16Array(FRAME_SAMPLES);

export class Room {
  readonly id: string;
  readonly #options: RoomOptions;
  readonly #around: RoomSurroundings;
  readonly #seats = new Map<string, Seat>();
  readonly #voices: RoomVoices;
  readonly #recorders = new Map<number, Recorder>();
  /** Somebody hears other things than what all say without himself. */
  #hasExceptions = false;

  constructor(id: string, options: RoomOptions, around: RoomSurroundings) {
    this.id = id;
    this.#options = options;
    this.#around = around;
    const { report } = around;
    this.#voices = new RoomVoices({
      onStarted: (playback) => report({ type: 'room-started', room: id, id: playback }),
      onEnded: (playback, result) => report({ type: 'room-played', room: id, id: playback, result }),
    });
  }

  get seats(): readonly string[] {
    return [...this.#seats.keys()];
  }

  /** A party comes in; what it says is to be given to the seat. */
  enter(id: string, settings: SeatSettings, out: AudioSink): Seat {
    const seat = new Seat(id, settings, out, (datagram, packet) => this.#relayKey(id, datagram, packet));
    this.#seats.set(id, seat);
    this.#lookForExceptions();
    return seat;
  }

  change(id: string, settings: SeatSettings): void {
    const seat = this.#seats.get(id);
    if (seat !== undefined) seat.settings = settings;
    this.#lookForExceptions();
  }

  leave(id: string): void {
    this.#seats.delete(id);
    this.#voices.stopFor(id);
    this.#lookForExceptions();
  }

  play(id: number, source: AudioSource, options: PlayOptions, audience: Audience): void {
    const limit = options.limitMs === undefined ? Number.POSITIVE_INFINITY : options.limitMs * 8;
    if (!this.#voices.reserve(id, limit, audience)) {
      const result = { outcome: 'not-found', samples: 0, ms: 0, lastOffset: 0, left: 0 } as const;
      this.#around.report({ type: 'room-played', room: this.id, id, result });
      return;
    }
    this.#around.library.open(source, PCMU, options.startSample).then(
      (voice) => this.#voices.ready(id, voice),
      (error: unknown) => {
        this.#around.log.error({ room: this.id, error: String(error) }, 'media: playback failed');
        this.#voices.ready(id, undefined);
      },
    );
  }

  stopPlayback(id: number): void {
    this.#voices.stop(id);
  }

  record(id: number, path: string, options: RecordOptions): void {
    if (this.#recorders.size >= ROOM_RECORDINGS_MAX) {
      const result = { outcome: 'failed', samples: 0, ms: 0, error: 'too many recordings at once' } as const;
      this.#around.report({ type: 'room-recorded', room: this.id, id, result });
      return;
    }
    const recorder = new Recorder(path, options, this.#around.clock);
    this.#recorders.set(id, recorder);
    void recorder.done.then((result) => {
      this.#recorders.delete(id);
      this.#around.report({ type: 'room-recorded', room: this.id, id, result });
    });
  }

  stopRecording(id: number): void {
    this.#recorders.get(id)?.stop();
  }

  hide(id: number, reason: 'pause' | 'mask', on: boolean): void {
    this.#recorders.get(id)?.hide(reason, on);
  }

  /** One frame of 20 ms. */
  tick(frame: number): void {
    everybody.fill(0);
    for (const seat of this.#seats.values()) {
      if (seat.listen()) this.#tellTalk(seat);
      for (const detected of seat.found) {
        this.#around.report({ type: 'room-finding', room: this.id, finding: { leg: seat.id, detected } });
      }
      if (seat.settings.audience === 'all') addFrame(everybody, seat.said);
    }
    const voices = this.#voices.frames(frame);
    for (const { audience, frame: voice } of voices) if (audience === 'all') addFrame(everybody, voice);
    for (const seat of this.#seats.values()) {
      if (!this.#hasExceptions && voices.every(({ audience }) => audience === 'all'))
        seat.hear(everybody, seat.said, frame);
      else this.#hearExceptions(seat, voices, frame);
    }
    if (this.#recorders.size === 0) return;
    saturate(everybody, mixed);
    for (const recorder of this.#recorders.values()) recorder.frame(mixed, silence);
  }

  /** Ends playbacks and recordings; resolves when the files are complete. */
  async close(): Promise<void> {
    this.#voices.stopAll();
    const recorders = [...this.#recorders.values()];
    for (const recorder of recorders) recorder.stop();
    await Promise.all(recorders.map((recorder) => recorder.done));
  }

  #hearExceptions(seat: Seat, voices: readonly VoiceFrame[], frame: number): void {
    mine.fill(0);
    for (const other of this.#seats.values()) if (hears(seat, other)) addFrame(mine, other.said);
    for (const { audience, frame: voice } of voices) if (isInAudience(audience, seat.id)) addFrame(mine, voice);
    const { overhears, echoMs } = seat.settings;
    if (echoMs !== undefined) seat.addEcho(mine, echoMs);
    if (overhears !== undefined) this.#seats.get(overhears)?.addPrompt(mine);
    seat.hear(mine, undefined, frame);
  }

  #lookForExceptions(): void {
    this.#hasExceptions = [...this.#seats.values()].some(
      ({ settings: { audience, ignores, overhears, echoMs } }) =>
        audience !== 'all' || ignores.length > 0 || overhears !== undefined || echoMs !== undefined,
    );
  }

  #relayKey(from: string, datagram: Buffer, packet: RtpPacket): void {
    const sender = this.#seats.get(from);
    if (!this.#options.relaysKeys || sender === undefined) return;
    const listeners = [...this.#seats.values()].filter((seat) => hears(seat, sender) && seat.settings.hears);
    // Each listener writes its own header over the bytes.
    for (const listener of listeners) listener.sendKey(Buffer.from(datagram), { ...packet });
  }

  #tellTalk(seat: Seat): void {
    const { id, talking, energy } = seat;
    this.#around.report({ type: 'room-talk', room: this.id, talk: { leg: id, talking, energy: Math.round(energy) } });
  }
}

function hears(listener: Seat, speaker: Seat): boolean {
  if (listener === speaker) return false;
  const { audience } = speaker.settings;
  return isInAudience(audience, listener.id) && !listener.settings.ignores.includes(speaker.id);
}
