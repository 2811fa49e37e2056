// Measures the web application in a real browser: first loads, live changes, long tables (npm run bench:web [-- loads changes tables agents]).
import { loadavg } from 'node:os';
import { type Line, tableOf } from '../../../src/bench/report.js';
import { launchChromium } from '../../support/chromium/chromium.js';
import { BenchServer } from './bench-server.js';
import { type FirstLoad, firstLoads } from './first-load.js';
import { liveChanges, type Shown } from './live-changes.js';
import { longTables, type Scrolled } from './long-tables.js';
import { type Agents, manyAgents } from './many-agents.js';
import { FRAME_MS, type Frames } from './visitor.js';

const TONE_HZ = 440;
const FIRST_LOAD_BYTES = 250_000;
const USABLE_MS = 1_500;
const LOAD = { perSecond: 500, seconds: 10 };
/** One picture of the hub (100 ms), and time to draw it. */
const LATE_MS = 500;
const ROWS = 5_000;
const FEWEST_FRAMES = 57;

const ms = (value: number): string => `${Math.round(value)} ms`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const machine = (): string => {
  const [last = 0] = loadavg();
  return `(load of the machine: ${last.toFixed(1)})\n`;
};

function lineOfLoad({ area, gzipBytes, brotliBytes, files, usableMs }: FirstLoad): Line {
  return {
    what: area,
    goal: area === 'agent: desk' ? '< 250 kB gzip, < 1.5 s' : '',
    found: `${kilobytes(gzipBytes)} gzip, ${kilobytes(brotliBytes)} brotli, ${files} files; usable after ${ms(usableMs)}`,
    met: gzipBytes < FIRST_LOAD_BYTES && usableMs < USABLE_MS,
  };
}

function linesOfChanges({ numbers, medianMs, p95Ms, longestMs, atTheEndMs, frames }: Shown): readonly Line[] {
  const late = `${ms(medianMs)} (median), ${ms(p95Ms)} (95 %), ${ms(longestMs)} (most), ${ms(atTheEndMs)} at the end`;
  return [
    {
      what: `${LOAD.perSecond} changes/s for ${LOAD.seconds} s`,
      goal: 'not behind',
      found: `${numbers} numbers shown, late by ${late}`,
      met: p95Ms < LATE_MS && atTheEndMs < LATE_MS,
    },
    { what: '  frames meanwhile', goal: '', found: framesText(frames), met: true },
  ];
}

function linesOfTables({ rows, drawn, wheel, bar, still }: Scrolled): readonly Line[] {
  const isSmooth = ({ perSecond, workMs }: Frames): boolean =>
    perSecond >= Math.min(FEWEST_FRAMES, 0.9 * still.perSecond) && workMs < FRAME_MS;
  return [
    {
      what: `${rows} rows (${drawn} drawn) by the wheel`,
      goal: '60 frames/s',
      found: framesText(wheel),
      met: isSmooth(wheel),
    },
    { what: '  from end to end by the bar', goal: '', found: framesText(bar), met: true },
    { what: '  the same page at rest', goal: '', found: framesText(still), met: true },
  ];
}

function lineOfAgents({ agents, drawn, frames }: Agents): Line {
  return {
    what: `${agents} agents (${drawn - 1} drawn), ${LOAD.perSecond} changes/s, by the wheel`,
    goal: '60 frames/s',
    found: framesText(frames),
    met: frames.workMs < FRAME_MS,
  };
}

function framesText({ perSecond, medianMs, p95Ms, longestMs, droppedShare, workMs }: Frames): string {
  const gaps = `median ${ms(medianMs)}, 95 % ${ms(p95Ms)}, longest ${ms(longestMs)}`;
  return `${perSecond.toFixed(1)}/s; ${gaps}; ${(100 * droppedShare).toFixed(1)} % left out; ${workMs.toFixed(1)} ms of work each`;
}

const asked = process.argv.slice(2);
const wants = (part: string): boolean => asked.length === 0 || asked.includes(part);
const say = (lines: readonly Line[]): void => console.log(`${tableOf(lines)}\n${machine()}`);

const server = await BenchServer.open();
const browser = await launchChromium(TONE_HZ);
try {
  if (wants('loads')) say((await firstLoads(browser, server)).map(lineOfLoad));
  if (wants('changes')) say(linesOfChanges(await liveChanges(browser, server, LOAD)));
  if (wants('agents')) say([lineOfAgents(await manyAgents(browser, server, ROWS, LOAD))]);
  if (wants('tables')) say(linesOfTables(await longTables(browser, server, ROWS)));
} finally {
  await browser.close();
  await server.close();
}
