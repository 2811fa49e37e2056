// The native engine of one media worker: opens sockets in it, drives it or lets its thread do so, hands out its events.
import { getSystemErrorName } from 'node:util';
import type { Clock } from '../../../lib/clock.js';
import type { SocketListener, Sockets } from '../../rtp/socket-pair.js';
import type { FrameClock } from '../frame-clock.js';
import { loadNative, type NativeAddon, type NativeEngine, type NativeSound } from './addon.js';
import { emptyEvent, readEvent } from './events.js';
import { NativeSockets, type NativeSurroundings } from './native-sockets.js';

/** About 300 packets at a time, so that the worker's clock gets its turn in between. */
const RECORDS_BYTES = 64 * 1_024;

export interface NativeMediaOptions {
  readonly clock: Clock;
  readonly frames: FrameClock;
  /** Unix time of frame 0. */
  readonly epochMs: number;
  /** A thread of its own; without, {@link NativeMedia.tick} drives it. */
  readonly threaded: boolean;
  /** A fault while a leg dealt with an event. */
  readonly onFault: (error: unknown, sockets: Sockets) => void;
}

export interface NativeCounts {
  readonly clock?: { readonly ticks: number; readonly lateTicks: number; readonly skippedFrames: number };
  /** Events lost because nobody took them. */
  readonly dropped: number;
}

export class NativeMedia {
  readonly #addon: NativeAddon;
  readonly #engine: NativeEngine;
  readonly #options: NativeMediaOptions;
  readonly #legs = new Map<number, NativeSockets>();
  readonly #sounds = new WeakMap<Buffer, NativeSound>();
  readonly #records = Buffer.alloc(RECORDS_BYTES);
  readonly #event = emptyEvent();
  readonly #around: NativeSurroundings;
  #draining = false;

  /** Throws when the addon cannot be loaded. */
  constructor(options: NativeMediaOptions) {
    const { clock, epochMs, threaded } = options;
    this.#options = options;
    this.#addon = loadNative();
    this.#engine = threaded
      ? new this.#addon.MediaEngine(() => this.drain(), clock.nowMs() - epochMs)
      : new this.#addon.MediaEngine(() => this.#receive());
    this.#around = {
      engine: this.#engine,
      soundOf: (codes) => this.#soundOf(codes),
      onClosed: (leg) => this.#legs.delete(leg),
    };
  }

  /** As `openSocketPair`. */
  readonly openSockets = (address: string, port: number, listener: SocketListener): Promise<Sockets> => {
    const leg = this.#engine.open(address, port);
    if (leg < 0) {
      const code = getSystemErrorName(leg);
      return Promise.reject(Object.assign(new Error(`bind ${code} ${address}:${port}`), { code }));
    }
    const sockets = new NativeSockets(leg, listener, this.#around);
    this.#legs.set(leg, sockets);
    return Promise.resolve(sockets);
  };

  /** Without a thread its packets leave in {@link tick}. */
  get needsTicks(): boolean {
    return !this.#options.threaded;
  }

  /** To be called at each tick of the worker's clock, before its legs. */
  tick(slot: number, frame: number): void {
    // The thread has a clock of its own and says when there is something to hear.
    if (this.#options.threaded) return;
    this.#engine.tick(slot, frame);
    this.drain();
  }

  /**
   * Hands out events in their order: all, or with a thread a few ms of work at most; it calls again. Without effect within
   * itself.
   */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      let bytes = 0;
      do {
        bytes = this.#engine.takeEvents(this.#records);
        this.#handOut(bytes);
      } while (bytes > 0 && !this.#options.threaded);
    } finally {
      this.#draining = false;
    }
  }

  /** `clock` is absent without a thread of its own. */
  get counts(): NativeCounts {
    const [ticks, lateTicks, skippedFrames, dropped] = this.#engine.counts();
    return { dropped, ...(this.#options.threaded ? { clock: { ticks, lateTicks, skippedFrames } } : {}) };
  }

  stop(): void {
    this.#engine.stop();
  }

  #handOut(bytes: number): void {
    const event = this.#event;
    for (let at = 0; at < bytes; ) {
      at = readEvent(this.#records, at, event);
      const sockets = this.#legs.get(event.leg);
      if (sockets === undefined) continue;
      try {
        sockets.handle(event, this.#records);
      } catch (error) {
        this.#options.onFault(error, sockets);
      }
    }
  }

  #receive(): void {
    const { clock, frames } = this.#options;
    this.#engine.receive(frames.frame, Math.round(clock.nowMs() * 8), frames.inThePast);
    this.drain();
  }

  #soundOf(codes: Buffer): NativeSound {
    let sound = this.#sounds.get(codes);
    if (sound === undefined) {
      sound = new this.#addon.Sound(codes);
      this.#sounds.set(codes, sound);
    }
    return sound;
  }
}
