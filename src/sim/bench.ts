#!/usr/bin/env node
// `npm run bench`: everything that Hilo promises of speed and memory, measured one after the other, as one table.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadOption } from './bench/calls/options.js';
import { overwritten } from './bench/progress.js';
import { findPair, type RealPair } from './bench/real-pair.js';
import { CallRuns } from './bench/table/calls.js';
import type { RowName } from './bench/table/goals.js';
import { HeldRuns } from './bench/table/held.js';
import type { Bench, Measured } from './bench/table/measurement.js';
import { measureMedia, measureWebLegs } from './bench/table/media.js';
import { measureMemory } from './bench/table/memory.js';
import { readTableOptions, TABLE_USAGE, type TableOptions } from './bench/table/options.js';
import { measureOptions, measureRealOptions } from './bench/table/sip.js';
import { benchPicture, benchTable, figure, type Row } from './bench/table/table.js';

const LOOK_EVERY_MS = 1_000;

type Measure = () => Promise<Measured>;
type Ways = Readonly<Partial<Record<RowName, Measure>>>;

async function main(): Promise<void> {
  const options = readTableOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    console.log(TABLE_USAGE);
    return;
  }
  const pair = options.pair && (await findPair(options.pair.drachtio, options.pair.freeswitch));
  const folder = await mkdtemp(join(tmpdir(), 'hilo-bench-'));
  const rows: Row[] = [];
  try {
    const bench: Bench = { ...options, folder, tell: overwritten };
    const ours = waysOf(bench);
    const real = pair === undefined ? {} : realWaysOf(bench, pair);
    for (const name of options.only) {
      const row = await measureRow(name, ours[name], real[name]);
      rows.push(row);
      const found = row.state === 'failed' ? row.why : `${figure(row.ours)} (${row.ours.how})`;
      console.error(`\r\u001b[K${name}: ${found}`);
      if (options.json !== undefined) await writeFile(options.json, asJson(options, rows));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`\n${benchTable(rows)}`);
  if (options.plot !== undefined) await writeFile(options.plot, benchPicture(rows, machine()));
  if (rows.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

function waysOf(bench: Bench): Readonly<Record<RowName, Measure>> {
  return {
    legs: () => measureMedia(bench, 'ivr'),
    bridged: () => measureMedia(bench, 'bridge'),
    webrtc: () => measureWebLegs(bench),
    options: () => measureOptions(bench),
    ...callWaysOf(new CallRuns(bench), new HeldRuns(bench)),
    memory: () => measureMemory(bench),
  };
}

function realWaysOf(bench: Bench, pair: RealPair): Ways {
  return {
    options: () => measureRealOptions(bench, pair),
    ...callWaysOf(new CallRuns(bench, pair), new HeldRuns(bench, pair)),
    memory: () => measureMemory(bench, pair),
  };
}

function callWaysOf(calls: CallRuns, held: HeldRuns) {
  return {
    light: () => calls.rate('light'),
    full: () => calls.rate('full'),
    'cpu-light': () => calls.cpu('light'),
    'cpu-full': () => calls.cpu('full'),
    digit: () => calls.digit(),
    held: () => held.callers(),
  };
}

/** A row that cannot be measured says why, and the next one is measured. */
async function measureRow(name: RowName, ours: Measure, real: Measure | undefined): Promise<Row> {
  const startedMs = performance.now();
  const loads = [currentLoad()];
  const looking = setInterval(() => loads.push(currentLoad()), LOOK_EVERY_MS);
  const circumstances = () => ({
    name,
    load: loads.reduce((sum, load) => sum + load, 0) / loads.length,
    seconds: Math.round((performance.now() - startedMs) / 1_000),
  });
  try {
    const measured = await ours();
    const beside = real === undefined ? {} : { real: await real().catch(reasonOf) };
    return { ...circumstances(), state: 'measured', ours: measured, ...beside };
  } catch (error) {
    return { ...circumstances(), state: 'failed', why: reasonOf(error) };
  } finally {
    clearInterval(looking);
  }
}

function currentLoad(): number {
  return loadavg()[0] ?? 0;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function machine(): string {
  return `Hilo on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
}

function asJson({ pair, ...options }: TableOptions, rows: readonly Row[]): string {
  const report = { machine: machine(), at: new Date().toISOString(), options, withReal: pair !== undefined, rows };
  return `${JSON.stringify(report, null, 2)}\n`;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BadOption ? `${error.message}\n\n${TABLE_USAGE}` : error);
  process.exitCode = 1;
}
