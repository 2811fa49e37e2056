// Tones: the reading of TGML (the little language of tone_stream) and their synthesis at 8 kHz.

export interface ToneSegment {
  readonly onMs: number;
  readonly offMs: number;
  /** Up to four sine waves, each at `level`. */
  readonly frequencies: readonly number[];
  /** dBm0 of each wave, 0 or below. */
  readonly level: number;
  /** So many dB (below 0: softer) at the end of each such piece of the tone. */
  readonly decay?: { readonly everyMs: number; readonly db: number };
}

export interface ToneProgramme {
  readonly segments: readonly ToneSegment[];
  /** How often the whole is played; -1 = for ever. */
  readonly loops: number;
}

export type ParsedTones =
  | { readonly ok: true; readonly programme: ToneProgramme }
  | { readonly ok: false; readonly error: string };

/** One pass of a programme may last so long. */
export const TONE_PASS_MS_MAX = 30_000;
const SEGMENTS_MAX = 64;
const FREQUENCIES_MAX = 4;
/** libteletone's softest, in dB, and a step of decay that goes there at once. */
const LEVEL_MIN = -63;
const DECAY_DB_MAX = 63;
const SAMPLES_PER_MS = 8;

/** Row and column frequencies of the keys (ITU-T Q.23). */
const KEY_FREQUENCIES: Readonly<Record<string, readonly [number, number]>> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  A: [697, 1633],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  B: [770, 1633],
  '7': [852, 1209],
  '8': [852, 1336],
  '9': [852, 1477],
  C: [852, 1633],
  '*': [941, 1209],
  '0': [941, 1336],
  '#': [941, 1477],
  D: [941, 1633],
};

/** The two frequencies of a key in hertz, undefined for anything that is not a key. */
export function keyFrequencies(key: string): readonly [number, number] | undefined {
  return Object.hasOwn(KEY_FREQUENCIES, key) ? KEY_FREQUENCIES[key] : undefined;
}

interface Settings {
  level: number;
  keyOnMs: number;
  keyOffMs: number;
  repeat: number;
  loops: number;
  decayMs: number;
  decayDirection: -1 | 1;
  decayDb: number;
}

/** Digits with their pauses (`w` 500 ms, `W` 1 s) as the tones of a keypad. */
export function digitTones(digits: string, durationMs: number): ParsedTones {
  const pauses = digits.replaceAll('w', '%(500,0)').replaceAll('W', '%(1000,0)');
  return parseTones(`v=-7;d=${durationMs};w=100;${pauses.toUpperCase()}`);
}

/**
 * TGML as mod_tone_stream and libteletone read it: `%(on,off,f1,f2…)`, keys `0-9*#A-D`, settings `v=` (dB), `d=` and `w=` (ms of
 * keys and of the gap after them), `l=` (repeat the next tone), `L=` and `;loops=` (repeat all), `>=` and `<=` (softer or louder
 * every so many ms), `+=` (by so many dB, 1 without it). `r=` and `c=` are read over.
 */
