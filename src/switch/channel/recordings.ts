// Owns the recordings that run beside a channel's applications: record_session and uuid_record.
import type { Log } from '../../lib/log.js';
import type { WavInformation } from '../media/audio/wav-writer.js';
import { RECORDINGS_MAX } from '../media/leg/leg-recordings.js';
import {
  type MediaLeg,
  RECORDING_RATES,
  type Recording,
  type RecordingResult,
  type RecordOptions,
} from '../media/media-leg.js';
import type { Core } from './core.js';
import type { EventHeaders } from './event.js';
import { isTrue, type Variables } from './variables.js';

interface Recorded {
  readonly leg: MediaLeg;
  readonly variables: Variables;
  readonly log: Log;
  readonly core: Core;
  readonly up: boolean;
  emit(name: string, extra: EventHeaders): void;
}

interface Running {
  readonly recording: Recording;
  readonly options: RecordOptions;
  readonly startedMs: number;
  readonly hidden: Set<'mask' | 'pause'>;
  /** It is about to go on at another channel: nothing is told here any more. */
  isMoving: boolean;
}

export class Recordings {
  readonly #channel: Recorded;
  readonly #running = new Map<string, Running>();

  constructor(channel: Recorded) {
    this.#channel = channel;
  }

  /** False when the file is being recorded already, or too many are. */
  start(path: string, limitMs?: number): boolean {
    const form = fileForm((name) => this.#channel.variables.get(name));
    if (!form.ok) {
      this.#channel.log.error({ path, reason: form.error }, 'recording refused');
      return false;
    }
    if (path === '' || !this.#begin(path, { ...this.#options(limitMs), ...form.options })) return false;
    this.#channel.emit('RECORD_START', { 'Record-File-Path': path });
    return true;
  }

  /**
   * All go on in their files with what the other channel says and hears. Resolves when they do; what is said until then,
   * some milliseconds, is lost. As in FreeSWITCH nothing is told of it.
   */
  async moveTo(other: Recordings): Promise<void> {
    await Promise.all([...this.#running].map(([path, running]) => this.#move(path, running, other)));
  }

  async #move(path: string, running: Running, other: Recordings): Promise<void> {
    const { recording, hidden, startedMs, options } = running;
    running.isMoving = true;
    recording.stop();
    const { outcome } = await recording.done;
    const spentMs = this.#channel.core.clock.monotonicMs() - startedMs;
    const limit = options.limitMs === undefined ? {} : { limitMs: options.limitMs - spentMs };
    const isLeft = limit.limitMs === undefined || limit.limitMs > 0;
    // One that was shorter than RECORD_MIN_SEC is deleted, and begins anew.
    const minimumMs = outcome === 'too-short' ? (options.minimumMs ?? 0) : 0;
    const goesOn = (outcome === 'stopped' || outcome === 'too-short') && isLeft && other.#channel.up;
    if (goesOn && other.#begin(path, { ...options, ...limit, minimumMs, append: true })) {
      for (const reason of hidden) other.#hide(path, reason, true);
    } else this.#channel.emit('RECORD_STOP', { 'Record-File-Path': path });
  }

  #begin(path: string, options: RecordOptions): boolean {
    if (this.#running.has(path) || this.#running.size >= RECORDINGS_MAX) return false;
    const recording = this.#channel.leg.record(path, options);
    const startedMs = this.#channel.core.clock.monotonicMs();
    const running: Running = { recording, options, startedMs, hidden: new Set(), isMoving: false };
    this.#running.set(path, running);
    void recording.done.then((result) => {
      this.#running.delete(path);
      if (result.outcome === 'failed') this.#channel.log.error({ path, reason: result.error }, 'recording failed');
      stateResult(this.#channel.variables, result);
      if (!running.isMoving) this.#channel.emit('RECORD_STOP', { 'Record-File-Path': path });
    });
    return true;
  }

  /** Stops one recording, or every one for `all`. False when there is none of that name. */
  async stop(path: string): Promise<boolean> {
    if (path === 'all') {
      await this.stopAll();
      return true;
    }
    const running = this.#running.get(path);
    if (!running) return false;
    running.recording.stop();
    await running.recording.done;
    return true;
  }

  async stopAll(): Promise<void> {
    const recordings = [...this.#running.values()].map(({ recording }) => recording);
    for (const recording of recordings) recording.stop();
    await Promise.all(recordings.map((recording) => recording.done));
  }

  get paths(): readonly string[] {
    return [...this.#running.keys()];
  }

  mask(path: string, on: boolean): boolean {
    return this.#hide(path, 'mask', on);
  }

  pause(path: string, on: boolean): boolean {
    return this.#hide(path, 'pause', on);
  }

  #hide(path: string, reason: 'mask' | 'pause', on: boolean): boolean {
    const running = this.#running.get(path);
    if (running === undefined) return false;
    running.recording[reason](on);
    if (on) running.hidden.add(reason);
    else running.hidden.delete(reason);
    return true;
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
