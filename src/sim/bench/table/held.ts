// Rows of callers who wait: how many hear their music in time, and what a call in progress costs in memory.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { FLOWS, startServer } from '../../server.js';
import { measure, type Usage } from '../calls/usage.js';
import { CALLERS, canRun, type Heard, WARM_UP_MS } from '../media-run.js';
import type { RealPair } from '../real-pair.js';
import { holdCallers } from './holding.js';
import { type Bench, type Measured, measuredLimit, percent } from './measurement.js';
import { climb, type Steps, type Tried } from './stepping.js';

const NEAR = '127.0.0.1';
const FAR = '127.0.0.2';
const SECONDS = 30;
const QUICK_SECONDS = 6;
const LATE_MAX = 0.001;
const PACKETS_PER_SECOND = 50;
/** Memory is looked at when start and arrivals are digested. */
const SETTLE_MS = 2_000;
const MEMORY_CALLERS = 300;
const FULL: Steps = { ladder: [50, 100, 200, 300, 400, 500, 600, 800, 1_000, 1_250], first: 500, attempts: 2 };
const QUICK: Steps = { ladder: [250, 500], first: 500, attempts: 1 };

interface Holding {
  readonly callers: number;
  /** Of them, who were answered. */
  readonly waiting: number;
  readonly heard: Heard;
  /** Packets that should have come. */
  readonly due: number;
  readonly before: Usage;
  readonly during: Usage;
  /** Of app and switch while the packets were counted. */
  readonly cores: number;
}

/** Runs in which callers are held; the same run answers for both rows. */
export class HeldRuns {
  #climbing: Promise<readonly Tried<Holding>[]> | undefined;

  /** @param pair real servers, undefined: the embedded switch */
  constructor(
    private readonly bench: Bench,
    private readonly pair?: RealPair,
  ) {}

  async callers(): Promise<Measured> {
    this.#climbing ??= climb(this.bench.quick ? QUICK : FULL, async (callers) => {
      const result = await this.#hold(callers);
      return { held: isInTime(result), result };
    });
    return measuredLimit(
      await this.#climbing,
      ({ result }) => `${lateness(result)} at ${(100 * result.cores).toFixed(0)} % of a core`,
      ({ result }) => lateness(result),
    );
  }

  /** Growth of app and switch from none to so many calls, for each of them. */
  async memory(): Promise<Measured> {
    const known = (await this.#climbing)?.map(({ result }) => result);
    const all = known?.find(({ callers, waiting }) => waiting === callers);
    const { waiting, before, during } = all ?? (await this.#hold(MEMORY_CALLERS));
    if (waiting === 0) throw new Error('no caller was answered');
    const grown = (part: 'app' | 'switch'): number => ((during.rssMb[part] - before.rssMb[part]) * 1_024) / waiting;
    const [app, own] = [grown('app'), grown('switch')];
    const how = `${waiting} callers: app ${app.toFixed(0)} kB, switch ${own.toFixed(0)} kB each, warming up included`;
    return { value: Math.round(app + own), bounded: false, how };
  }

  async #hold(callers: number): Promise<Holding> {
    if (!canRun()) throw new Error('who listens is not built: node scripts/native.mjs says why');
    const { bench, pair } = this;
    const folder = join(bench.folder, `${pair === undefined ? 'ours' : 'real'}-held-${callers}`);
    await mkdir(folder, { recursive: true });
    const flows = await patientCentre(folder);
    const own = pair === undefined ? {} : { pair };
    const server = await startServer({ folder, agents: 0, workers: bench.workers, nodeArguments: [], flows, ...own });
    const seconds = bench.quick ? QUICK_SECONDS : SECONDS;
    const ears = new Ears(callers, seconds);
    try {
      await pause(SETTLE_MS);
      const before = measure(server.pids, Date.now());
      const ports = await ears.open();
      const tell = (now: number): void => bench.tell(`${callers} callers held: ${now} wait`);
      const { waiting, stop } = await holdCallers({ folder, server: server.sipPort, mediaHost: FAR, ports, tell });
      try {
        const started = measure(server.pids, Date.now());
        const heard = await ears.listen();
        const during = measure(server.pids, Date.now());
        const cpu = during.cpuS.app + during.cpuS.switch - started.cpuS.app - started.cpuS.switch;
        const cores = (1_000 * cpu) / (during.atMs - started.atMs);
        return { callers, waiting, heard, due: callers * seconds * PACKETS_PER_SECOND, before, during, cores };
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

/** The sample centre, but whoever calls 1002 waits as long as it takes. */
async function patientCentre(folder: string): Promise<string> {
  const flows = join(folder, 'flows');
  await mkdir(flows, { recursive: true });
  const centre = parse(await readFile(join(FLOWS, 'centre.yaml'), 'utf8')) as {
    queues: Record<string, Record<string, unknown>>;
  };
  centre.queues['nobody'] = { ...centre.queues['nobody'], 'max-wait': '1h', 'max-length': 10_000 };
  await writeFile(join(flows, 'centre.yaml'), stringify(centre));
  await writeFile(join(flows, 'main.yaml'), await readFile(join(FLOWS, 'main.yaml')));
  return flows;
}

/** Sockets of callers who say nothing and note, by the kernel's clock, when packets come. */
class Ears {
  readonly #process;
  readonly #lines;

  constructor(
    private readonly callers: number,
    seconds: number,
  ) {
    const args = [NEAR, FAR, 'stream', String(seconds), '0', '0'];
    this.#process = spawn(CALLERS, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async open(): Promise<readonly number[]> {
    // Port 0: whoever sends is heard.
    this.#process.stdin.write(`${'0 '.repeat(this.callers)}\n`);
    const ports = (await this.#line()).trim().split(' ').map(Number);
    if (ports.length !== this.callers) throw new Error('not enough sockets for the callers: see ulimit -n');
    return ports;
  }

  async listen(): Promise<Heard> {
    this.#process.stdin.write('go\n');
    await pause(WARM_UP_MS);
    return JSON.parse(await this.#line()) as Heard;
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('those who listen have ended');
    return String(value);
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
