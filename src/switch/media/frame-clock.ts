// The one clock of a media worker: frames of 20 ms in four slots of 5 ms, corrected for drift.
import type { Clock, Timer } from '../../lib/clock.js';
import { FRAME_MS } from '../rtp/g711.js';

/** Legs are spread over the slots, so that a worker's packets do not leave in one burst. */
export const SLOTS = 4;
const SLOT_MS = FRAME_MS / SLOTS;
/** Behind by more than this (the machine slept, the process was stopped), frames are given up instead of sent in a burst. */
export const STALL_MS = 200;
/** After a stop this long the packets that wait in the sockets are old news; so long it takes to read them away. */
export const OLD_NEWS_AFTER_MS = 1_000;
export const READ_AWAY_MS = 100;

export class FrameClock {
  ticks = 0;
  lateTicks = 0;
  skippedFrames = 0;
  readonly #clock: Clock;
  readonly #onTick: (slot: number, frame: number) => void;
  /** Monotonic time of tick 0. */
  readonly #originMs: number;
  /** Number of the next tick: `frame * SLOTS + slot`. */
  #next: number;
  /** Number of the tick that is waited for: the next one or, at ease, the last one of its frame. */
  #awaited = 0;
  #isAtEase = false;
  /** Number of the tick from which on packets are of the present again. */
  #presentFrom = 0;
  #timer: Timer | undefined;

  /** Frame 0 began at `epochMs` (Unix time): clocks of several workers with the same epoch agree on the frame number. */
  constructor(clock: Clock, epochMs: number, onTick: (slot: number, frame: number) => void) {
    this.#clock = clock;
    this.#onTick = onTick;
    this.#originMs = clock.monotonicMs() - (clock.nowMs() - epochMs);
    this.#next = Math.max(0, Math.ceil((clock.monotonicMs() - this.#originMs) / SLOT_MS));
  }

  /** The frame that the next tick belongs to. */
  get frame(): number {
    return Math.floor(this.#next / SLOTS);
  }

  /** True just after a long stop, while what comes in was sent during it. */
  get inThePast(): boolean {
    return this.#next < this.#presentFrom;
  }

  /**
   * At ease, while nobody sends by this clock, it wakes once a frame: the four slots then come together, up to 15 ms late.
   * A waking costs more than what is done in it.
   */
  beAtEase(isAtEase: boolean): void {
    this.#isAtEase = isAtEase;
  }

  start(): void {
    this.#awaited = this.#isAtEase ? this.frame * SLOTS + SLOTS - 1 : this.#next;
    const waitMs = this.#originMs + this.#awaited * SLOT_MS - this.#clock.monotonicMs();
    // Timers take whole milliseconds and drop the rest: rounded up, or each tick would cost a second, short wait.
    this.#timer = this.#clock.after(Math.max(0, Math.ceil(waitMs)), this.#wake);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  readonly #wake = (): void => {
    const nowMs = this.#clock.monotonicMs() - this.#originMs;
    const due = Math.floor(nowMs / SLOT_MS);
    const behind = due - this.#next;
    if (behind * SLOT_MS > OLD_NEWS_AFTER_MS) this.#presentFrom = due + READ_AWAY_MS / SLOT_MS;
    if (behind * SLOT_MS > STALL_MS) {
      const skipped = Math.floor(behind / SLOTS);
      this.skippedFrames += skipped;
      this.#next += skipped * SLOTS;
    }
    while (this.#next <= due) this.#tick(due);
    if (this.#timer !== undefined) this.start();
  };

  #tick(due: number): void {
    const tick = this.#next++;
    this.ticks++;
    if (due > Math.max(tick, this.#awaited)) this.lateTicks++;
    this.#onTick(tick % SLOTS, Math.floor(tick / SLOTS));
  }
}
