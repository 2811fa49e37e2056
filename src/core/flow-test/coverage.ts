// Which ways out of each step were taken by the tests of a flow, and which were not.
import type { Flow } from '../ivr/flow.js';
import type { Progress, Session, TraceLine } from '../ivr/session.js';
import { waysOf, wayTaken } from './ways.js';

/** A way out of a step that was taken. */
export interface Taken {
  readonly flow: string;
  readonly step: string;
  readonly way: string;
}

export interface FlowCoverage {
  readonly flow: string;
  readonly ways: number;
  readonly taken: number;
  /** 0 to 100; a flow without steps is covered. */
  readonly percent: number;
  readonly steps: readonly {
    readonly step: string;
    readonly taken: readonly string[];
    readonly open: readonly string[];
  }[];
}

/** What one advance has taken, from where the walk stood `before`. */
export function takenBy(flows: ReadonlyMap<string, Flow>, before: Session | undefined, progress: Progress): Taken[] {
  const lines = progress.trace.filter((line) => line.kind === 'step');
  const { session } = progress;
  const top = session.state === 'asking' ? session.frames.at(-1) : undefined;
  const failures = before?.state === 'asking' ? before.failures : 0;
  return lines.flatMap((line, index) => {
    const step = flows.get(line.flow)?.steps.get(line.step);
    if (step === undefined) return [];
    const following = lines[index + 1] ?? top;
    const last = index === lines.length - 1;
    const again = last && session.state === 'asking' && session.failures > failures && isAt(line, top);
    // A step that asks several things one after the other is not left yet.
    if (last && !again && isAt(line, top) && !step.exits.includes(line.step)) return [];
    const way = wayTaken(step, line.outcome, again, following?.flow === line.flow ? following.step : undefined);
    return way === undefined ? [] : [{ flow: line.flow, step: line.step, way }];
  });
}

/** A way by the outcome that is known only outside the walk: a queue that decides itself what becomes of the caller. */
export function takenOutside(session: Session, outcome: string): Taken[] {
  const top = session.frames.at(-1);
  return top === undefined ? [] : [{ flow: top.flow, step: top.step, way: outcome }];
}

function isAt(line: TraceLine & { kind: 'step' }, top: { flow: string; step: string } | undefined): boolean {
  return top !== undefined && top.flow === line.flow && top.step === line.step;
}

export function coverageOf(flow: Flow, taken: readonly Taken[]): FlowCoverage {
  const own = taken.filter((one) => one.flow === flow.name);
  const steps = [...flow.steps].map(([name, step]) => {
    const ways = waysOf(step);
    const hit = new Set(own.filter((one) => one.step === name).map(({ way }) => way));
    return { step: name, taken: ways.filter((way) => hit.has(way)), open: ways.filter((way) => !hit.has(way)) };
  });
  const count = (list: 'taken' | 'open') => steps.reduce((sum, step) => sum + step[list].length, 0);
  const [done, ways] = [count('taken'), count('taken') + count('open')];
  return { flow: flow.name, ways, taken: done, percent: ways === 0 ? 100 : (100 * done) / ways, steps };
}
