// What the graph tells of each step besides what it does: callers who stand there now, or what the tests take of it.
import type { LiveFlow, LiveStep } from '../../../contract/live/flow.js';
import type { WireFlowToday } from '../../../contract/studio/flow-today.js';
import type { StepCoverage } from '../compiler/workshop.js';

export type Overlay =
  | { readonly kind: 'callers'; readonly steps: ReadonlyMap<string, LiveStep> }
  | { readonly kind: 'today'; readonly steps: ReadonlyMap<string, StepToday> }
  | { readonly kind: 'coverage'; readonly steps: ReadonlyMap<string, StepCoverage> };

export interface StepToday {
  /** How often it was left. */
  readonly left: number;
  /** `key:1 12, time-out 3`, most frequent first. */
  readonly outcomes: string;
}

const OUTCOMES_SHOWN = 8;

export function todayOf({ steps }: Pick<WireFlowToday, 'steps'>): ReadonlyMap<string, StepToday> {
  const found = new Map<string, WireFlowToday['steps']>();
  for (const one of steps) found.set(one.step, [...(found.get(one.step) ?? []), one]);
  return new Map(
    [...found].map(([step, own]) => {
      const shown = own.slice(0, OUTCOMES_SHOWN).map(({ outcome, count }) => `${outcome} ${count}`);
      const outcomes = [...shown, ...(own.length > OUTCOMES_SHOWN ? ['…'] : [])].join(', ');
      return [step, { left: own.reduce((all, { count }) => all + count, 0), outcomes }] as const;
    }),
  );
}

export interface FlowCallers {
  /** By step, in all texts of the flow that somebody is in. */
  readonly steps: ReadonlyMap<string, LiveStep>;
  readonly callers: number;
  /** Callers by revision, most first. */
  readonly revisions: readonly { readonly revision: string; readonly callers: number }[];
  /** Callers at steps that are not drawn: of another text. */
  readonly elsewhere: number;
}

/** `drawn`: names of the steps in the graph. */
export function callersIn(flow: string, live: Iterable<LiveFlow>, drawn: ReadonlySet<string>): FlowCallers {
  const steps = new Map<string, LiveStep>();
  const revisions: { revision: string; callers: number }[] = [];
  for (const one of live) {
    if (one.flow !== flow) continue;
    for (const [step, { callers, talking }] of Object.entries(one.steps)) {
      const before = steps.get(step);
      steps.set(step, { callers: callers + (before?.callers ?? 0), talking: talking + (before?.talking ?? 0) });
    }
    revisions.push({ revision: one.revision, callers: sum(Object.values(one.steps)) });
  }
  const elsewhere = sum([...steps].flatMap(([step, here]) => (drawn.has(step) ? [] : [here])));
  return {
    steps,
    callers: sum(steps.values()),
    revisions: revisions.toSorted((a, b) => b.callers - a.callers),
    elsewhere,
  };
}

function sum(steps: Iterable<LiveStep>): number {
  let all = 0;
  for (const { callers } of steps) all += callers;
  return all;
}
