// Conversion between 8 kHz and any usual sample rate, piece by piece, with a windowed-sinc low-pass (polyphase).

const TELEPHONE_RATE = 8_000;
export const RATE_MIN = 8_000;
export const RATE_MAX = 48_000;
/** Zero crossings of the sinc on either side: about 60 dB down from 4.4 kHz on. */
const ZERO_CROSSINGS = 16;
/** Cut-off as a part of half the lower rate: telephone speech ends at 3.4 kHz. */
const PASS_BAND = 0.94;
/** Coefficient rows for odd rates such as 22050 (160) or 44100 (80); more is a rate nobody uses. */
const PHASES_MAX = 320;

/** Takes PCM16 in pieces and returns it at another rate. */
export interface Resampler {
  push(samples: Int16Array): Int16Array;
  /** The last samples, which waited for their future. */
  flush(): Int16Array;
}

/** Undefined for a rate that cannot be converted: outside {@link RATE_MIN}..{@link RATE_MAX} or of an odd ratio. */
export function createResampler(rate: number, to = TELEPHONE_RATE): Resampler | undefined {
  if ([rate, to].some((one) => !Number.isInteger(one) || one < RATE_MIN || one > RATE_MAX)) return undefined;
  if (rate === to) return { push: (samples) => samples, flush: () => new Int16Array(0) };
  return to / greatestCommonDivisor(rate, to) > PHASES_MAX ? undefined : new PolyphaseResampler(rate, to);
}

class PolyphaseResampler implements Resampler {
  /** Output n lies at input position n * step / phases. */
  readonly #step: number;
  readonly #phases: number;
  readonly #taps: number;
  readonly #rows: readonly Float64Array[];
  /** Input not yet used up; its first sample has the input position {@link #start}. */
  #input: Int16Array;
  #start: number;
  #next = 0;

  constructor(rate: number, to: number) {
    const divisor = greatestCommonDivisor(rate, to);
    this.#step = rate / divisor;
    this.#phases = to / divisor;
    const lower = Math.min(rate, to);
    const half = Math.ceil((ZERO_CROSSINGS * rate) / lower);
    this.#taps = half * 2;
    const cutOff = (PASS_BAND * lower) / rate;
    this.#rows = Array.from({ length: this.#phases }, (_, phase) => coefficients(half, phase / this.#phases, cutOff));
    this.#input = new Int16Array(half - 1);
    this.#start = -(half - 1);
  }

  push(samples: Int16Array): Int16Array {
    const joined = new Int16Array(this.#input.length + samples.length);
    joined.set(this.#input);
    joined.set(samples, this.#input.length);
    this.#input = joined;
    return this.#convert();
  }

  flush(): Int16Array {
    return this.push(new Int16Array(this.#taps / 2));
  }

  #convert(): Int16Array {
    const half = this.#taps / 2;
    // The last output whose taps are all there.
    const lastPosition = this.#start + this.#input.length - 1 - half;
    const end = lastPosition < 0 ? 0 : Math.floor((lastPosition * this.#phases) / this.#step) + 1;
    const output = new Int16Array(Math.max(0, end - this.#next));
    for (let at = 0; at < output.length; at++) output[at] = this.#sampleAt(this.#next + at);
    this.#next += output.length;
    const used = Math.floor((this.#next * this.#step) / this.#phases) - half + 1 - this.#start;
    if (used > 0) {
      this.#input = this.#input.slice(used);
      this.#start += used;
    }
    return output;
  }

  #sampleAt(index: number): number {
    const position = index * this.#step;
    const row = this.#rows[position % this.#phases];
    const first = Math.floor(position / this.#phases) - this.#taps / 2 + 1 - this.#start;
    const input = this.#input;
    let sum = 0;
    if (row !== undefined)
      for (let tap = 0; tap < row.length; tap++) sum += (row[tap] ?? 0) * (input[first + tap] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
}

/** One row of the filter: the weights of `2 * half` input samples around an output `fraction` past the middle one. */
function coefficients(half: number, fraction: number, cutOff: number): Float64Array {
  const row = new Float64Array(half * 2);
  let sum = 0;
  for (let tap = 0; tap < row.length; tap++) {
    const distance = tap - half + 1 - fraction;
    const weight = sinc(cutOff * distance) * blackman(distance / half);
    row[tap] = weight;
    sum += weight;
  }
  // Each row passes a constant unchanged.
  return row.map((weight) => weight / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function blackman(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
