// What one leg's remote party says and hears, put in order: written to files, and listened to for tones.
import type { Clock } from '../../../lib/clock.js';
import { decodingTable, FRAME_SAMPLES, type G711 } from '../../rtp/g711.js';
import { JitterBuffer } from '../../rtp/jitter-buffer.js';
import { type Detection, ToneDetector } from '../audio/tone-detector.js';
import type { RecordOptions } from '../media-leg.js';
import type { Report } from '../messages.js';
import { Recorder } from './recorder.js';

export const RECORDINGS_MAX = 4;

interface Buffers {
  readonly read: JitterBuffer;
  readonly write: JitterBuffer;
}

// Shared by all legs of the thread: used and left within one call.
const readFrame = new Int16Array(FRAME_SAMPLES);
const writeFrame = new Int16Array(FRAME_SAMPLES);

export class LegRecordings {
  readonly #leg: string;
  readonly #clock: Clock;
  readonly #report: (report: Report) => void;
  readonly #recorders = new Map<number, Recorder>();
  /** Of what the remote party hears. */
  #detector: ToneDetector | undefined;
  /** Only while something is recorded or looked for. */
  #buffers: Buffers | undefined;
  #discardedBefore = 0;

  constructor(leg: string, clock: Clock, report: (report: Report) => void) {
    this.#leg = leg;
    this.#clock = clock;
    this.#report = report;
  }

  get count(): number {
    return this.#recorders.size;
  }

  /** Needs to be given everything. */
  get active(): boolean {
    return this.#buffers !== undefined;
  }

  /** Packets of the remote party that came too late to be recorded. */
  get discarded(): number {
    return this.#discardedBefore + (this.#buffers?.read.discarded ?? 0);
  }

  start(id: number, path: string, options: RecordOptions): void {
    if (this.#recorders.size >= RECORDINGS_MAX) {
      const result = { outcome: 'failed', samples: 0, ms: 0, error: 'too many recordings at once' } as const;
      this.#report({ type: 'recorded', leg: this.#leg, id, result });
      return;
    }
    this.#open();
    const recorder = new Recorder(path, options, this.#clock);
    this.#recorders.set(id, recorder);
    void recorder.done.then((result) => {
      this.#recorders.delete(id);
      this.#forget();
      this.#report({ type: 'recorded', leg: this.#leg, id, result });
    });
  }

  stop(id: number): void {
    this.#recorders.get(id)?.stop();
  }

  hide(id: number, reason: 'pause' | 'mask', on: boolean): void {
    this.#recorders.get(id)?.hide(reason, on);
  }

  /** Looks for these in what the remote party hears, and for nothing else any more. */
  listenFor(detections: readonly Detection[]): void {
    this.#detector = detections.length === 0 ? undefined : new ToneDetector(detections);
    if (this.#detector === undefined) this.#forget();
    else this.#open();
  }

  /** G.711 of the remote party (`read`) or for it (`write`), at its place in the stream. */
  put(side: 'read' | 'write', timestamp: number, bytes: Buffer, start: number, end: number, law: G711): void {
    this.#buffers?.[side].put(timestamp, bytes, start, end, decodingTable(law));
  }

  /** The remote party sends another stream. */
  restart(): void {
    this.#buffers?.read.restart();
  }

  /** Takes the next 20 ms of both sides. */
  frame(): void {
    const buffers = this.#buffers;
    if (buffers === undefined) return;
    buffers.read.take(readFrame);
    buffers.write.take(writeFrame);
    for (const recorder of this.#recorders.values()) recorder.frame(readFrame, writeFrame);
    for (const detected of this.#detector?.hear(writeFrame) ?? []) {
      this.#report({ type: 'detected', leg: this.#leg, detected });
    }
  }

  /** Resolves when all files are complete. */
  async close(): Promise<void> {
    this.listenFor([]);
    const recorders = [...this.#recorders.values()];
    for (const recorder of recorders) recorder.stop();
    await Promise.all(recorders.map((recorder) => recorder.done));
  }

  #open(): void {
    this.#buffers ??= { read: new JitterBuffer(), write: new JitterBuffer() };
  }

  #forget(): void {
    if (this.#recorders.size > 0 || this.#detector !== undefined) return;
    this.#discardedBefore = this.discarded;
    this.#buffers = undefined;
  }
}
