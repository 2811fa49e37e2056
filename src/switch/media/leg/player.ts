// What one leg plays: a stack of playbacks, the newest heard, the others waiting their turn.
import { FRAME_SAMPLES, type G711, silenceByte } from '../../rtp/g711.js';
import type { Voice } from '../audio/voice.js';
import type { Steering } from '../engine-tasks.js';
import type { PlaybackResult } from '../media-leg.js';
import type { AudioStretch } from '../path/offload.js';

/** Playbacks one within the other; more are refused. */
export const PLAYBACKS_MAX = 16;

/** loading ──ready──▶ playing ──end, limit, stop──▶ gone; loading ──stop, not found──▶ gone */
interface Entry {
  readonly id: number;
  readonly limitSamples: number;
  voice: Voice | undefined;
  samples: number;
  paused: boolean;
}

export interface PlayerListener {
  onStarted(id: number): void;
  onEnded(id: number, result: PlaybackResult): void;
}

export class Player {
  readonly #entries: Entry[] = [];
  readonly #listener: PlayerListener;

  constructor(listener: PlayerListener) {
    this.#listener = listener;
  }

  /** Something is heard: it takes the place of a bridged peer's audio. */
  get playing(): boolean {
    return this.#top() !== undefined;
  }

  /** Takes the place in the stack; the voice follows by {@link ready}. False when there are too many. */
  reserve(id: number, limitSamples: number): boolean {
    if (this.#entries.length >= PLAYBACKS_MAX) return false;
    this.#entries.push({ id, limitSamples, voice: undefined, samples: 0, paused: false });
    return true;
  }

  /** The voice of a reserved playback has been opened (undefined = not found), unless it has been stopped meanwhile. */
  ready(id: number, voice: Voice | undefined): void {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (entry === undefined) {
      voice?.close();
      return;
    }
    if (voice === undefined) {
      this.#end(entry, 'not-found');
      return;
    }
    entry.voice = voice;
    this.#listener.onStarted(id);
  }

  steer(id: number, how: Steering): void {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (entry === undefined) return;
    if ('pause' in how) entry.paused = how.pause;
    else if (entry.voice !== undefined) {
      entry.voice.seek?.(Math.max(0, how.seek + (how.from === 'here' ? entry.voice.offset : 0)));
    }
  }

  stop(id: number): void {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (entry !== undefined) this.#end(entry, 'break');
  }

  stopAll(): void {
    for (const entry of [...this.#entries].reverse()) this.#end(entry, 'break');
  }

  /** What is heard next and can be played without asking; undefined when nothing is, or when it is not that simple. */
  ahead(): AudioStretch | undefined {
    const entry = this.#top();
    const stretch = entry?.paused === true ? undefined : entry?.voice?.ahead?.();
    if (entry === undefined || stretch === undefined || entry.limitSamples === Number.POSITIVE_INFINITY) return stretch;
    const left = entry.limitSamples - entry.samples;
    return stretch.shared ? undefined : { ...stretch, end: Math.min(stretch.end, stretch.offset + left) };
  }

  /** `samples` of {@link ahead} have been played, the last ones in `frame`. */
  advance(samples: number, frame: number): void {
    const entry = this.#top();
    if (entry === undefined) return;
    entry.samples += samples;
    entry.voice?.advance?.(samples, frame);
  }

  /** Writes a frame at `at` and returns its law; undefined when there is nothing to play. */
  fill(out: Buffer, at: number, frame: number): G711 | undefined {
    for (let entry = this.#top(); entry?.voice !== undefined; entry = this.#top()) {
      const { law } = entry.voice;
      if (entry.paused) {
        out.fill(silenceByte(law), at, at + FRAME_SAMPLES);
        return law;
      }
      const wanted = Math.min(FRAME_SAMPLES, entry.limitSamples - entry.samples);
      const written = entry.voice.fill(out, at, wanted, frame);
      entry.samples += written;
      if (written < FRAME_SAMPLES) {
        out.fill(silenceByte(law), at + written, at + FRAME_SAMPLES);
        this.#end(entry, entry.voice.left > 0 ? 'limit' : 'done');
      }
      if (written > 0) return law;
    }
    return undefined;
  }

  /** The newest playback that has been opened. */
  #top(): Entry | undefined {
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const entry = this.#entries[index];
      if (entry?.voice !== undefined) return entry;
    }
    return undefined;
  }

  #end(entry: Entry, outcome: PlaybackResult['outcome']): void {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    const { offset: lastOffset = 0, left = 0 } = entry.voice ?? {};
    entry.voice?.close();
    const { samples } = entry;
    this.#listener.onEnded(entry.id, { outcome, samples, ms: Math.round(samples / 8), lastOffset, left });
  }
}
