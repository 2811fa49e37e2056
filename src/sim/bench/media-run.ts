// One run of the media bench: an engine in one process, its callers in another, what was heard and what it cost.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Answer, OpenRequest, Request, Story } from './media-side.js';
import { usageOf } from './process-usage.js';

const NEAR = '127.0.0.1';
const FAR = '127.0.0.2';
/** The callers' program. */
export const CALLERS = fileURLToPath(new URL('../../../native/build/Release/media_load', import.meta.url));
/** As long as the callers warm up. */
export const WARM_UP_MS = 2_000;
const ANSWER_TIMEOUT_MS = 30_000;

export interface RunOptions extends Pick<OpenRequest, 'engine' | 'workers' | 'legs' | 'story'> {
  readonly seconds: number;
  /** Both processes with real-time priority, if the system allows it: others on the machine disturb less. */
  readonly realTime: boolean;
}

/** Times in ms. */
export interface Heard {
  readonly packets: number;
  readonly sent: number;
  readonly keys: number;
  /** Packets more than 40 ms after the one before. */
  readonly gaps: number;
  /** How much later than due a packet left; for bridges: than it was sent to us. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** The callers' own lateness: above 5 ms they and not the engine are the limit. */
  readonly ownP99: number;
}

export interface RunResult extends Heard {
  readonly digits: number;
  /** Packets that came, of those that should have. */
  readonly whole: number;
  /** Of one core. */
  readonly cpuPercent: number;
  /** Per packet in or out. */
  readonly cpuUsPerPacket: number;
  readonly rssMb: number;
  /** Growth of memory from before the first leg, per leg. */
  readonly rssKbPerLeg: number;
}

export function canRun(): boolean {
  return existsSync(CALLERS);
}

export async function run(options: RunOptions): Promise<RunResult> {
  const engine = fork(fileURLToPath(new URL('./media-side.js', import.meta.url)), { execArgv: [] });
  let callers: ChildProcess | undefined;
  try {
    await answer(engine);
    await ask(engine, { prepare: { ...options, nearAddress: NEAR, farAddress: FAR } });
    await pause(500);
    const pid = engine.pid ?? 0;
    const empty = usageOf(pid);
    const { ports } = (await ask(engine, 'open')) as Ports;
    callers = spawnCallers(options);
    const lines = createInterface({ input: callers.stdout ?? process.stdin })[Symbol.asyncIterator]();
    callers.stdin?.write(`${ports.join(' ')}\n`);
    const farPorts = String((await lines.next()).value)
      .trim()
      .split(' ')
      .map(Number);
    if (farPorts.length !== ports.length) throw new Error('the callers could not open their sockets');
    await ask(engine, { connect: farPorts });
    if (options.realTime) for (const one of [engine, callers]) await makeRealTime(one.pid ?? 0);
    callers.stdin?.write('go\n');
    await pause(WARM_UP_MS);
    const started = usageOf(pid);
    const before = await digitsOf(engine);
    await pause(options.seconds * 1_000);
    const ended = usageOf(pid);
    const heard = JSON.parse(String((await lines.next()).value)) as Heard;
    const digits = (await digitsOf(engine)) - before;
    return evaluate(options, heard, digits, ended.cpuS - started.cpuS, ended.rssKb, ended.rssKb - empty.rssKb);
  } finally {
    callers?.kill('SIGKILL');
    engine.kill('SIGKILL');
  }
}

interface Ports {
  readonly ports: readonly number[];
}

function spawnCallers({ story, seconds }: RunOptions): ChildProcess {
  const measure = story === 'bridge' ? 'relay' : 'stream';
  const presses = story === 'ivr' ? '1' : '0';
  const speaks = story === 'idle' ? '0' : '1';
  const args = [NEAR, FAR, measure, String(seconds), speaks, presses];
  return spawn(CALLERS, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function makeRealTime(pid: number): Promise<void> {
  await once(spawn('chrt', ['-a', '-r', '-p', '1', String(pid)], { stdio: 'ignore' }), 'close');
}

async function digitsOf(engine: ChildProcess): Promise<number> {
  const { digits } = (await ask(engine, 'counts')) as { digits: number };
  return digits;
}

async function ask(engine: ChildProcess, request: Request): Promise<Answer> {
  engine.send(request);
  return answer(engine);
}

async function answer(engine: ChildProcess): Promise<Answer> {
  const [message] = (await once(engine, 'message', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })) as [Answer];
  return message;
}

function evaluate(
  { legs, seconds, story }: RunOptions,
  heard: Heard,
  digits: number,
  cpuS: number,
  rssKb: number,
  grownKb: number,
): RunResult {
  const due = story === 'idle' ? 0 : story === 'bridge' ? heard.sent : legs * seconds * 50;
  return {
    ...heard,
    digits,
    whole: due === 0 ? 1 : heard.packets / due,
    cpuPercent: (100 * cpuS) / seconds,
    cpuUsPerPacket: (cpuS * 1e6) / Math.max(1, heard.packets + heard.sent),
    rssMb: rssKb / 1_024,
    rssKbPerLeg: grownKb / legs,
  };
}

export const STORIES: readonly Story[] = ['ivr', 'bridge', 'hold', 'idle'];
