// Recognises spoken prompts in what a phone hears: pieces of the expected sound are looked for by correlation.
// The switch plays the same file, so that a piece is there as it is, but for the quantisation of G.711 and the loudness.

const RATE = 8_000;
/** Length of a piece, and one of them is taken from each so long a stretch of the sound. */
const PIECE = 0.4 * RATE;
const STRETCH = 1.6 * RATE;
/** Looking for the place is done at half the rate, where neighbours are near enough. */
const COARSE = 2;
const COARSE_LIKE = 0.5;
/** The first place that is like it may lie so many samples before or after the best. */
const NEAR = 8;
/** Cosine between what is heard and the piece at the place itself: the same sound is above 0.95, other speech far below. */
const ALIKE = 0.85;
/** Mean square below which nobody speaks. */
const SILENT = 1e-5;
const MAX_HEARD = 10 * 60 * RATE;

/** A piece of a sound and where it begins in it, in samples. */
export interface Piece {
  readonly at: number;
  readonly samples: Float32Array;
  readonly coarse: Float32Array;
}

/** The loudest piece of each stretch, in order. At least one, of whatever length, for a sound that is not empty. */
export function piecesOf(sound: Float32Array): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < sound.length; from += STRETCH) {
    const last = Math.min(from + STRETCH, sound.length) - PIECE;
    if (last < from && pieces.length > 0) break;
    const at = loudest(sound, from, Math.max(from, last));
    const samples = sound.slice(at, at + PIECE);
    if (energyOf(samples, 0, samples.length) / samples.length < SILENT) continue;
    pieces.push({ at, samples, coarse: halved(samples) });
  }
  return pieces;
}

export class Ear {
  readonly #heard = new Float32Array(MAX_HEARD);
  readonly #coarse = new Float32Array(MAX_HEARD / COARSE);
  #length = 0;
  /** Up to where each piece was looked for in vain, from which beginning. */
  readonly #looked = new Map<Piece, { readonly from: number; next: number }>();

  /** Samples heard so far; what is beyond ten minutes is not kept. */
  get length(): number {
    return this.#length;
  }

  hear(samples: readonly number[]): void {
    for (const sample of samples) {
      if (this.#length >= MAX_HEARD) return;
      this.#heard[this.#length] = sample;
      if (this.#length % COARSE === 1) {
        this.#coarse[(this.#length - 1) / COARSE] = (sample + (this.#heard[this.#length - 1] ?? 0)) / COARSE;
      }
      this.#length += 1;
    }
  }

  /** Where the piece is heard first at or after `from`; undefined while it is not. Each place is looked at once. */
  find(piece: Piece, from: number): number | undefined {
    const known = this.#looked.get(piece);
    const looked = known?.from === from ? known : { from, next: Math.ceil(from / COARSE) };
    this.#looked.set(piece, looked);
    const { coarse, samples } = piece;
    const end = Math.min(
      Math.floor(this.#length / COARSE) - coarse.length,
      Math.floor((this.#length - samples.length) / COARSE),
    );
    for (; looked.next <= end; looked.next += 1) {
      if (likeness(this.#coarse, looked.next, coarse) < COARSE_LIKE) continue;
      const place = this.#place(piece, looked.next * COARSE);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #place({ samples }: Piece, around: number): number | undefined {
    let best = { at: around, like: 0 };
    for (let at = Math.max(0, around - NEAR); at <= around + NEAR; at += 1) {
      const like = likeness(this.#heard, at, samples);
      if (like > best.like) best = { at, like };
    }
    return best.like >= ALIKE ? best.at : undefined;
  }
}

/** Cosine of the angle between the piece and what is heard at a place; 0 in silence. */
function likeness(heard: Float32Array, at: number, piece: Float32Array): number {
  let [dot, own, other] = [0, 0, 0];
  for (let index = 0; index < piece.length; index += 1) {
    const [a, b] = [heard[at + index] ?? 0, piece[index] ?? 0];
    dot += a * b;
    own += a * a;
    other += b * b;
  }
  return own / piece.length < SILENT || other === 0 ? 0 : dot / Math.sqrt(own * other);
}

function loudest(sound: Float32Array, from: number, last: number): number {
  let energy = energyOf(sound, from, from + PIECE);
  let best = { at: from, energy };
  for (let at = from + 1; at <= last; at += 1) {
    energy += (sound[at + PIECE - 1] ?? 0) ** 2 - (sound[at - 1] ?? 0) ** 2;
    if (energy > best.energy) best = { at, energy };
  }
  return best.at;
}

function energyOf(sound: Float32Array, from: number, to: number): number {
  let energy = 0;
  for (let at = from; at < Math.min(to, sound.length); at += 1) energy += (sound[at] ?? 0) ** 2;
  return energy;
}

function halved(samples: Float32Array): Float32Array {
  return Float32Array.from(
    { length: Math.floor(samples.length / COARSE) },
    (_, at) => ((samples[COARSE * at] ?? 0) + (samples[COARSE * at + 1] ?? 0)) / COARSE,
  );
}
