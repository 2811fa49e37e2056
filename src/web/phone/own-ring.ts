// Whoever has just asked, on this page, for a call rings here for it and need not answer by hand.

/** So long after asking the own telephone is expected to ring. */
const EXPECTED_MS = 20_000;

let expectedUntilMs = 0;

export function expectOwnRing(): void {
  expectedUntilMs = performance.now() + EXPECTED_MS;
}

/** True once for each time that it was expected. */
export function isOwnRing(): boolean {
  const expected = performance.now() < expectedUntilMs;
  expectedUntilMs = 0;
  return expected;
}
