// The figures of a load test, from what callers, agents and processes reported, and their table for the terminal.
import { cpus } from 'node:os';
import type { AgentCounts, Rung } from '../../agent-phones.js';
import type { CallerStats, CallerTimes } from '../../sipp.js';
import type { HeardCounts } from '../../voices.js';
import type { BenchOptions } from './options.js';
import { PARTS, type PerPart, type Usage } from './usage.js';

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Moment {
  /** Seconds since the first call. */
  readonly atS: number;
  readonly answerP95Ms: number;
  readonly agentP95Ms: number;
  readonly rssMb: PerPart;
}

/** Seconds of processor for 1000 calls. */
export type CpuCost = PerPart & { readonly total: number };

export interface BenchReport {
  readonly rate: number;
  readonly seconds: number;
  readonly media: string;
  readonly agents: number;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly load: Spread };
  /** Milliseconds from the start of the process to `hilo ready`: first and second start. */
  readonly readyMs: readonly number[];
  readonly calls: CallerStats;
  /** Callers with whom an agent talked until the agent hung up: the others were failed by us, whatever SIPp says. */
  readonly served: number;
  readonly agentSide: AgentCounts & HeardCounts;
  /** INVITE → 503 of the callers turned away for the load. */
  readonly refusedMs: Spread;
  /** INVITE → 200, as the caller sees it. */
  readonly answerMs: Spread;
  /** Last packet of the key → INVITE at an agent's phone. */
  readonly agentMs: Spread;
  /** Of the whole run, the compiling of a fresh process included. */
  readonly cpuSPer1000: CpuCost;
  /** Of the calls that came after {@link WARM_UP_MS}; undefined for shorter runs. */
  readonly warmCpuSPer1000: CpuCost | undefined;
  readonly rssMb: {
    readonly start: PerPart;
    readonly afterMinute: PerPart;
    readonly end: PerPart;
    /** From one minute after the first call to the last one, megabytes a minute; 0 for shorter runs. */
    readonly growthPerMinute: PerPart;
  };
  readonly overTime: readonly Moment[];
}

export interface Observed {
  readonly options: BenchOptions;
  readonly readyMs: readonly number[];
  readonly calls: CallerStats;
  readonly times: ReadonlyMap<string, CallerTimes>;
  readonly rung: readonly Rung[];
  readonly served: number;
  readonly agentSide: AgentCounts & HeardCounts;
  /** One a second; the first before the first call, the last after the last. */
  readonly usage: readonly [Usage, ...Usage[]];
}

const MINUTE_MS = 60_000;
/** What runs often has been compiled by then. */
const WARM_UP_MS = 20_000;
const MOMENT_S = 5;

export function reportOf(observed: Observed): BenchReport {
  const { options, calls, usage, times } = observed;
  const [first] = usage;
  const last = usage.at(-1) ?? first;
  const waits = waitsOf(times, observed.rung);
  // Calls end for some seconds after the last one came: what counts as steady ends with the arrivals.
  const lastArrivalMs = first.atMs + options.seconds * 1000;
  const loaded = usage.filter(({ atMs }) => atMs <= lastArrivalMs);
  const end = loaded.at(-1) ?? first;
  const afterMinute = loaded.find(({ atMs }) => atMs >= first.atMs + MINUTE_MS) ?? end;
  const minutes = (end.atMs - afterMinute.atMs) / MINUTE_MS;
  return {
    rate: options.rate,
    seconds: options.seconds,
    media: options.media,
    agents: options.agents,
    machine: { cpu: cpus()[0]?.model ?? '', cores: cpus().length, load: spreadOf(usage.map(({ load }) => load)) },
    readyMs: observed.readyMs.map(Math.round),
    calls,
    served: observed.served,
    agentSide: observed.agentSide,
    refusedMs: spreadOf(waits.flatMap(({ refusedMs }) => refusedMs ?? [])),
    answerMs: spreadOf(waits.flatMap(({ answerMs }) => answerMs ?? [])),
    agentMs: spreadOf(waits.flatMap(({ agentMs }) => agentMs ?? [])),
    cpuSPer1000: cpuCost(first, last, calls.started),
    warmCpuSPer1000: warmCpuCost(loaded, waits),
    rssMb: {
      start: first.rssMb,
      afterMinute: afterMinute.rssMb,
      end: end.rssMb,
      growthPerMinute: perPart((part) => (minutes > 0 ? (end.rssMb[part] - afterMinute.rssMb[part]) / minutes : 0)),
    },
    overTime: momentsOf(usage, waits),
  };
}

function cpuCost(from: Usage, to: Usage, calls: number): CpuCost {
  const cost = perPart((part) => ((to.cpuS[part] - from.cpuS[part]) * 1000) / Math.max(1, calls));
  return { ...cost, total: PARTS.reduce((sum, part) => sum + cost[part], 0) };
}

/** Calls come at one rate: as many are under way at the beginning as at the end. */
function warmCpuCost(loaded: readonly Usage[], waits: readonly Wait[]): CpuCost | undefined {
  const startMs = loaded[0]?.atMs ?? 0;
  const from = loaded.find(({ atMs }) => atMs >= startMs + WARM_UP_MS);
  const to = loaded.at(-1);
  if (from === undefined || to === undefined || from === to) return undefined;
  const calls = waits.filter(({ calledAtMs }) => calledAtMs >= from.atMs && calledAtMs < to.atMs).length;
  return calls === 0 ? undefined : cpuCost(from, to, calls);
}

