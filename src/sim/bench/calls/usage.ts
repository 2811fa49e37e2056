// Processor time and memory of a server, its children, and real servers beside it, from /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { isGone, usageOf } from '../process-usage.js';

/** Ticks of /proc/<pid>/stat: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
export const PARTS = ['app', 'switch', 'postgres', 'redis'] as const;
export type Part = (typeof PARTS)[number];
export type PerPart = Readonly<Record<Part, number>>;

export interface Usage {
  readonly atMs: number;
  /** Seconds of processor since the start of the server. */
  readonly cpuS: PerPart;
  /** Resident megabytes; memory that PostgreSQL's processes share counts once. */
  readonly rssMb: PerPart;
  /** Machine load of the last minute. */
  readonly load: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Seconds of processor of children that ended. */
  readonly endedCpuS: number;
}

/** @param pids of the server, and of drachtio-server and FreeSWITCH when it uses those */
export function measure(pids: readonly [number, ...number[]], atMs: number): Usage {
  const cpuS: Record<Part, number> = { app: 0, switch: 0, postgres: 0, redis: 0 };
  const rssMb: Record<Part, number> = { app: 0, switch: 0, postgres: 0, redis: 0 };
  for (const process of familyOf(pids)) {
    const part = partOf(process, pids[0]);
    if (part === undefined) continue;
    cpuS[part] += cpuOf(process);
    rssMb[part] += residentMb(process.pid);
  }
  return { atMs, cpuS, rssMb, load: loadavg()[0] ?? 0 };
}

/** The processes that count as this part. */
export function processesOf(part: Part, pids: readonly [number, ...number[]]): number[] {
  return familyOf(pids)
    .filter((process) => partOf(process, pids[0]) === part)
    .map(({ pid }) => pid);
}

function familyOf(roots: readonly number[]): Process[] {
  const all = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (read(Number(entry)) ?? []) : []));
  const family = new Set(roots);
  // Children are listed in any order: as often as somebody new is found.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** Undefined: it ended meanwhile. */
function read(pid: number): Process | undefined {
  const text = file(`/proc/${pid}/stat`);
  const [, name, rest] = /^\d+ \((.*)\) \S (.*)$/s.exec(text ?? '') ?? [];
  if (name === undefined || rest === undefined) return undefined;
  const fields = rest.split(' ').map(Number);
  // Fields 16 and 17 of proc(5): user and system time of children that ended.
  const [user = 0, system = 0] = fields.slice(12, 14);
  return { pid, parent: fields[0] ?? 0, name, endedCpuS: (user + system) / TICKS_PER_SECOND };
}

function cpuOf({ pid, endedCpuS }: Process): number {
  try {
    return usageOf(pid).cpuS + endedCpuS;
  } catch (error) {
    if (isGone(error)) return endedCpuS;
    throw error;
  }
}

function partOf({ pid, name }: Process, serverPid: number): Part | undefined {
  if (pid === serverPid) return 'app';
  if (name.startsWith('postgres')) return 'postgres';
  if (name.startsWith('redis')) return 'redis';
  if (name.startsWith('drachtio') || name.startsWith('freeswitch')) return 'switch';
  return file(`/proc/${pid}/cmdline`)?.includes('switch/main') ? 'switch' : undefined;
}

function residentMb(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(file(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

function file(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
