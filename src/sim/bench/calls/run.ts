// One load test of the whole centre: Hilo is started, agents register, callers call, all of them are heard out.
import { setTimeout as pause } from 'node:timers/promises';
import { AgentPhones } from '../../agent-phones.js';
import { type ServerUnderTest, startServer } from '../../server.js';
import { type Callers, register, startCallers } from '../../sipp.js';
import type { RealPair } from '../real-pair.js';
import type { BenchOptions } from './options.js';
import { type BenchReport, reportOf } from './report.js';
import { measure, type Usage } from './usage.js';

const LOOK_EVERY_MS = 1_000;
/** After the last arrival: the longest call, and then some. */
const TAIL_S = 120;
/** For registrations to be stored and agents to be free. */
const SETTLE_MS = 2_000;

type Tell = (progress: string) => void;

/** @param pair real servers to use instead of the embedded switch, which then count as `switch` */
export async function runCalls(
  options: BenchOptions,
  folder: string,
  tell: Tell,
  pair?: RealPair,
): Promise<BenchReport> {
  const readyMs: number[] = [];
  const request = { folder, agents: options.agents, workers: options.workers, ...(pair === undefined ? {} : { pair }) };
  const phones = await AgentPhones.open(options.media === 'full');
  try {
    if (options.restart) {
      const first = await startServer({ ...request, nodeArguments: [] });
      readyMs.push(first.readyMs);
      await first.close();
    }
    const server = await startServer({ ...request, nodeArguments: options.nodeArguments });
    readyMs.push(server.readyMs);
    try {
      return await callAll(options, { folder, phones, server, readyMs, tell });
    } finally {
      await server.close();
    }
  } finally {
    phones.close();
  }
}

interface Stage {
  readonly folder: string;
  readonly phones: AgentPhones;
  readonly server: ServerUnderTest;
  readonly readyMs: readonly number[];
  readonly tell: Tell;
}

async function callAll(options: BenchOptions, stage: Stage): Promise<BenchReport> {
  const { folder, phones, server, readyMs, tell } = stage;
  const { rate, seconds, media, agents } = options;
  tell(`registering ${agents} agents`);
  await register(folder, server.sipPort, agents, phones.port);
  await pause(SETTLE_MS);
  const usage: [Usage, ...Usage[]] = [measure(server.pids, Date.now())];
  const callers = await startCallers({ folder, server: server.sipPort, rate, seconds, speaking: media === 'full' });
  try {
    await watch(callers, usage, stage, seconds + TAIL_S);
  } finally {
    callers.stop();
  }
  usage.push(measure(server.pids, Date.now()));
  const agentSide = { ...phones.counts(), ...phones.voices.heard() };
  const [calls, times] = [await callers.stats(), await callers.times()];
  const { rung, served } = phones;
  return reportOf({ options, readyMs, calls, times, rung, served: served.size, agentSide, usage });
}

/** Measures and tells once a second until SIPp has ended, or has to be stopped. */
async function watch(callers: Callers, usage: Usage[], { phones, server, tell }: Stage, limitS: number): Promise<void> {
  let over = false;
  const ended = callers.ended.then(() => {
    over = true;
  });
  for (let second = 0; !over && second < limitS; second += 1) {
    await Promise.race([ended, pause(LOOK_EVERY_MS)]);
    const now = measure(server.pids, Date.now());
    usage.push(now);
    const { started, current, failed } = await callers.stats();
    const memory = `app ${now.rssMb.app.toFixed(0)} MB, switch ${now.rssMb.switch.toFixed(0)} MB`;
    tell(
      `${second + 1} s: ${started} calls, ${current} now, ${phones.served.size} served, ${failed} failed; ${memory}`,
    );
  }
}