interface Wait {
  readonly calledAtMs: number;
  readonly refusedMs?: number;
  readonly answerMs?: number;
  readonly agentMs?: number;
}

function waitsOf(times: ReadonlyMap<string, CallerTimes>, rung: readonly Rung[]): Wait[] {
  // The first phone that rang: a later one is another attempt for the same caller.
  const firstRung = new Map<string, number>();
  for (const { caller, atMs } of rung) if (!firstRung.has(caller)) firstRung.set(caller, atMs);
  return [...times].flatMap(([number, { calledAtMs, refusedAtMs, answeredAtMs, keyAtMs }]): Wait[] => {
    if (calledAtMs === undefined) return [];
    const rangAtMs = firstRung.get(number);
    return [
      {
        calledAtMs,
        ...(refusedAtMs === undefined ? {} : { refusedMs: refusedAtMs - calledAtMs }),
        ...(answeredAtMs === undefined ? {} : { answerMs: answeredAtMs - calledAtMs }),
        ...(keyAtMs === undefined || rangAtMs === undefined ? {} : { agentMs: rangAtMs - keyAtMs }),
      },
    ];
  });
}

function momentsOf(usage: readonly [Usage, ...Usage[]], waits: readonly Wait[]): Moment[] {
  const [first] = usage;
  const count = Math.ceil(((usage.at(-1) ?? first).atMs - first.atMs) / (MOMENT_S * 1000));
  return Array.from({ length: count }, (_, index) => {
    const fromMs = first.atMs + index * MOMENT_S * 1000;
    const untilMs = fromMs + MOMENT_S * 1000;
    const now = waits.filter(({ calledAtMs }) => calledAtMs >= fromMs && calledAtMs < untilMs);
    const { rssMb } = usage.findLast(({ atMs }) => atMs <= untilMs) ?? first;
    return {
      atS: index * MOMENT_S,
      answerP95Ms: spreadOf(now.flatMap(({ answerMs }) => answerMs ?? [])).p95,
      agentP95Ms: spreadOf(now.flatMap(({ agentMs }) => agentMs ?? [])).p95,
      rssMb,
    };
  });
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function perPart(value: (part: (typeof PARTS)[number]) => number): PerPart {
  return { app: value('app'), switch: value('switch'), postgres: value('postgres'), redis: value('redis') };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function tableOf(report: BenchReport): string {
  const { calls, agentSide, answerMs, agentMs, rssMb, cpuSPer1000, warmCpuSPer1000, machine } = report;
  const spread = ({ p50, p95, p99, max }: Spread): string => `p50 ${p50}  p95 ${p95}  p99 ${p99}  max ${max}`;
  const parts = (values: PerPart): string => PARTS.map((part) => `${part} ${values[part].toFixed(1)}`).join('  ');
  const cost = (values: CpuCost): string => `${values.total.toFixed(1)} = ${parts(values)}`;
  const { refusedMs } = report;
  const admitted = calls.started - refusedMs.count;
  const unserved = admitted - report.served;
  const turnedAway = calls.complete - refusedMs.count - report.served;
  const failures = Object.entries(calls.failures).map(([kind, count]) => `${kind} ${count}`);
  if (turnedAway > 0) failures.push(`answered, but not put through ${turnedAway}`);
  const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
  const refusals = (): readonly [string, string] => {
    const whole = `of ${admitted} let in ${share(report.served, admitted)} were whole`;
    return ['turned away by 503', `${refusedMs.count}, after ${spread(refusedMs)} ms; ${whole}`];
  };
  const rows: (readonly [string, string])[] = [
    ['story', `${report.rate}/s for ${report.seconds} s, ${report.media}, ${report.agents} agents`],
    ['machine', `${machine.cores} × ${machine.cpu}, load ${spread(machine.load)}`],
    ['ready after', report.readyMs.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', then ')],
    ['calls', `${calls.started} made, ${report.served} served, ${unserved} not (${share(unserved, admitted)})`],
    ...(refusedMs.count === 0 ? [] : [refusals()]),
    ['failures', failures.join(', ') || 'none'],
    ['retransmitted', `${calls.retransmissions} by callers, ${agentSide.repeatedInvites} INVITEs to agents`],
    ['agents', `${agentSide.rung} rung, ${agentSide.cancelled} cancelled, ${agentSide.unanswered} left hanging`],
    ['INVITE → 200', `${spread(answerMs)} ms`],
    ['key → agent INVITE', `${spread(agentMs)} ms`],
    ['CPU s per 1000 calls', cost(cpuSPer1000)],
    ...(warmCpuSPer1000 === undefined ? [] : [['after 20 s', cost(warmCpuSPer1000)] as const]),
    ['memory MB: start', parts(rssMb.start)],
    ['memory MB: 1 min', parts(rssMb.afterMinute)],
    ['memory MB: end', parts(rssMb.end)],
    ['growth MB/min', parts(rssMb.growthPerMinute)],
  ];
  if (agentSide.packets > 0) {
    const { packets, late, silentCalls } = agentSide;
    rows.push([
      'heard by agents',
      `${packets} packets, ${share(late, packets)} over 40 ms apart, ${silentCalls} silent calls`,
    ]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

const BARS = '▁▂▃▄▅▆▇█';

/** One character a moment, scaled to the highest. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 1);
  return values.map((value) => BARS[Math.round((value / highest) * (BARS.length - 1))] ?? ' ').join('');
}
