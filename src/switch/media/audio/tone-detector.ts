// Listens for tones and keys in the audio itself: by Goertzel's algorithm over frames of 20 ms.
import { keyFrequencies } from './tone.js';

const RATE = 8_000;
/** Softer frames (mean square) hold no tone: about -40 dBm0. */
const POWER_MIN = 50_000;
/** The tones looked for make up so much of what is heard. */
const PURITY_MIN = 0.75;
/** Neither tone of a key is weaker than the other by more (ITU-T Q.24: 8 dB). */
const TWIST_MAX = 6.3;
const KEYS = '0123456789*#ABCD';
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1_209, 1_336, 1_477, 1_633];

/** What is looked for. `ms` without a break makes it heard once. */
export type Detection =
  | { readonly kind: 'tone'; readonly name: string; readonly frequencies: readonly number[]; readonly ms: number }
  | { readonly kind: 'keys' };

/** Tones and keys heard, each once until it has ended. */
export interface Detected {
  readonly kind: 'tone' | 'key';
  readonly name: string;
}

/** Frames a key lasts at least (ITU-T Q.24: 40 ms). */
const KEY_FRAMES = 2;

export class ToneDetector {
  readonly detections: readonly Detection[];
  /** What each detection hears now, and for how many frames. */
  readonly #runs: { name: string; frames: number }[];

  constructor(detections: readonly Detection[]) {
    this.detections = detections;
    this.#runs = detections.map(() => ({ name: '', frames: 0 }));
  }

  /** Looks at the next 20 ms. */
  hear(frame: Int16Array): readonly Detected[] {
    const power = powerOf(frame);
    const found: Detected[] = [];
    for (const [at, detection] of this.detections.entries()) {
      const run = this.#runs[at];
      if (run === undefined) continue;
      const name = power < POWER_MIN ? '' : nameOf(detection, frame, power);
      run.frames = name !== '' && name === run.name ? run.frames + 1 : 1;
      run.name = name;
      const needed = detection.kind === 'keys' ? KEY_FRAMES : Math.max(1, Math.round(detection.ms / 20));
      if (name !== '' && run.frames === needed) found.push({ kind: detection.kind === 'keys' ? 'key' : 'tone', name });
    }
    return found;
  }
}

function nameOf(detection: Detection, frame: Int16Array, power: number): string {
  if (detection.kind === 'keys') return keyIn(frame, power);
  const share = detection.frequencies.reduce((sum, hertz) => sum + goertzel(frame, hertz), 0) / power;
  return share >= PURITY_MIN ? detection.name : '';
}

function keyIn(frame: Int16Array, power: number): string {
  const [row, low] = strongest(frame, ROWS);
  const [column, high] = strongest(frame, COLUMNS);
  if ((low + high) / power < PURITY_MIN || low > high * TWIST_MAX || high > low * TWIST_MAX) return '';
  return [...KEYS].find((key) => String(keyFrequencies(key)) === String([row, column])) ?? '';
}

function strongest(frame: Int16Array, frequencies: readonly number[]): readonly [hertz: number, power: number] {
  return frequencies
    .map((hertz) => [hertz, goertzel(frame, hertz)] as const)
    .reduce((best, next) => (next[1] > best[1] ? next : best));
}

function powerOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return sum / frame.length;
}

/** Mean square of the sine of that frequency. */
function goertzel(frame: Int16Array, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let before = 0;
  let current = 0;
  for (const sample of frame) {
    const next = sample + turn * current - before;
    before = current;
    current = next;
  }
  const power = current * current + before * before - turn * current * before;
  return (2 * power) / (frame.length * frame.length);
}
