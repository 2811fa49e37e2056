// What one person says after a tone, into a file: a voicemail, an answer in one's own words.
import type { Clock } from '../../lib/clock.js';
import { mediaError } from '../drachtio/deadline.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';
import { mediaPath } from '../drachtio/plain-text.js';
import type { KeyStream } from './key-stream.js';
import type { Mouth, Sound } from './mouth.js';

const RECORD_GRACE_MS = 5000;
const RECORD_TONE_LIMIT_MS = 2000;
/** The signal to speak: 400 ms, 1000 Hz. */
const RECORD_TONE = 'tone_stream://%(400,0,1000)';
/** FreeSWITCH: energy below which a caller counts as silent. */
const SILENCE_THRESHOLD = 200;

export interface RecordOptions {
  readonly maxMs: number;
  readonly silenceMs: number;
  readonly terminators: string;
}

interface RecordParts {
  readonly mouth: Mouth;
  readonly keys: KeyStream;
  readonly endpoint: MediaEndpoint;
  /** Settles when the leg is gone. */
  readonly freed: Promise<void>;
  readonly clock: Clock;
  readonly guard: <T>(what: string, action: () => Promise<T>) => Promise<T>;
  readonly stop: (sound: Sound) => void;
}

/** Settles also on hang-up. */
export async function recordMessage(
  path: string,
  options: RecordOptions,
  { mouth, keys, endpoint, freed, clock, guard, stop }: RecordParts,
): Promise<{ durationMs: number }> {
  const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
  const argument = [mediaPath(path), seconds(options.maxMs), SILENCE_THRESHOLD, seconds(options.silenceMs)].join(' ');
  await guard('the tone', async () => {
    await (await mouth.begin('playback', RECORD_TONE, RECORD_TONE_LIMIT_MS)).over;
  });
  const sound = await guard('recording', () => mouth.begin('record', argument, options.maxMs + RECORD_GRACE_MS));
  const startedMs = clock.monotonicMs();
  const release = keys.capture((key) => {
    if (!options.terminators.includes(key)) return false;
    stop(sound);
    return true;
  });
  try {
    const { event } = await sound.over;
    const recorded = Number(event?.getHeader('variable_record_ms'));
    return { durationMs: Number.isFinite(recorded) ? recorded : clock.monotonicMs() - startedMs };
  } catch (error) {
    if (!endpoint.ended.aborted) throw mediaError('recording', error);
    // The caller hung up: the media server closes the file with the leg.
    const durationMs = clock.monotonicMs() - startedMs;
    await freed;
    return { durationMs };
  } finally {
    release();
  }
}
