// What we know of one media server beyond its connection: our legs on it, set-ups in flight and how long they take.
import type { Clock } from '../../lib/clock.js';
import { CrowdSignal, type EndSignal } from '../../lib/crowd-signal.js';
import type { MediaLoad } from '../load/pressure.js';
import type { MediaConnection } from './media-connection.js';
import { SetUps } from './set-ups.js';

/** Weight of the newest set-up in the running mean. */
const NEWEST = 0.2;
/** Set-ups of longer ago say nothing of now. */
const MEMORY_MS = 2_000;

export class MediaPlace {
  readonly setUps: SetUps;
  readonly #max: number;
  readonly #clock: Clock;
  #dead = new CrowdSignal();
  #legs = 0;
  #meanMs = 0;
  #meanAtMs = 0;

  /** `max`: set-ups in flight up to which new calls are taken. */
  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
    this.setUps = new SetUps(max, clock);
  }

  /** Aborted when the server is given up: its legs end. A connection alone may come and go. */
  get dead(): EndSignal {
    return this.#dead;
  }

  die(): void {
    const dead = this.#dead;
    // Legs made after its return end with the next death.
    this.#dead = new CrowdSignal();
    dead.abort();
  }

  get legs(): number {
    return this.#legs;
  }

  /** A leg was set up and took that long; it ends when `ended` is aborted. */
  opened(tookMs: number, ended: EndSignal): void {
    this.took(tookMs);
    this.#legs += 1;
    ended.addEventListener('abort', () => this.#closed(), { once: true });
    if (ended.aborted) this.#closed();
  }

  /** Also a set-up that failed took its time. */
  took(ms: number): void {
    const nowMs = this.#clock.monotonicMs();
    const before = nowMs - this.#meanAtMs > MEMORY_MS ? ms : this.#meanMs;
    this.#meanMs = before + NEWEST * (ms - before);
    this.#meanAtMs = nowMs;
  }

  load(connection: MediaConnection): MediaLoad {
    const { loop, lateTicks, answerMs } = connection.reported;
    return {
      ...(loop === undefined ? {} : { loop }),
      ...(lateTicks === undefined ? {} : { lateTicks }),
      answerMs,
      setUps: this.setUps.taken,
      setUpsMax: this.#max,
      setUpMs: this.#clock.monotonicMs() - this.#meanAtMs > MEMORY_MS ? 0 : this.#meanMs,
    };
  }

  /** How full it is, 0 to 1 and beyond: what the next leg is placed by. */
  fullness(connection: MediaConnection): number {
    const { sessions, sessionsMax } = connection;
    const bySessions = sessionsMax > 0 ? Math.max(sessions, this.#legs) / sessionsMax : 0;
    // Sessions are told every 20 s; our own set-ups are known at once.
    return bySessions + this.setUps.taken / Math.max(1, this.#max);
  }

  #closed(): void {
    this.#legs -= 1;
  }
}
