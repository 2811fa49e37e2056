// Row of callers who wait: how many hear their music in time.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { measure } from '../calls/usage.js';
import { canRun, type Heard } from '../media-run.js';
import type { RealPair } from '../real-pair.js';
import { Ears, FAR } from './ears.js';
import { holdCallers } from './holding.js';
import { type Bench, type Measured, measuredLimit, percent } from './measurement.js';
import { startPatientServer } from './patient-server.js';
import { climb, type Steps } from './stepping.js';

const SECONDS = 30;
const QUICK_SECONDS = 6;
const LATE_MAX = 0.001;
const PACKETS_PER_SECOND = 50;
/** Until the start is digested. */
const SETTLE_MS = 2_000;
const FULL: Steps = { ladder: [50, 100, 200, 300, 400, 500, 600, 800, 1_000, 1_250], first: 500, attempts: 2 };
const QUICK: Steps = { ladder: [250, 500], first: 500, attempts: 1 };

interface Holding {
  readonly callers: number;
  /** Of them, who were answered. */
  readonly waiting: number;
  readonly heard: Heard;
  /** Packets that should have come. */
  readonly due: number;
  /** Of app and switch while the packets were counted. */
  readonly cores: number;
}

/** Runs in which callers are held. */
export class HeldRuns {
  /** @param pair real servers, undefined: the embedded switch */
  constructor(
    private readonly bench: Bench,
    private readonly pair?: RealPair,
  ) {}

  async callers(): Promise<Measured> {
    const climbed = await climb(this.bench.quick ? QUICK : FULL, async (callers) => {
      const result = await this.#hold(callers);
      return { held: isInTime(result), result };
    });
    return measuredLimit(
      climbed,
      ({ result }) => `${lateness(result)} at ${(100 * result.cores).toFixed(0)} % of a core`,
      ({ result }) => lateness(result),
    );
  }

  async #hold(callers: number): Promise<Holding> {
    if (!canRun()) throw new Error('who listens is not built: node scripts/native.mjs says why');
    const { bench, pair } = this;
    const folder = join(bench.folder, `${pair === undefined ? 'ours' : 'real'}-held-${callers}`);
    const server = await startPatientServer({ folder, workers: bench.workers, pair });
    const seconds = bench.quick ? QUICK_SECONDS : SECONDS;
    const ears = new Ears(callers, seconds);
    try {
      await pause(SETTLE_MS);
      const ports = await ears.open();
      const tell = (now: number): void => bench.tell(`${callers} callers held: ${now} wait`);
      const { waiting, stop } = await holdCallers({ folder, server: server.sipPort, mediaHost: FAR, ports, tell });
      try {
        const started = measure(server.pids, Date.now());
        const heard = await ears.listen();
        const during = measure(server.pids, Date.now());
        const cpu = during.cpuS.app + during.cpuS.switch - started.cpuS.app - started.cpuS.switch;
        const cores = (1_000 * cpu) / (during.atMs - started.atMs);
        return { callers, waiting, heard, due: callers * seconds * PACKETS_PER_SECOND, cores };
      } finally {
        stop();
      }
    } finally {
      ears.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function isInTime({ callers, waiting, heard, due }: Holding): boolean {
  return waiting === callers && heard.packets >= due * (1 - LATE_MAX) && heard.gaps < heard.packets * LATE_MAX;
}

function lateness({ callers, waiting, heard, due }: Holding): string {
  const { gaps, packets, p99 } = heard;
  const answered = waiting === callers ? '' : `only ${waiting} answered, `;
  return `${answered}${percent(gaps, packets)} over 40 ms apart, ${percent(packets, due)} came, late p99 ${p99.toFixed(1)} ms`;
}
