// Owns the recordings that run beside a channel's applications: record_session and uuid_record.
import type { Log } from '../../lib/log.js';
import type { WavInformation } from '../media/audio/wav-writer.js';
import {
  type MediaLeg,
  RECORDING_RATES,
  type Recording,
  type RecordingResult,
  type RecordOptions,
} from '../media/media-leg.js';
import type { EventHeaders } from './event.js';
import { isTrue, type Variables } from './variables.js';

/** Most recordings at a time on one channel. */
export const RECORDINGS_MAX = 8;

interface Recorded {
  readonly leg: MediaLeg;
  readonly variables: Variables;
  readonly log: Log;
  emit(name: string, extra: EventHeaders): void;
}

export class Recordings {
  readonly #channel: Recorded;
  readonly #running = new Map<string, Recording>();

  constructor(channel: Recorded) {
    this.#channel = channel;
  }

  /** False when the file is being recorded already, or too many are. */
  start(path: string, limitMs?: number): boolean {
    if (path === '' || this.#running.has(path) || this.#running.size >= RECORDINGS_MAX) return false;
    const form = fileForm((name) => this.#channel.variables.get(name));
    if (!form.ok) {
      this.#channel.log.error({ path, reason: form.error }, 'recording refused');
      return false;
    }
    const recording = this.#channel.leg.record(path, { ...this.#options(limitMs), ...form.options });
    this.#running.set(path, recording);
    this.#channel.emit('RECORD_START', { 'Record-File-Path': path });
    void recording.done.then((result) => {
      this.#running.delete(path);
      if (result.outcome === 'failed') this.#channel.log.error({ path, reason: result.error }, 'recording failed');
      stateResult(this.#channel.variables, result);
      this.#channel.emit('RECORD_STOP', { 'Record-File-Path': path });
    });
    return true;
  }

  /** Stops one recording, or every one for `all`. False when there is none of that name. */
  async stop(path: string): Promise<boolean> {
    if (path === 'all') {
      await this.stopAll();
      return true;
    }
    const recording = this.#running.get(path);
    if (!recording) return false;
    recording.stop();
    await recording.done;
    return true;
  }

  async stopAll(): Promise<void> {
    const recordings = [...this.#running.values()];
    for (const recording of recordings) recording.stop();
    await Promise.all(recordings.map((recording) => recording.done));
  }

  get paths(): readonly string[] {
    return [...this.#running.keys()];
  }

  mask(path: string, on: boolean): boolean {
    const recording = this.#running.get(path);
    recording?.mask(on);
    return recording !== undefined;
  }

  pause(path: string, on: boolean): boolean {
    const recording = this.#running.get(path);
    recording?.pause(on);
    return recording !== undefined;
  }

  #options(limitMs: number | undefined): RecordOptions {
    const read = (name: string): string | undefined => this.#channel.variables.get(name);
    const minimumMs = Number(read('RECORD_MIN_SEC') ?? 0) * 1_000;
    let channels: RecordOptions['channels'] = 'mixed';
    if (isTrue(read('RECORD_STEREO'))) channels = 'stereo';
    else if (isTrue(read('RECORD_READ_ONLY'))) channels = 'read';
    else if (isTrue(read('RECORD_WRITE_ONLY'))) channels = 'write';
    return {
      channels,
      ...(isTrue(read('RECORD_APPEND')) ? { append: true } : {}),
      ...(limitMs === undefined ? {} : { limitMs }),
      ...(minimumMs > 0 ? { minimumMs } : {}),
    };
  }
}

type FileForm =
  | { readonly ok: true; readonly options: Pick<RecordOptions, 'rate' | 'information'> }
  | { readonly ok: false; readonly error: string };

const INFORMATION: Readonly<Record<keyof WavInformation, string>> = {
  title: 'RECORD_TITLE',
  artist: 'RECORD_ARTIST',
  copyright: 'RECORD_COPYRIGHT',
  software: 'RECORD_SOFTWARE',
  comment: 'RECORD_COMMENT',
  date: 'RECORD_DATE',
};

/** What the variables record_sample_rate, RECORD_TITLE and their like say about the file. */
export function fileForm(read: (name: string) => string | undefined): FileForm {
  const rate = Number(read('record_sample_rate') ?? 8_000);
  if (!RECORDING_RATES.includes(rate)) {
    return { ok: false, error: `record_sample_rate must be one of ${RECORDING_RATES.join(', ')}` };
  }
  const said = Object.entries(INFORMATION).map(([key, name]) => [key, read(name)] as const);
  const information: WavInformation = Object.fromEntries(said.filter(([, text]) => text !== undefined));
  return { ok: true, options: { rate, ...(Object.keys(information).length > 0 ? { information } : {}) } };
}

/** Sets the result variables of a recording (compatibility F1). */
export function stateResult(variables: Variables, result: RecordingResult): void {
  variables.set('record_seconds', String(Math.floor(result.ms / 1_000)));
  variables.set('record_ms', String(result.ms));
  variables.set('record_samples', String(result.samples));
}
