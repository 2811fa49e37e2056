// The media engine as the signalling side sees it; RTP itself lives in worker threads.
import type { Transferable } from 'node:worker_threads';
import { assert } from '../../lib/assert.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import { type Ids, systemIds } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { TimedOut, withTimeOut } from '../../lib/time-out.js';
import { PortPool } from '../rtp/port-pool.js';
import { openTextStream } from '../text/open-text.js';
import type { TextStream } from '../text/text-stream.js';
import { EngineLeg } from './engine-leg.js';
import { EngineRoom } from './engine-room.js';
import type { LegKind, MediaLeg } from './media-leg.js';
import type { MediaRoom, RoomOptions } from './media-room.js';
import type { Command, Report, WorkerSettings, WorkerSnapshot } from './messages.js';
import { isNativeBuilt } from './native/addon.js';
import { startInline, startThread, type WorkerLink } from './worker-link.js';

export type EngineChoice = 'auto' | 'native' | 'typescript';

export interface MediaEngineOptions {
  /** Local IPv4 address of all RTP sockets. */
  readonly address: string;
  /** Range of UDP ports; each leg takes an even one and the next. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Worker threads; 0 runs the media in this thread (for tests). */
  readonly workers: number;
  /** `local_stream://x` plays `<musicFolder>/x.wav` or all of `<musicFolder>/x/*.wav`; else music made by the engine itself. */
  readonly musicFolder: string;
  /** UDP port of browsers' media, of the first worker; each further one has the next. 0 = any free ones. Absent: no WebRTC. */
  readonly webPort?: number;
  readonly log: Log;
  /** Who does the plain work with packets; `auto` (the default) = native where it has been built. */
  readonly engine?: EngineChoice;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

export interface MediaSnapshot {
  readonly portsFree: number;
  readonly legs: number;
  /** As last reported, at most about a second old. */
  readonly workers: readonly WorkerSnapshot[];
}

/** `no-webrtc`: switched off, or the library or its port is not to be had. */
export type MediaErrorCode = 'no-ports' | 'socket' | 'closed' | 'worker-lost' | 'no-webrtc';

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
  /** Binds an even UDP port and the next one, or makes a place at the port of all WebRTC legs. Rejects with {@link MediaError}. */
  openLeg(kind?: LegKind): Promise<MediaLeg>;
  /** A room in the worker of `near`, its first leg. */
  openRoom(near: MediaLeg, options: RoomOptions): MediaRoom;
  /** A port for the text beside a leg, in this thread: it has a few packets a second. Rejects when there is none. */
  openText(): Promise<TextStream>;
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

type Opening =
  | { readonly ok: true; readonly port: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

interface WorkerPlace {
  readonly index: number;
  readonly legs: Map<string, EngineLeg>;
  readonly rooms: Map<string, EngineRoom>;
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
  readonly #texts = new Set<TextStream>();

  constructor(options: MediaEngineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#ids = options.ids ?? systemIds;
    this.#ports = new PortPool(options.ports.first, options.ports.last, Number.parseInt(this.#ids.token(4), 16));
    this.#settings = { musicFolder: options.musicFolder, epochMs: this.#clock.nowMs(), ...nativeSettings(options) };
    this.#workers = Array.from({ length: Math.max(1, options.workers) }, (_, index) => emptyPlace(index));
    for (const place of this.#workers) place.link = this.#start(place);
  }

  openLeg(kind: LegKind = 'udp'): Promise<MediaLeg> {
    return kind === 'webrtc' ? this.#openWebLeg() : this.#openUdpLeg();
  }

  async #openWebLeg(): Promise<MediaLeg> {
    if (this.#state !== 'open') throw new MediaError('closed', 'the media engine is closed');
    const place = this.#idlest();
    const leg = this.#newLeg(place, 0, () => undefined);
    const result = await this.#open(place, leg, 'webrtc');
    if (!result.ok) {
      if (result.code !== 'TIMED_OUT') place.legs.delete(leg.id);
      throw new MediaError(result.code === 'WORKER_LOST' ? 'worker-lost' : 'no-webrtc', result.message);
    }
    leg.port = result.port;
    return leg;
  }

  async #openUdpLeg(): Promise<MediaLeg> {
    for (let attempt = 0; attempt < BIND_ATTEMPTS_MAX; attempt++) {
      if (this.#state !== 'open') throw new MediaError('closed', 'the media engine is closed');
      const port = this.#ports.take();
      if (port === undefined) throw new MediaError('no-ports', 'all RTP ports are taken');
      const place = this.#idlest();
      const leg = this.#newLeg(place, port, () => this.#ports.give(port));
      const result = await this.#open(place, leg, 'udp');
      if (result.ok) return leg;
      // A leg lost with its worker has given its port back itself; one that may still be opened does so when it is closed.
      if (result.code !== 'TIMED_OUT' && place.legs.delete(leg.id)) this.#ports.give(port);
      if (result.code !== 'EADDRINUSE') {
        throw new MediaError(result.code === 'WORKER_LOST' ? 'worker-lost' : 'socket', result.message);
      }
    }
    throw new MediaError('no-ports', `no free RTP port in ${BIND_ATTEMPTS_MAX} attempts`);
  }

  openRoom(near: MediaLeg, options: RoomOptions): MediaRoom {
    const place = this.#workers.find(({ legs }) => legs.has(near.id)) ?? this.#workers[0];
    assert(place !== undefined, 'an engine has workers');
    return this.#newRoom(place, options);
  }

  async openText(): Promise<TextStream> {
    if (this.#state !== 'open') throw new MediaError('closed', 'the media engine is closed');
    const random32 = (): number => Number.parseInt(this.#ids.token(4), 16);
    const stream = await openTextStream({
      address: this.#options.address,
      ports: this.#ports,
      clock: this.#clock,
      random32,
      onClosed: (closed) => this.#texts.delete(closed),
    });
    this.#texts.add(stream);
    return stream;
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
    await Promise.all([...this.#texts].map((stream) => stream.close()));
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
    const settings = this.#settingsOf(place);
    const listener = {
      onReport: (report: Report) => this.#handle(place, report),
      onLost: (reason: string) => this.#lose(place, reason),
    };
    return this.#options.workers === 0 ? startInline(settings, listener, this.#clock) : startThread(settings, listener);
  }

  /** Every worker has a WebRTC host of its own, at a port of its own. */
  #settingsOf({ index }: WorkerPlace): WorkerSettings {
    const { address, webPort } = this.#options;
    if (webPort === undefined) return this.#settings;
    return { ...this.#settings, web: { address, port: webPort === 0 ? 0 : webPort + index } };
  }

  #idlest(): WorkerPlace {
    return this.#workers.reduce((least, next) => (next.legs.size < least.legs.size ? next : least));
  }

  #newLeg(place: WorkerPlace, port: number, onClosed: () => void): EngineLeg {
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
      openRoom: (room) => this.#newRoom(place, room),
      onClosed: () => {
        place.legs.delete(id);
        onClosed();
      },
    });
    place.legs.set(id, leg);
    return leg;
  }

  #newRoom(place: WorkerPlace, options: RoomOptions): EngineRoom {
    const id = this.#ids.uuid();
    place.link ??= this.#start(place);
    const { link } = place;
    const room = new EngineRoom({
      id,
      room: options,
      worker: link,
      post: (command: Command, transfer?: readonly Transferable[]) => link.post(command, transfer),
      asSeated: (leg) => (leg instanceof EngineLeg ? leg : undefined),
      onClosed: () => place.rooms.delete(id),
    });
    place.rooms.set(id, room);
    return room;
  }

  async #open(place: WorkerPlace, leg: EngineLeg, kind: LegKind): Promise<Opening> {
    const opened = new Promise<Opening>((resolve) => {
      place.openings.set(leg.id, resolve);
    });
    place.link?.post({ type: 'open', leg: leg.id, kind, address: leg.address, port: leg.port });
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
        if (place.openings.has(report.leg)) place.openings.get(report.leg)?.({ ok: true, port: report.port });
        else this.#closeLate(place, report.leg);
        return;
      case 'not-opened':
        if (!place.openings.has(report.leg)) place.legs.get(report.leg)?.lose(report.message);
        else place.openings.get(report.leg)?.({ ok: false, code: report.code, message: report.message });
        return;
      default:
        if ('room' in report) place.rooms.get(report.room)?.handle(report);
        else place.legs.get(report.leg)?.handle(report);
    }
  }

