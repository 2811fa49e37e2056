// Many runs of one thing, and what stands for them on a machine that does other things too.

export interface Timing {
  readonly runs: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** `prepare` makes what a run is given, outside the measured time. */
export function timed<T>(runs: number, prepare: (run: number) => T, run: (given: T) => unknown): Timing {
  const times: number[] = [];
  for (let n = 0; n < runs; n += 1) {
    const given = prepare(n);
    const from = performance.now();
    run(given);
    times.push(performance.now() - from);
  }
  return timingOf(times);
}

export function timingOf(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { runs: times.length, minMs: sorted[0] ?? 0, medianMs: at(0.5), p99Ms: at(0.99) };
}

/** `2.42 s`, `0.42 ms`, `13.1 µs`. */
export function timeText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms < 0.1 ? `${(ms * 1000).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`;
}
