#!/usr/bin/env node
// Load test of the whole centre: starts Hilo, lets agents register and callers call, reports speed and memory.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AgentPhones } from './agent-phones.js';
import { plotOf } from './bench/plot.js';
import { BadOption, type BenchOptions, readOptions, USAGE } from './options.js';
import { type BenchReport, reportOf, sparkline, tableOf } from './report.js';
import { type ServerUnderTest, startServer } from './server.js';
import { type Callers, register, startCallers } from './sipp.js';
import { measure, type Usage } from './usage.js';

const LOOK_EVERY_MS = 1_000;
/** After the last arrival: the longest call, and then some. */
const TAIL_S = 120;
/** For registrations to be stored and agents to be free. */
const SETTLE_MS = 2_000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const folder = options.keep === undefined ? await mkdtemp(join(tmpdir(), 'hilo-bench-')) : resolve(options.keep);
  await mkdir(folder, { recursive: true });
  try {
    const report = await bench(options, folder);
    console.log(`\n${tableOf(report)}`);
    console.log(`INVITE → 200, p95     ${sparkline(report.overTime.map(({ answerP95Ms }) => answerP95Ms))}`);
    console.log(`key → agent, p95      ${sparkline(report.overTime.map(({ agentP95Ms }) => agentP95Ms))}`);
    console.log(`memory app + switch   ${sparkline(report.overTime.map(({ rssMb }) => rssMb.app + rssMb.switch))}`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (options.plot !== undefined) await writeFile(options.plot, plotOf(report));
    if (report.served < report.calls.started) process.exitCode = 1;
  } finally {
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function bench(options: BenchOptions, folder: string): Promise<BenchReport> {
  const readyMs: number[] = [];
  const request = { folder, agents: options.agents, workers: options.workers };
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
      return await callAll(options, { folder, phones, server, readyMs });
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
}

async function callAll(options: BenchOptions, { folder, phones, server, readyMs }: Stage): Promise<BenchReport> {
  const { rate, seconds, media, agents } = options;
  progress(`registering ${agents} agents`);
  await register(folder, server.sipPort, agents, phones.port);
  await pause(SETTLE_MS);
  const usage: [Usage, ...Usage[]] = [measure(server.pid, Date.now())];
  const callers = await startCallers({ folder, server: server.sipPort, rate, seconds, speaking: media === 'full' });
  try {
    await watch(callers, phones, usage, server, seconds + TAIL_S);
  } finally {
    callers.stop();
  }
  usage.push(measure(server.pid, Date.now()));
  const agentSide = { ...phones.counts(), ...phones.voices.heard() };
  const [calls, times] = [await callers.stats(), await callers.times()];
  const { rung, served } = phones;
  return reportOf({ options, readyMs, calls, times, rung, served: served.size, agentSide, usage });
}

/** Measures and tells once a second until SIPp has ended, or has to be stopped. */
async function watch(
  callers: Callers,
  phones: AgentPhones,
  usage: Usage[],
  server: ServerUnderTest,
  limitS: number,
): Promise<void> {
  let over = false;
  const ended = callers.ended.then(() => {
    over = true;
  });
  for (let second = 0; !over && second < limitS; second += 1) {
    await Promise.race([ended, pause(LOOK_EVERY_MS)]);
    const now = measure(server.pid, Date.now());
    usage.push(now);
    const { started, current, failed } = await callers.stats();
    const memory = `app ${now.rssMb.app.toFixed(0)} MB, switch ${now.rssMb.switch.toFixed(0)} MB`;
    progress(
      `${second + 1} s: ${started} calls, ${current} now, ${phones.served.size} served, ${failed} failed; ${memory}`,
    );
  }
}

/** One line that is written over on a terminal, and not at all into a file. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BadOption ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 1;
}
