// A host that keeps failing is left alone for a while, then asked by one.
import { expect, test } from 'vitest';
import { type Circuit, CLOSED, enter, leave } from '../../src/lib/circuit-breaker.js';

const RULES = { failuresMax: 3, restMs: 1_000 };

function after(outcomes: readonly boolean[], from: Circuit = CLOSED): Circuit {
  return outcomes.reduce((circuit, success) => leave(circuit, success, 0, RULES), from);
}

test('failures in a row open it; a success in between starts the count again', () => {
  expect(after([false, false])).toEqual({ state: 'closed', failures: 2 });
  expect(after([false, false, true, false, false])).toEqual({ state: 'closed', failures: 2 });
  expect(after([false, false, false])).toEqual({ state: 'open', untilMs: 1_000 });
});

test('while it is open nobody is let in; after the rest one is, and nobody beside', () => {
  const open = after([false, false, false]);
  expect(enter(open, 999, RULES)).toEqual({ admitted: false, circuit: open });
  const probe = enter(open, 1_000, RULES);
  expect(probe).toEqual({ admitted: true, circuit: { state: 'half-open', sinceMs: 1_000 } });
  expect(enter(probe.circuit, 1_500, RULES).admitted).toBe(false);
});

test('the one who tries decides: closed again, or another rest', () => {
  const probing: Circuit = { state: 'half-open', sinceMs: 1_000 };
  expect(leave(probing, true, 1_100, RULES)).toEqual(CLOSED);
  expect(leave(probing, false, 1_100, RULES)).toEqual({ state: 'open', untilMs: 2_100 });
});

test('a try of which nothing is heard does not keep everybody out for ever', () => {
  const probing: Circuit = { state: 'half-open', sinceMs: 1_000 };
  expect(enter(probing, 2_000, RULES)).toEqual({ admitted: true, circuit: { state: 'half-open', sinceMs: 2_000 } });
});

test('a try that began before it opened changes nothing', () => {
  const open = after([false, false, false]);
  expect(leave(open, true, 10, RULES)).toEqual(open);
  expect(leave(open, false, 10, RULES)).toEqual(open);
});
