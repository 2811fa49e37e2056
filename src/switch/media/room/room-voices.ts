// What is played into a room: voices mixed under the talk, for everybody or for one seat.
import { decodingTable, FRAME_SAMPLES } from '../../rtp/g711.js';
import type { Voice } from '../audio/voice.js';
import type { PlaybackResult } from '../media-leg.js';
import type { Audience } from '../media-room.js';

/** Playbacks at a time in one room; more are refused. */
export const ROOM_VOICES_MAX = 64;

/** loading ──ready──▶ playing ──end, limit, stop──▶ gone; loading ──stop, not found──▶ gone */
interface Entry {
  readonly id: number;
  readonly audience: Audience;
  readonly limitSamples: number;
  readonly frame: Int16Array;
  voice: Voice | undefined;
  samples: number;
}

export interface VoiceFrame {
  readonly audience: Audience;
  readonly frame: Int16Array;
}

export interface VoicesListener {
  onStarted(id: number): void;
  onEnded(id: number, result: PlaybackResult): void;
}

// Shared by all rooms of the thread: used and left within one call.
const codes = Buffer.alloc(FRAME_SAMPLES);

export class RoomVoices {
  readonly #entries: Entry[] = [];
  readonly #listener: VoicesListener;

  constructor(listener: VoicesListener) {
    this.#listener = listener;
  }

  /** False when there are too many. */
  reserve(id: number, limitSamples: number, audience: Audience): boolean {
    if (this.#entries.length >= ROOM_VOICES_MAX) return false;
    this.#entries.push({
      id,
      audience,
      limitSamples,
      frame: new Int16Array(FRAME_SAMPLES),
      voice: undefined,
      samples: 0,
    });
    return true;
  }

  /** The voice of a reserved playback has been opened (undefined = not found), unless it has been stopped meanwhile. */
  ready(id: number, voice: Voice | undefined): void {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry === undefined) voice?.close();
    else if (voice === undefined) this.#end(entry, 'not-found');
    else {
      entry.voice = voice;
      this.#listener.onStarted(id);
    }
  }

  stop(id: number): void {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry !== undefined) this.#end(entry, 'break');
  }

  /** Ends what was meant for a seat alone that is gone. */
  stopFor(seat: string): void {
    for (const entry of [...this.#entries]) {
      const { audience } = entry;
      if (audience !== 'all' && 'only' in audience && audience.only.includes(seat)) this.#end(entry, 'break');
    }
  }

  stopAll(): void {
    for (const entry of [...this.#entries]) this.#end(entry, 'break');
  }

  /** The next frame of each voice, and for whom it is. Valid until the next call. */
  frames(frame: number): readonly VoiceFrame[] {
    if (this.#entries.length === 0) return NOTHING;
    return [...this.#entries].filter((entry) => entry.voice !== undefined && this.#fill(entry, entry.voice, frame));
  }

  #fill(entry: Entry, voice: Voice, frame: number): boolean {
    const wanted = Math.min(FRAME_SAMPLES, entry.limitSamples - entry.samples);
    const written = voice.fill(codes, 0, wanted, frame);
    const table = decodingTable(voice.law);
    for (let at = 0; at < FRAME_SAMPLES; at++) entry.frame[at] = at < written ? (table[codes[at] ?? 0] ?? 0) : 0;
    entry.samples += written;
    if (written < FRAME_SAMPLES) this.#end(entry, voice.left > 0 ? 'limit' : 'done');
    return written > 0;
  }

  #end(entry: Entry, outcome: PlaybackResult['outcome']): void {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    const { offset: lastOffset = 0, left = 0 } = entry.voice ?? {};
    entry.voice?.close();
    const { samples } = entry;
    this.#listener.onEnded(entry.id, { outcome, samples, ms: Math.round(samples / 8), lastOffset, left });
  }
}

const NOTHING: readonly never[] = [];
