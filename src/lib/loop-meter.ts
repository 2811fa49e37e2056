// How busy the event loop of this process is: share of its time at work, and how late its timers ring.
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';

export interface LoopLoad {
  /** 0 to 1: time not spent waiting for something to do. */
  readonly utilisation: number;
  /** Milliseconds by which timers came late, 90th percentile. */
  readonly delayMs: number;
}

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

export class LoopMeter {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #before: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delays.enable();
  }

  /** Since the last reading. */
  read(): LoopLoad {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#before);
    this.#before = now;
    // The histogram holds whole intervals between rings; a loop that was blocked throughout has none to show.
    const delayMs = this.#delays.count === 0 ? 0 : this.#delays.percentile(90) / NS_PER_MS - RESOLUTION_MS;
    this.#delays.reset();
    return { utilisation: utilization, delayMs: Math.max(0, delayMs) };
  }

  close(): void {
    this.#delays.disable();
  }
}
