// The media engine as the signalling side sees it; RTP itself lives in worker threads.
import type { Transferable } from 'node:worker_threads';
import { type Clock, systemClock } from '../../lib/clock.js';
import { type Ids, systemIds } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { TimedOut, withTimeOut } from '../../lib/time-out.js';
import { PortPool } from '../rtp/port-pool.js';
import { EngineLeg } from './engine-leg.js';
import type { MediaLeg } from './media-leg.js';
import type { Command, Report, WorkerSettings, WorkerSnapshot } from './messages.js';
import { startInline, startThread, type WorkerLink } from './worker-link.js';

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
  readonly ids?: Ids;
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

/** Ports tried for one leg when others on the machine hold some of the range. */
export const BIND_ATTEMPTS_MAX = 32;
const OPEN_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 5_000;

/** Starts the workers. They need no connection to anything; a worker that dies is replaced when the next leg is opened. */
export function openMediaEngine(options: MediaEngineOptions): Promise<MediaEngine> {
  return Promise.resolve(new Engine(options));
}

type Opening = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly message: string };

interface WorkerPlace {
  readonly index: number;
  readonly legs: Map<string, EngineLeg>;
  readonly openings: Map<string, (result: Opening) => void>;
  link: WorkerLink | undefined;
  snapshot: WorkerSnapshot;
  onStopped: () => void;
}

class Engine implements MediaEngine {
  readonly #options: MediaEngineOptions;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #ports: PortPool;
  readonly #settings: WorkerSettings;
  readonly #workers: readonly WorkerPlace[];
  #state: 'open' | 'closing' = 'open';
  #closing: Promise<void> | undefined;

  constructor(options: MediaEngineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#ids = options.ids ?? systemIds;
    this.#ports = new PortPool(options.ports.first, options.ports.last, Number.parseInt(this.#ids.token(4), 16));
    this.#settings = { musicFolder: options.musicFolder, epochMs: this.#clock.nowMs() };
    this.#workers = Array.from({ length: Math.max(1, options.workers) }, (_, index) => emptyPlace(index));
    for (const place of this.#workers) place.link = this.#start(place);
  }

  async openLeg(): Promise<MediaLeg> {
    for (let attempt = 0; attempt < BIND_ATTEMPTS_MAX; attempt++) {
      if (this.#state !== 'open') throw new MediaError('closed', 'the media engine is closed');
      const port = this.#ports.take();
      if (port === undefined) throw new MediaError('no-ports', 'all RTP ports are taken');
      const place = this.#workers.reduce((least, next) => (next.legs.size < least.legs.size ? next : least));
      const leg = this.#newLeg(place, port);
      const result = await this.#open(place, leg);
      if (result.ok) return leg;
      // A leg lost with its worker has given its port back itself; a worker that did not answer may still have bound it.
      if (place.legs.delete(leg.id) && result.code !== 'TIMED_OUT') this.#ports.give(port);
      if (result.code !== 'EADDRINUSE') {
        throw new MediaError(result.code === 'WORKER_LOST' ? 'worker-lost' : 'socket', result.message);
      }
    }
    throw new MediaError('no-ports', `no free RTP port in ${BIND_ATTEMPTS_MAX} attempts`);
  }

  snapshot(): MediaSnapshot {
    return {
      portsFree: this.#ports.size,
      legs: this.#workers.reduce((sum, place) => sum + place.legs.size, 0),
      workers: this.#workers.map((place) => place.snapshot),
    };
  }

  close(): Promise<void> {
    this.#state = 'closing';
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    await Promise.all(this.#workers.map((place) => this.#stop(place)));
  }

  async #stop(place: WorkerPlace): Promise<void> {
    const link = place.link;
    if (link === undefined) return;
    const stopped = new Promise<void>((resolve) => {
      place.onStopped = resolve;
    });
    link.post({ type: 'stop' });
    try {
      await withTimeOut(this.#clock, 'stopping a media worker', STOP_TIMEOUT_MS, stopped);
    } catch (error) {
      this.#options.log.error({ error: String(error) }, 'media: worker does not stop');
    }
    await link.terminate();
    for (const leg of [...place.legs.values()]) leg.lose('the media engine is closed');
  }

  #start(place: WorkerPlace): WorkerLink {
    const listener = {
      onReport: (report: Report) => this.#handle(place, report),
      onLost: (reason: string) => this.#lose(place, reason),
    };
    return this.#options.workers === 0
      ? startInline(this.#settings, listener, this.#clock)
      : startThread(this.#settings, listener);
  }

  #newLeg(place: WorkerPlace, port: number): EngineLeg {
    const id = this.#ids.uuid();
    place.link ??= this.#start(place);
    const { link } = place;
    const leg = new EngineLeg({
      id,
      address: this.#options.address,
      port,
      clock: this.#clock,
      worker: link,
      post: (command: Command, transfer?: readonly Transferable[]) => link.post(command, transfer),
      onClosed: () => {
        place.legs.delete(id);
        this.#ports.give(port);
      },
    });
    place.legs.set(id, leg);
    return leg;
  }

  async #open(place: WorkerPlace, leg: EngineLeg): Promise<Opening> {
    const opened = new Promise<Opening>((resolve) => {
      place.openings.set(leg.id, resolve);
    });
    place.link?.post({ type: 'open', leg: leg.id, address: leg.address, port: leg.port });
    try {
      return await withTimeOut(this.#clock, 'opening a media leg', OPEN_TIMEOUT_MS, opened);
    } catch (error) {
      if (error instanceof TimedOut) return { ok: false, code: 'TIMED_OUT', message: error.message };
      throw error;
    } finally {
      place.openings.delete(leg.id);
    }
  }

  #handle(place: WorkerPlace, report: Report): void {
    switch (report.type) {
      case 'log':
        this.#options.log[report.level]({ worker: place.index, ...report.fields }, report.message);
        return;
      case 'pulse':
        place.snapshot = report.snapshot;
        return;
      case 'stopped':
        place.onStopped();
        return;
      case 'opened':
        place.openings.get(report.leg)?.({ ok: true });
        return;
      case 'not-opened':
        place.openings.get(report.leg)?.({ ok: false, code: report.code, message: report.message });
        return;
      default:
        place.legs.get(report.leg)?.handle(report);
    }
  }

  #lose(place: WorkerPlace, reason: string): void {
    this.#options.log.error({ worker: place.index, reason }, 'media: worker died');
    place.link = undefined;
    place.snapshot = NO_WORK;
    place.onStopped();
    for (const opened of place.openings.values()) opened({ ok: false, code: 'WORKER_LOST', message: reason });
    for (const leg of [...place.legs.values()]) leg.lose(reason);
  }
}

const NO_WORK: WorkerSnapshot = {
  legs: 0,
  playing: 0,
  recording: 0,
  packetsIn: 0,
  packetsOut: 0,
  ticks: 0,
  lateTicks: 0,
  skippedFrames: 0,
  promptBytes: 0,
};

function emptyPlace(index: number): WorkerPlace {
  const onStopped = (): void => undefined;
  return { index, legs: new Map(), openings: new Map(), link: undefined, snapshot: NO_WORK, onStopped };
}
