// A broken assumption of ours: ends the call or request at hand, never the process.

export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** Throws {@link AssertionFailed} when `condition` is false. For bugs, not for bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** Ends a `switch` over a union: a new variant fails to compile here. */
export function unreachable(value: never): never {
  throw new AssertionFailed(`unexpected variant: ${JSON.stringify(value)}`);
}
