// What is heard on the telephone of the studio when nobody speaks: soft music for whoever waits, ringing, a tone to speak after.
import { NARROW_RATE } from '../../../core/sound/sound.js';
import { writeWav } from '../../../core/sound/wav-writing.js';

export type Tone = 'music' | 'ringing' | 'beep';

interface Note {
  readonly hertz: number;
  readonly fromS: number;
  readonly lengthS: number;
  /** Dies away, as a string that was plucked. */
  readonly fades?: true;
}

interface Piece {
  readonly lengthS: number;
  readonly level: number;
  readonly notes: readonly Note[];
}

/** C major and A minor, one note after the other; softer than speech. */
const CHORDS_HZ = [
  [262, 330, 392, 523],
  [220, 262, 330, 440],
] as const;
const NOTE_S = 0.5;

const PIECES: Readonly<Record<Tone, Piece>> = {
  music: {
    lengthS: 4,
    level: 0.08,
    notes: CHORDS_HZ.flat().map((hertz, at) => ({ hertz, fromS: at * NOTE_S, lengthS: NOTE_S, fades: true })),
  },
  // ETSI TR 101 041-2: as in Spain, 1.5 s of it and 3 s of silence.
  ringing: { lengthS: 4.5, level: 0.08, notes: [{ hertz: 425, fromS: 0, lengthS: 1.5 }] },
  beep: { lengthS: 0.5, level: 0.15, notes: [{ hertz: 1_000, fromS: 0, lengthS: 0.4 }] },
};
/** No click at either end. */
const EDGE_S = 0.01;

export function toneOf(tone: Tone): Blob {
  const { lengthS, level, notes } = PIECES[tone];
  const samples = new Float32Array(lengthS * NARROW_RATE);
  for (const { hertz, fromS, lengthS: own, fades } of notes) {
    for (let at = 0; at < own * NARROW_RATE; at += 1) {
      const s = at / NARROW_RATE;
      const edge = Math.min(1, s / EDGE_S, (own - s) / EDGE_S);
      const left = fades === true ? 1 - s / own : 1;
      const where = Math.round(fromS * NARROW_RATE) + at;
      samples[where] = (samples[where] ?? 0) + level * edge * left * Math.sin(2 * Math.PI * hertz * s);
    }
  }
  return new Blob([writeWav({ rate: NARROW_RATE, samples })], { type: 'audio/wav' });
}
