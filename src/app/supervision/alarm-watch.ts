// Alarms that somebody has seen, until they are over: one that comes back after that is a new one, and is heard.
import { alarmsOf } from '../../core/acd/wait/alarms.js';
import { lineOf } from '../../core/acd/wait/line.js';
import { averagesOf } from '../../core/interaction/figures/counts.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Figures } from '../figures/figures.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState } from '../floor/live-state.js';
import type { Acknowledged, Alarms } from './alarms.js';

const LOOK_EVERY_MS = 1_000;
/** For so long it has to be gone: what goes to and fro over its limit is one alarm. */
export const OVER_MS = 5_000;

export interface AlarmWatchPorts {
  readonly alarms: Pick<Alarms, 'acknowledged' | 'forget'>;
  readonly live: Pick<LiveState, 'entries'>;
  readonly agents: Pick<Agents, 'all'>;
  readonly figures: Pick<Figures, 'read'>;
  /** With the limits that hold now. */
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly log: Log;
}

/** Each node looks; whoever sees it first takes the mark away, for all. */
export class AlarmWatch {
  readonly #ports: AlarmWatchPorts;
  /** Since when those that were seen are gone. */
  #goneSinceMs: ReadonlyMap<string, number> = new Map();
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: AlarmWatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = this.#ports.clock.after(LOOK_EVERY_MS, () => {
      this.#look()
        .catch((error: unknown) =>
          this.#ports.log.warn({ err: error }, 'alarms that were seen are looked at again soon'),
        )
        .finally(() => this.start());
    });
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { alarms, clock } = this.#ports;
    const nowMs = clock.nowMs();
    const gone = new Map<string, number>();
    for (const one of alarms.acknowledged()) {
      if (await this.#lasts(one, nowMs)) continue;
      const key = `${one.queue} ${one.kind} ${one.atMs}`;
      const sinceMs = this.#goneSinceMs.get(key) ?? nowMs;
      if (nowMs - sinceMs >= OVER_MS) await alarms.forget(one);
      else gone.set(key, sinceMs);
    }
    this.#goneSinceMs = gone;
  }

  async #lasts({ queue, kind }: Acknowledged, nowMs: number): Promise<boolean> {
    const { live, agents, figures, centre } = this.#ports;
    const config = centre().queues.get(queue);
    if (config?.alarms === undefined) return false;
    const entries = [...live.entries()].filter((entry) => entry.queue === queue);
    // Today's figures are asked for only when they matter.
    const today = kind === 'service-level' ? await figures.read({ day: 'today', step: 'day', queue }) : undefined;
    const counts = today?.total;
    const level = counts === undefined ? undefined : averagesOf(counts).serviceLevel;
    const present = {
      ...lineOf(config, entries, agents.all(), nowMs),
      counted: counts === undefined ? 0 : counts.answered + counts.abandoned,
      ...(level === undefined ? {} : { serviceLevel: level }),
    };
    return alarmsOf(present, config.alarms).includes(kind);
  }
}
