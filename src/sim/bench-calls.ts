#!/usr/bin/env node
// Load test of the whole centre: starts Hilo, lets agents register and callers call, reports speed and memory.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BadOption, readOptions, USAGE } from './bench/calls/options.js';
import { plotOf } from './bench/calls/plot.js';
import { sparkline, tableOf } from './bench/calls/report.js';
import { runCalls } from './bench/calls/run.js';
import { overwritten } from './bench/progress.js';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const folder = options.keep === undefined ? await mkdtemp(join(tmpdir(), 'hilo-bench-')) : resolve(options.keep);
  await mkdir(folder, { recursive: true });
  try {
    const report = await runCalls(options, folder, overwritten);
    console.log(`\n${tableOf(report)}`);
    console.log(`INVITE → 200, p95     ${sparkline(report.overTime.map(({ answerP95Ms }) => answerP95Ms))}`);
    console.log(`key → agent, p95      ${sparkline(report.overTime.map(({ agentP95Ms }) => agentP95Ms))}`);
    console.log(`memory app + switch   ${sparkline(report.overTime.map(({ rssMb }) => rssMb.app + rssMb.switch))}`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (options.plot !== undefined) await writeFile(options.plot, plotOf(report));
    if (report.served + report.refusedMs.count < report.calls.started) process.exitCode = 1;
  } finally {
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BadOption ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 1;
}
