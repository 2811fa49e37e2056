// What one process costs, all its threads together, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** Of the threads that live: those that ended do not count. */
  readonly cpuS: number;
  /** Resident memory. */
  readonly rssKb: number;
}

/** Throws when there is no such process. */
export function usageOf(pid: number): ProcessUsage {
  // Ticks of /proc/<pid>/stat are sampled: a thread that a timer wakes is charged too much or too little. These are nanoseconds.
  const cpuNs = readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + nanosecondsOf(pid, thread), 0);
  const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuS: cpuNs / 1e9, rssKb: Number(rss ?? 0) };
}

function nanosecondsOf(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

/** Whether reading failed because process or thread ended, or is somebody else's. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES';
}
