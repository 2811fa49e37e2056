// How burdened the switch is: its event loop, and the clocks of its media; measured all the time, told when asked.
import type { Clock, Timer } from '../../lib/clock.js';
import { type LoopLoad, LoopMeter } from '../../lib/loop-meter.js';
import type { MediaEngine } from '../media/engine.js';

export interface SwitchLoad {
  readonly loop: LoopLoad;
  /** Share (0 to 1) of the ticks of the media clocks that came more than 5 ms late. */
  readonly lateTicks: number;
}

const MEASURE_EVERY_MS = 250;

export class LoadMeter {
  readonly #engine: Pick<MediaEngine, 'snapshot'>;
  readonly #clock: Clock;
  readonly #loop = new LoopMeter();
  #ticks = { all: 0, late: 0 };
  #load: SwitchLoad = { loop: { utilisation: 0, delayMs: 0 }, lateTicks: 0 };
  #timer: Timer;

  constructor(engine: Pick<MediaEngine, 'snapshot'>, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
    this.#timer = clock.after(MEASURE_EVERY_MS, () => this.#measure());
  }

  /** Over the last quarter of a second; the media workers report once a second. */
  get load(): SwitchLoad {
    return this.#load;
  }

  close(): void {
    this.#timer.cancel();
    this.#loop.close();
  }

  #measure(): void {
    this.#timer = this.#clock.after(MEASURE_EVERY_MS, () => this.#measure());
    const { workers } = this.#engine.snapshot();
    const all = workers.reduce((sum, { ticks }) => sum + ticks, 0);
    const late = workers.reduce((sum, { lateTicks }) => sum + lateTicks, 0);
    const before = this.#ticks;
    // A worker that was replaced counts from 0 again.
    const isFresh = all > before.all && late >= before.late;
    const lateTicks = isFresh ? (late - before.late) / (all - before.all) : this.#load.lateTicks;
    this.#ticks = { all, late };
    this.#load = { loop: this.#loop.read(), lateTicks };
  }
}
