// Finding the highest load that holds: up from the first while it holds, down from it while it does not.

export interface Tried<R> {
  readonly load: number;
  readonly held: boolean;
  readonly result: R;
}

export interface Steps {
  /** Loads that may be tried, ascending. */
  readonly ladder: readonly number[];
  /** Where to begin: one of them. */
  readonly first: number;
  /** A load that fails is tried so often: others on the machine may have disturbed it. */
  readonly attempts: number;
}

/** Undefined: there is nothing left to find out. */
export function nextLoad(
  { ladder, first }: Pick<Steps, 'ladder' | 'first'>,
  tried: readonly Tried<unknown>[],
): number | undefined {
  if (tried.length === 0) return first;
  const held = tried.filter((step) => step.held).map(({ load }) => load);
  const failed = tried.filter((step) => !step.held).map(({ load }) => load);
  if (held.length > 0 && failed.length > 0) return undefined;
  if (failed.length === 0) return ladder.find((load) => load > Math.max(...held));
  return ladder.findLast((load) => load < Math.min(...failed));
}

/** Each load once, with its last attempt, in the order tried. */
export async function climb<R>(
  steps: Steps,
  run: (load: number) => Promise<{ readonly held: boolean; readonly result: R }>,
): Promise<readonly Tried<R>[]> {
  const tried: Tried<R>[] = [];
  for (let load = nextLoad(steps, tried); load !== undefined; load = nextLoad(steps, tried)) {
    let outcome = await run(load);
    for (let attempt = 1; !outcome.held && attempt < steps.attempts; attempt += 1) outcome = await run(load);
    tried.push({ load, ...outcome });
  }
  return tried;
}

export function highestHeld<R>(tried: readonly Tried<R>[]): Tried<R> | undefined {
  return tried.filter(({ held }) => held).sort((a, b) => b.load - a.load)[0];
}

/** Nothing failed: the highest that was tried is not the limit. */
export function isBounded(tried: readonly Tried<unknown>[]): boolean {
  return tried.every(({ held }) => held);
}