export function parseTones(text: string): ParsedTones {
  const settings: Settings = {
    level: -7,
    keyOnMs: 100,
    keyOffMs: 100,
    repeat: 1,
    loops: 1,
    decayMs: 0,
    decayDirection: -1,
    decayDb: 1,
  };
  const segments: ToneSegment[] = [];
  const token = /\s*(?:(loops|[vdwlLrc<>+])=(-?\d*\.?\d+)|%\(([^()]*)\)|([0-9*#A-D])|([;,]))\s*/gy;
  let position = 0;
  while (position < text.length) {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) return { ok: false, error: `bad tone at position ${position}` };
    position = token.lastIndex;
    const [, name, value, tone, key] = match;
    if (name !== undefined) {
      applySetting(settings, name, Number(value));
      continue;
    }
    const segment = tone === undefined ? keySegment(key, settings) : toneSegment(tone, settings);
    if (segment === undefined) continue;
    if (segment === 'bad') return { ok: false, error: `bad tone: %(${tone})` };
    for (let count = 0; count < settings.repeat; count++) segments.push(segment);
    settings.repeat = 1;
    if (segments.length > SEGMENTS_MAX) return { ok: false, error: `more than ${SEGMENTS_MAX} tones` };
  }
  return finish(segments, settings.loops);
}

function finish(segments: readonly ToneSegment[], loops: number): ParsedTones {
  if (segments.length === 0) return { ok: false, error: 'no tone' };
  const passMs = segments.reduce((sum, segment) => sum + segment.onMs + segment.offMs, 0);
  if (passMs < 1) return { ok: false, error: 'tone without duration' };
  if (passMs > TONE_PASS_MS_MAX) return { ok: false, error: `tone longer than ${TONE_PASS_MS_MAX} ms` };
  return { ok: true, programme: { segments, loops } };
}

function applySetting(settings: Settings, name: string, value: number): void {
  const ms = Math.min(TONE_PASS_MS_MAX, Math.max(0, value));
  switch (name) {
    case 'v':
      settings.level = Math.max(-60, Math.min(0, value));
      break;
    case 'd':
      settings.keyOnMs = ms;
      break;
    case 'w':
      settings.keyOffMs = ms;
      break;
    case 'l':
      settings.repeat = Math.max(1, Math.min(SEGMENTS_MAX, Math.trunc(value)));
      break;
    case 'L':
    case 'loops':
      settings.loops = value < 0 ? -1 : Math.max(1, Math.trunc(value));
      break;
    case '>':
    case '<':
      settings.decayMs = ms;
      settings.decayDirection = name === '>' ? -1 : 1;
      break;
    case '+':
      settings.decayDb = Math.min(DECAY_DB_MAX, Math.max(0, value));
      break;
    default:
      // Sample rate and channels: see parseTones.
      break;
  }
}

function keySegment(key: string | undefined, settings: Settings): ToneSegment | undefined {
  const frequencies = key === undefined ? undefined : keyFrequencies(key);
  if (frequencies === undefined) return undefined;
  return { onMs: settings.keyOnMs, offMs: settings.keyOffMs, frequencies, ...loudnessOf(settings) };
}

function toneSegment(text: string, settings: Settings): ToneSegment | 'bad' {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [onMs, offMs, ...frequencies] = numbers;
  if (onMs === undefined || offMs === undefined) return 'bad';
  if (numbers.some((value) => !Number.isFinite(value) || value < 0)) return 'bad';
  if (frequencies.length > FREQUENCIES_MAX || frequencies.some((hertz) => hertz >= 4_000)) return 'bad';
  return { onMs, offMs, frequencies: frequencies.filter((hertz) => hertz > 0), ...loudnessOf(settings) };
}

function loudnessOf({ level, decayMs, decayDirection, decayDb }: Settings): Pick<ToneSegment, 'level' | 'decay'> {
  return decayMs === 0 ? { level } : { level, decay: { everyMs: decayMs, db: decayDirection * decayDb } };
}

/** One pass of the programme as PCM16 at 8 kHz. */
export function renderTones(programme: ToneProgramme): Int16Array {
  const total = programme.segments.reduce(
    (sum, segment) => sum + samplesOf(segment.onMs) + samplesOf(segment.offMs),
    0,
  );
  const samples = new Int16Array(total);
  let position = 0;
  for (const segment of programme.segments) {
    const end = position + samplesOf(segment.onMs);
    addWaves(samples.subarray(position, end), segment);
    position = end + samplesOf(segment.offMs);
  }
  return samples;
}

function samplesOf(ms: number): number {
  return Math.round(ms * SAMPLES_PER_MS);
}

/** Full scale of G.711 is +3.17 dBm0 (G.711 µ-law, a sine that just does not clip). */
const FULL_SCALE_DBM0 = 3.17;

/** The tone in pieces of one loudness. */
function addWaves(samples: Int16Array, segment: ToneSegment): void {
  const { level, decay } = segment;
  const piece = decay === undefined ? samples.length : Math.max(1, samplesOf(decay.everyMs));
  for (let at = 0, steps = 0; at < samples.length; at += piece, steps++) {
    const decayed = Math.max(LEVEL_MIN, Math.min(0, level + steps * (decay?.db ?? 0)));
    addPiece(samples.subarray(at, at + piece), { frequencies: segment.frequencies, level: decayed, startedAt: at });
  }
}

interface TonePiece extends Pick<ToneSegment, 'frequencies' | 'level'> {
  /** Samples of the tone before it. */
  readonly startedAt: number;
}

function addPiece(samples: Int16Array, segment: TonePiece): void {
  const peak = 32_767 * 10 ** ((segment.level - FULL_SCALE_DBM0) / 20);
  for (const hertz of segment.frequencies) {
    const step = (2 * Math.PI * hertz) / 8_000;
    // Resonator y[n] = 2cos(w)·y[n-1] - y[n-2]: one multiplication a sample instead of a sine.
    const turn = 2 * Math.cos(step);
    let before = peak * Math.sin(step * (segment.startedAt - 1));
    let current = peak * Math.sin(step * segment.startedAt);
    for (let at = 0; at < samples.length; at++) {
      samples[at] = Math.max(-32_768, Math.min(32_767, Math.round((samples[at] ?? 0) + current)));
      const next = turn * current - before;
      before = current;
      current = next;
    }
  }
}
