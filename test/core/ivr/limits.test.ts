// How far one call may go in its flows, and where it is taken when it went too far.
import { describe, expect, test } from 'vitest';
import { DEFAULT_RUN_LIMITS, type RunLimits } from '../../../src/core/document/run-limits.js';
import type { Progress } from '../../../src/core/ivr/session.js';
import { flowOf, MONDAY_MS, next, start, tell } from '../../support/flow-caller.js';

describe('limits of one call', () => {
  const steps = `
  first: { do: menu, say: Menú., keys: { 1: first }, tries: 10, otherwise: first }
  person: { do: queue, queue: support, otherwise: first }
`;
  const silent = Array.from({ length: DEFAULT_RUN_LIMITS.withoutInput + 5 }, () => 'silence');
  const busy = Array.from({ length: DEFAULT_RUN_LIMITS.steps + 5 }, () => '1');

  test('a dead line ends, and says why', () => {
    const { last, trace } = tell(flowOf(steps.replace(/ {2}person.*\n/, '')), silent);
    expect(last.ask).toEqual({ kind: 'hangup', prompts: [], result: 'failed', reason: 'too-long-without-input' });
    expect(last.session).toMatchObject({ state: 'ended', reason: 'too-long-without-input' });
    expect(trace.length).toBeLessThan(DEFAULT_RUN_LIMITS.withoutInput + 5);
  });

  test('a caller who plays with the keys is taken to the fallback, once', () => {
    const limits = { ...DEFAULT_RUN_LIMITS, sameStep: 2 * DEFAULT_RUN_LIMITS.steps };
    const catalogue = { ...flowOf(steps, 'fallback: person'), limits };
    const story = tell(catalogue, [...busy.slice(0, DEFAULT_RUN_LIMITS.steps), 'not-served']);
    expect(story.transcript.filter((line) => line === 'queue support')).toHaveLength(1);
    expect(story.transcript.at(-1)).toBe('end: failed (too-many-steps)');
  });

  const hits = (trace: Progress['trace']) => trace.filter((line) => line.kind === 'limit-hit');
  const within = (limits: Partial<RunLimits>, head = '') => ({
    ...flowOf(head === '' ? steps.replace(/ {2}person.*\n/, '') : steps, head),
    limits: { ...DEFAULT_RUN_LIMITS, ...limits },
  });

  test('who comes to one step again and again goes to the queue that the centre names, and its outcome is the end', () => {
    const catalogue = within({ sameStep: 4, exitQueue: 'sales' });
    const story = tell(catalogue, ['1', '1', '1', '1', 'served']);
    expect(story.transcript.slice(-3)).toEqual(['queue sales', '< served', 'end: served (as-told)']);
    expect(hits(story.trace)).toEqual([
      { kind: 'limit-hit', flow: 'test', step: 'first', limit: 'too-often-here', to: 'queue' },
    ]);
    expect(tell(catalogue, ['1', '1', '1', '1', 'not-served']).transcript.at(-1)).toBe('end: refused (as-told)');
  });

  test("the flow's own fallback comes before the queue of the centre", () => {
    const story = tell(within({ steps: 20, exitQueue: 'sales' }, 'fallback: person'), busy.slice(0, 20));
    expect(story.transcript.at(-1)).toBe('queue support');
    expect(hits(story.trace)).toMatchObject([{ limit: 'too-many-steps', to: 'fallback' }]);
  });

  test('without either the call ends, and the trace says so', () => {
    const { trace, last } = tell(within({ withoutInput: 5 }), silent);
    expect(hits(trace)).toMatchObject([{ limit: 'too-long-without-input', to: 'end' }]);
    expect(last.session).toMatchObject({ state: 'ended', reason: 'too-long-without-input' });
  });

  test('time with the flow counts, time in a queue does not', () => {
    const catalogue = {
      ...flowOf(`
  first: { do: queue, queue: support, otherwise: menu }
  menu: { do: menu, say: Menú., keys: { 1: menu }, otherwise: menu }
`),
      limits: { ...DEFAULT_RUN_LIMITS, timeMs: 60_000 },
    };
    const waited = next(
      catalogue,
      start(catalogue).session,
      { kind: 'queue', outcome: 'not-served', reason: 'r' },
      MONDAY_MS + 600_000,
    );
    expect(waited.ask.kind).toBe('collect');
    const pressed = next(catalogue, waited.session, { kind: 'digits', digits: '1' }, MONDAY_MS + 650_000);
    expect(pressed.ask.kind).toBe('collect');
    const late = next(catalogue, pressed.session, { kind: 'digits', digits: '1' }, MONDAY_MS + 661_000);
    expect(late.ask).toMatchObject({ kind: 'hangup', reason: 'too-long-in-flow' });
  });

  test('keys count as signs of life', () => {
    const { last } = tell(flowOf(steps, 'fallback: person'), busy.slice(0, DEFAULT_RUN_LIMITS.withoutInput + 20));
    expect(last.ask).toMatchObject({ kind: 'collect' });
  });
});
