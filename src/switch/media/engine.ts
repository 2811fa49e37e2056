// The media engine as the signalling side sees it; RTP itself lives in worker threads.
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { MediaLeg } from './media-leg.js';

export interface MediaEngineOptions {
  /** Local IPv4 address of all RTP sockets. */
  readonly address: string;
  /** Range of UDP ports; each leg takes an even one and the next. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Worker threads; 0 runs the media in this thread (for tests). */
  readonly workers: number;
  /** `local_stream://x` plays `<musicFolder>/x.wav` or all of `<musicFolder>/x/*.wav`; else music made by the engine itself. */
  readonly musicFolder: string;
  readonly log: Log;
  readonly clock?: Clock;
}

export interface WorkerSnapshot {
  readonly legs: number;
  readonly playing: number;
  readonly recording: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  /** Clock ticks, those that came more than one slot (5 ms) late, and frames given up after a stall. */
  readonly ticks: number;
  readonly lateTicks: number;
  readonly skippedFrames: number;
  readonly promptBytes: number;
}

export interface MediaSnapshot {
  readonly portsFree: number;
  readonly legs: number;
  /** As last reported, at most about a second old. */
  readonly workers: readonly WorkerSnapshot[];
}

export type MediaErrorCode = 'no-ports' | 'socket' | 'closed' | 'worker-lost';

export class MediaError extends Error {
  override readonly name = 'MediaError';
  constructor(
    readonly code: MediaErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export interface MediaEngine {
  /** Binds an even UDP port and the next one. Rejects with {@link MediaError}. */
  openLeg(): Promise<MediaLeg>;
  snapshot(): MediaSnapshot;
  /** Closes all legs, ends the workers; safe to call twice. */
  close(): Promise<void>;
}

export type OpenMediaEngine = (options: MediaEngineOptions) => Promise<MediaEngine>;
