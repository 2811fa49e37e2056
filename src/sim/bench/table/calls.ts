// Rows of the story in which callers are served: rates held, processor time, the wait from digit to agent.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchReport } from '../calls/report.js';
import { runCalls } from '../calls/run.js';
import type { RealPair } from '../real-pair.js';
import { type Bench, type Measured, measuredLimit, percent } from './measurement.js';
import { climb, type Steps, type Tried } from './stepping.js';

export type Media = 'light' | 'full';

const SERVED_MIN = 0.999;
const AGENTS = 600;
const LADDER = [5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 70, 80, 100, 120, 150, 200];
const FIRST = 20;
const QUICK: Readonly<Record<Media, Steps>> = {
  light: { ladder: [10, FIRST, 45], first: FIRST, attempts: 1 },
  full: { ladder: [10, 30], first: 30, attempts: 1 },
};

/** Runs of the story, each with a Hilo of its own; the same run answers for several rows. */
export class CallRuns {
  readonly #reports = new Map<string, BenchReport>();
  readonly #climbs = new Map<Media, Promise<readonly Tried<BenchReport>[]>>();

  /** @param pair real servers, undefined: the embedded switch */
  constructor(
    private readonly bench: Bench,
    private readonly pair?: RealPair,
  ) {}

  async rate(media: Media): Promise<Measured> {
    let climbing = this.#climbs.get(media);
    if (climbing === undefined) {
      const steps = this.bench.quick ? QUICK[media] : { ladder: LADDER, first: FIRST, attempts: 2 };
      climbing = climb(steps, async (rate) => {
        const result = await this.#run(media, rate);
        return { held: isServed(result), result };
      });
      this.#climbs.set(media, climbing);
    }
    return measuredLimit(
      await climbing,
      ({ result }) => `${servedOf(result)}, answered p95 ${result.answerMs.p95} ms${gapsOf(result)}`,
      ({ result }) => servedOf(result),
    );
  }

  /** All our processes together, for 1000 calls served: those that were not are no saving. */
  async cpu(media: Media): Promise<Measured> {
    const { rate, cpuSPer1000: cpu, ...report } = await this.#known(media);
    const parts = `app ${cpu.app.toFixed(1)}, switch ${cpu.switch.toFixed(1)}, PostgreSQL ${cpu.postgres.toFixed(1)}, Redis ${cpu.redis.toFixed(1)}`;
    if (report.served === 0) throw new Error(`at ${rate}/s none of ${report.calls.started} calls was served`);
    const value = (cpu.total * report.calls.started) / report.served;
    const warm = report.warmCpuSPer1000 === undefined ? '' : `; after 20 s ${report.warmCpuSPer1000.total.toFixed(1)}`;
    return { value, bounded: false, how: `${parts}${warm}; at ${rate}/s, ${servedOf(report)}` };
  }

  async digit(): Promise<Measured> {
    const { agentMs, ...report } = this.#reports.get(`light ${FIRST}`) ?? (await this.#run('light', FIRST));
    return { value: agentMs.p95, bounded: false, how: `p50 ${agentMs.p50}, p99 ${agentMs.p99}; ${servedOf(report)}` };
  }

  /** Of a run at the usual rate, or of one that has been made anyway. */
  async #known(media: Media): Promise<BenchReport> {
    const rate = this.bench.quick ? QUICK[media].first : FIRST;
    return this.#reports.get(`${media} ${rate}`) ?? (await this.#run(media, rate));
  }

  async #run(media: Media, rate: number): Promise<BenchReport> {
    const { seconds, workers, tell } = this.bench;
    const name = `${rate}/s ${media}${this.pair === undefined ? '' : ', real servers'}`;
    const folder = join(this.bench.folder, `${this.pair === undefined ? 'ours' : 'real'}-${media}-${rate}`);
    await mkdir(folder, { recursive: true });
    try {
      const options = { rate, seconds, media, agents: AGENTS, workers, restart: false, nodeArguments: [] };
      const report = await runCalls(options, folder, (text) => tell(`${name}: ${text}`), this.pair);
      this.#reports.set(`${media} ${rate}`, report);
      return report;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

type Served = Pick<BenchReport, 'served' | 'calls'>;

function isServed({ served, calls }: Served): boolean {
  return calls.started > 0 && served / calls.started >= SERVED_MIN;
}

function servedOf({ served, calls }: Served): string {
  return `${percent(served, calls.started)} of ${calls.started} served`;
}

function gapsOf({ agentSide: { packets, late } }: BenchReport): string {
  return packets === 0 ? '' : `, ${percent(late, packets)} of packets over 40 ms apart`;
}