  /** Nobody waits for this leg any more. */
  #closeLate(place: WorkerPlace, id: string): void {
    place.legs
      .get(id)
      ?.close()
      .catch((error: unknown) => {
        this.#options.log.error({ leg: id, error: String(error) }, 'media: a leg that came late is not closed');
      });
  }

  #lose(place: WorkerPlace, reason: string): void {
    this.#options.log.error({ worker: place.index, reason }, 'media: worker died');
    place.link = undefined;
    place.snapshot = NO_WORK;
    place.onStopped();
    for (const opened of place.openings.values()) opened({ ok: false, code: 'WORKER_LOST', message: reason });
    for (const leg of [...place.legs.values()]) leg.lose(reason);
    for (const room of [...place.rooms.values()]) room.lose(reason);
    place.rooms.clear();
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

function nativeSettings({ engine = 'auto', workers }: MediaEngineOptions): Pick<WorkerSettings, 'native'> {
  if (engine === 'typescript' || (engine === 'auto' && !isNativeBuilt())) return {};
  return { native: { threaded: workers > 0 } };
}

function emptyPlace(index: number): WorkerPlace {
  const onStopped = (): void => undefined;
  return {
    index,
    legs: new Map(),
    rooms: new Map(),
    openings: new Map(),
    link: undefined,
    snapshot: NO_WORK,
    onStopped,
  };
}
