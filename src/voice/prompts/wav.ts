// Mono 16-bit WAV: reading what a synthesiser writes, changing rate and loudness, writing what telephones play.

export interface Sound {
  readonly rate: number;
  /** −1 … 1. */
  readonly samples: Float32Array;
}

export const TELEPHONE_RATE = 8000;
/** Loudness of prompts: −19 dBFS on average with peaks not above −3 dBFS, like good recorded prompts. */
const TARGET_RMS = 10 ** (-19 / 20);
const MAX_PEAK = 10 ** (-3 / 20);
/** Quieter than this is silence, not speech: left alone. */
const MIN_RMS = 1e-4;
/** Zero crossings of the sinc on each side: enough for −60 dB beyond the telephone band. */
const HALF_WIDTH = 24;

/** Throws on anything that is not PCM16 WAV. Mixes several channels into one. */
export function readWav(bytes: Buffer): Sound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('no WAV');
  let format: { channels: number; rate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'fmt ' && start + 16 <= bytes.length) {
      const [kind, bits] = [bytes.readUInt16LE(start), bytes.readUInt16LE(start + 14)];
      if (kind !== 1 || bits !== 16) throw new Error('not PCM16');
      format = { channels: bytes.readUInt16LE(start + 2), rate: bytes.readUInt32LE(start + 4) };
    }
    if (id === 'data') {
      if (format === undefined || format.channels < 1 || format.rate < 1) throw new Error('data before format');
      // A synthesiser that writes to a pipe does not know the size and writes too much.
      return { rate: format.rate, samples: decode(bytes.subarray(start, start + size), format.channels) };
    }
    at = start + size + (size % 2);
  }
  throw new Error('WAV without data');
}

export function writeWav(sound: Sound): Buffer {
  const bytes = Buffer.alloc(44 + sound.samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sound.rate, 24);
  bytes.writeUInt32LE(sound.rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(sound.samples.length * 2, 40);
  sound.samples.forEach((sample, at) => {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + at * 2);
  });
  return bytes;
}

/**
 * Windowed-sinc resampling; going down, the cut-off is the lower Nyquist frequency. The weights repeat as often as the
 * two rates have a common beat, so they are worked out once for each phase: calls wait while a prompt is made.
 */
export function resample(sound: Sound, rate: number): Sound {
  if (sound.rate === rate) return sound;
  const beat = greatestCommonDivisor(sound.rate, rate);
  const [down, phases] = [sound.rate / beat, rate / beat];
  const cutoff = Math.min(1, rate / sound.rate) * 0.95;
  const reach = HALF_WIDTH / cutoff;
  const side = Math.ceil(reach);
  const weights = Array.from({ length: phases }, (_, phase) =>
    Float32Array.from({ length: 2 * side + 1 }, (_, at) => kernel(at - side - phase / phases, cutoff, reach)),
  );
  // Silence before and after, so that no tap falls outside.
  const padded = new Float32Array(sound.samples.length + 2 * side + 1);
  padded.set(sound.samples, side);
  const samples = new Float32Array(Math.floor((sound.samples.length * rate) / sound.rate));
  for (let out = 0; out < samples.length; out++) {
    const from = Math.floor((out * down) / phases);
    samples[out] = weighted(padded, from, weights[(out * down) % phases] ?? padded);
  }
  return { rate, samples };
}

function weighted(samples: Float32Array, from: number, weights: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (samples[from + at] ?? 0) * (weights[at] ?? 0);
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Brings speech to the same loudness everywhere, without clipping. */
export function normalise(sound: Sound): Sound {
  let peak = 0;
  let power = 0;
  for (const sample of sound.samples) {
    peak = Math.max(peak, Math.abs(sample));
    power += sample * sample;
  }
  const rms = Math.sqrt(power / Math.max(1, sound.samples.length));
  if (rms < MIN_RMS) return sound;
  const gain = Math.min(TARGET_RMS / rms, MAX_PEAK / peak);
  return { rate: sound.rate, samples: sound.samples.map((sample) => sample * gain) };
}

/** `count` short tones: what is heard in place of a prompt that could not be made. */
export function beeps(count: number): Sound {
  const toneLength = TELEPHONE_RATE * 0.2;
  const samples = new Float32Array(count * toneLength * 2);
  for (let at = 0; at < samples.length; at++) {
    const inTone = at % (toneLength * 2) < toneLength;
    samples[at] = inTone ? 0.2 * Math.sin((2 * Math.PI * 660 * at) / TELEPHONE_RATE) : 0;
  }
  return { rate: TELEPHONE_RATE, samples };
}

function decode(data: Buffer, channels: number): Float32Array {
  const frames = Math.floor(data.length / 2 / channels);
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += data.readInt16LE((frame * channels + channel) * 2);
    samples[frame] = sum / channels / 32_768;
  }
  return samples;
}

function kernel(distance: number, cutoff: number, reach: number): number {
  if (Math.abs(distance) > reach) return 0;
  const x = Math.PI * distance * cutoff;
  const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
  return cutoff * sinc * window;
}
