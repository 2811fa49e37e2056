// Plays the tests of several flows and counts which ways out of their steps were taken.
import type { FlowCatalogue } from '../ivr/session.js';
import type { FlowCase } from './case.js';
import { coverageOf, type FlowCoverage } from './coverage.js';
import { type Played, playCase } from './play.js';

export interface SuiteFile {
  readonly file: string;
  readonly cases: readonly FlowCase[];
}

export interface PlayedFile {
  readonly file: string;
  readonly cases: readonly Played[];
}

export interface SuiteResult {
  readonly files: readonly PlayedFile[];
  readonly passed: number;
  readonly failed: number;
  readonly coverage: readonly FlowCoverage[];
}

/** `counted`: the flows whose coverage is told: those that a case began with or went through, or all, so that none is forgotten. */
export function playSuite(
  catalogue: FlowCatalogue,
  timeZone: string,
  files: readonly SuiteFile[],
  counted: 'walked' | 'all' = 'walked',
): SuiteResult {
  const played = files.map(
    ({ file, cases }): PlayedFile => ({ file, cases: cases.map((one) => playCase(catalogue, timeZone, one)) }),
  );
  const all = played.flatMap(({ cases }) => cases);
  const taken = all.flatMap((one) => one.taken);
  const walked = new Set(
    all.flatMap(({ trace }) => trace.flatMap((line) => (line.kind === 'flow-entered' ? [line.flow] : []))),
  );
  const failed = all.filter(({ failure }) => failure !== undefined).length;
  return {
    files: played,
    passed: all.length - failed,
    failed,
    coverage: [...catalogue.flows.values()]
      .filter(({ name }) => counted === 'all' || walked.has(name))
      .map((flow) => coverageOf(flow, taken)),
  };
}

/** Percent of all ways of these flows; 100 when there are none. */
export function percentOf(coverage: readonly FlowCoverage[]): number {
  const ways = coverage.reduce((sum, flow) => sum + flow.ways, 0);
  const taken = coverage.reduce((sum, flow) => sum + flow.taken, 0);
  return ways === 0 ? 100 : (100 * taken) / ways;
}
