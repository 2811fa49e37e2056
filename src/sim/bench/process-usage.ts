// What one process costs, all its threads together, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** Of the threads that live: those that ended do not count. */
  readonly cpuS: number;
  /** Resident memory. */
  readonly rssKb: number;
}

export function usageOf(pid: number): ProcessUsage {
  // Ticks of /proc/<pid>/stat are sampled: a thread that a timer wakes is charged too much or too little. These are nanoseconds.
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'),
  );
  const cpuS = threads.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e9;
  const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuS, rssKb: Number(rss ?? 0) };
}
