// The hold music of a fresh installation: a quiet piece for plucked strings over soft chords, written for Hilo and made by code.
import { SAMPLE_RATE } from '../../rtp/g711.js';

const BAR_SECONDS = 2.4;
/** Triads as MIDI notes, one per bar; the last leads back to the first. Fundamentals stay within a telephone's 200-1000 Hz. */
const BARS: readonly (readonly [number, number, number])[] = [
  [60, 64, 67], // C
  [57, 64, 69], // A minor
  [57, 65, 69], // F
  [59, 62, 67], // G
  [60, 64, 67], // C
  [59, 64, 67], // E minor
  [57, 65, 69], // F
  [55, 62, 71], // G
  [57, 60, 64], // A minor
  [57, 60, 65], // F
  [60, 64, 67], // C
  [59, 62, 67], // G
  [57, 62, 65], // D minor
  [57, 60, 64], // A minor
  [57, 60, 65], // F
  [55, 62, 65], // G seventh
];
/** Which note of the triad is plucked on each eighth (-1 = none), and how many octaves above; two patterns in turn. */
const PATTERNS: readonly (readonly (readonly [number, number])[])[] = [
  [
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 1],
    [2, 0],
    [1, 0],
    [-1, 0],
    [2, 0],
  ],
  [
    [0, 0],
    [2, 0],
    [1, 1],
    [2, 0],
    [-1, 0],
    [0, 1],
    [2, 0],
    [1, 0],
  ],
];
/** Loudest sample as a part of full scale (-15 dB): music must not drown the announcements between. */
const PEAK = 0.178;

interface Note {
  readonly startSeconds: number;
  readonly seconds: number;
  readonly hertz: number;
  readonly level: number;
  readonly attackSeconds: number;
  /** Time to fall to 1/e. */
  readonly decaySeconds: number;
}

/** Strengths of the partials of a note. */
const PARTIALS = [1, 0.32, 0.1];

export const MELODY_SAMPLES = Math.round(BARS.length * BAR_SECONDS * SAMPLE_RATE);

/**
 * The piece as PCM16 at 8 kHz, {@link MELODY_SAMPLES} long, looping without a seam: notes that outlast the end sound on at the
 * beginning. Calls `rest` after every note, so that a caller can let other work in between.
 */
export async function composeMelody(rest: () => Promise<void>): Promise<Int16Array> {
  const sum = new Float64Array(MELODY_SAMPLES);
  for (const note of notes()) {
    addNote(sum, note);
    await rest();
  }
  const loudest = sum.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  return Int16Array.from(sum, (value) => Math.round((value / loudest) * PEAK * 32_767));
}

function* notes(): Generator<Note> {
  for (const [bar, triad] of BARS.entries()) {
    const startSeconds = bar * BAR_SECONDS;
    for (const note of triad) {
      const seconds = BAR_SECONDS * 1.6;
      yield { startSeconds, seconds, hertz: hertzOf(note), level: 0.16, attackSeconds: 0.5, decaySeconds: 1.5 };
    }
    for (const [eighth, [degree, octave]] of (PATTERNS[bar % PATTERNS.length] ?? []).entries()) {
      const note = triad[degree];
      if (note === undefined) continue;
      yield {
        startSeconds: startSeconds + (eighth * BAR_SECONDS) / 8,
        seconds: 1.8,
        hertz: hertzOf(note + 12 * octave),
        level: eighth === 0 ? 0.5 : 0.36,
        attackSeconds: 0.006,
        decaySeconds: 0.42,
      };
    }
  }
}

function hertzOf(midiNote: number): number {
  return 440 * 2 ** ((midiNote - 69) / 12);
}

function addNote(sum: Float64Array, note: Note): void {
  const start = Math.round(note.startSeconds * SAMPLE_RATE);
  const count = Math.round(note.seconds * SAMPLE_RATE);
  const attack = note.attackSeconds * SAMPLE_RATE;
  const release = 0.1 * SAMPLE_RATE;
  const fade = Math.exp(-1 / (note.decaySeconds * SAMPLE_RATE));
  for (const [index, strength] of PARTIALS.entries()) {
    const step = (2 * Math.PI * note.hertz * (index + 1)) / SAMPLE_RATE;
    const turn = 2 * Math.cos(step);
    let before = -Math.sin(step);
    let current = 0;
    // Higher partials die away sooner, as on a string.
    const fall = fade ** (index + 1);
    let envelope = note.level * strength;
    for (let at = 0; at < count; at++) {
      const edge = Math.min(1, at / attack, (count - at) / release);
      const place = (start + at) % sum.length;
      sum[place] = (sum[place] ?? 0) + current * envelope * edge;
      envelope *= fall;
      const next = turn * current - before;
      before = current;
      current = next;
    }
  }
}
