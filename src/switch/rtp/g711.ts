// G.711: A-law and µ-law as tables, from and to PCM16 and into each other.

/** The RTP payload type names the law (RFC 3551 table 4): 0 = PCMU (µ-law), 8 = PCMA (A-law). */
export type G711 = 0 | 8;
export const PCMU = 0;
export const PCMA = 8;

export const SAMPLE_RATE = 8_000;
export const FRAME_SAMPLES = 160;
export const FRAME_MS = 20;

/** The code word of a zero sample. */
export function silenceByte(law: G711): number {
  return law === PCMU ? 0xff : 0xd5;
}

// µ-law magnitudes are biased by 33 (here times four, for 16 bits) and clipped (ITU-T G.711 table 2).
const U_BIAS = 0x84;
const U_CLIP = 32_635;

const linearOfU = Int16Array.from({ length: 256 }, (_, code) => decodeU(code));
const linearOfA = Int16Array.from({ length: 256 }, (_, code) => decodeA(code));
// Indexed by the sample's 16 bits read as unsigned.
const uOfLinear = Uint8Array.from({ length: 65_536 }, (_, bits) => encodeU((bits << 16) >> 16));
const aOfLinear = Uint8Array.from({ length: 65_536 }, (_, bits) => encodeA((bits << 16) >> 16));
const aOfU = Uint8Array.from({ length: 256 }, (_, code) => encodeA(decodeU(code)));
const uOfA = Uint8Array.from({ length: 256 }, (_, code) => encodeU(decodeA(code)));

/** 256 samples indexed by code word. */
export function decodingTable(law: G711): Int16Array {
  return law === PCMU ? linearOfU : linearOfA;
}

/** 65 536 code words indexed by `sample & 0xffff`. */
export function encodingTable(law: G711): Uint8Array {
  return law === PCMU ? uOfLinear : aOfLinear;
}

/** 256 code words of the other law, indexed by those of `from`. */
export function transcodingTable(from: G711): Uint8Array {
  return from === PCMU ? aOfU : uOfA;
}

export function encode(samples: Int16Array, law: G711): Buffer {
  const table = encodingTable(law);
  const codes = Buffer.allocUnsafe(samples.length);
  for (let at = 0; at < samples.length; at++) codes[at] = table[(samples[at] ?? 0) & 0xffff] ?? 0;
  return codes;
}

export function decode(codes: Uint8Array, law: G711): Int16Array {
  const table = decodingTable(law);
  const samples = new Int16Array(codes.length);
  for (let at = 0; at < codes.length; at++) samples[at] = table[codes[at] ?? 0] ?? 0;
  return samples;
}

// ITU-T G.711 table 2: eight chords of sixteen steps.
function decodeU(code: number): number {
  const inverted = ~code & 0xff;
  const chord = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 0x0f) << 3) + U_BIAS) << chord) - U_BIAS;
  return (inverted & 0x80) === 0 ? magnitude : -magnitude;
}

function encodeU(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(U_CLIP, Math.abs(sample)) + U_BIAS;
  const chord = 31 - Math.clz32(magnitude) - 7;
  return ~(sign | (chord << 4) | ((magnitude >> (chord + 3)) & 0x0f)) & 0xff;
}

// ITU-T G.711 table 1: even bits inverted; positive values have the sign bit set.
function decodeA(code: number): number {
  const plain = code ^ 0x55;
  const chord = (plain >> 4) & 7;
  const step = ((plain & 0x0f) << 4) + 8;
  const magnitude = chord === 0 ? step : (step + 0x100) << (chord - 1);
  return (plain & 0x80) === 0 ? -magnitude : magnitude;
}

function encodeA(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  // Negative values are taken one down, so that -1..-16 fall into the first negative step.
  const magnitude = sample < 0 ? -sample - 1 : sample;
  const chord = Math.max(0, 31 - Math.clz32(magnitude | 0xff) - 7);
  const step = chord === 0 ? magnitude >> 4 : (magnitude >> (chord + 3)) & 0x0f;
  return (sign | (chord << 4) | step) ^ 0x55;
}
