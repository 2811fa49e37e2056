// A flow as boxes and arrows, with what is wrong at each box.
import type { Issue } from '../../document/issue.js';
import type { Step } from '../flow.js';
import type { Draft } from '../proof/draft.js';
import type { StepTitle } from '../step-title.js';

export interface Box {
  readonly name: string;
  readonly title?: StepTitle;
  /** Where its name stands in the text, from 1. */
  readonly line: number;
  /** What it does, with the queue or flow it names: `queue sales`; '' for a step that could not be read. */
  readonly deed: string;
  readonly role: 'person' | 'listens' | 'end' | 'plain';
  readonly issues: readonly Issue[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** `1`, `otherwise`; several ways to one step in one arrow. */
  readonly label: string;
}

export interface Picture {
  readonly name: string;
  readonly start: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** `issues`: of all files; those within the lines of a step belong to its box. */
export function pictureOf(draft: Draft, issues: readonly Issue[]): Picture {
  const names = [...(draft.arrows?.keys() ?? [])];
  const lines = new Map(names.map((name) => [name, draft.text.placeOf(['steps', name], 'key').line]));
  const begins = [...lines].map(([name, line]) => ({ name, line }));
  const stepAt = (line: number) =>
    begins
      .filter((begin) => begin.line <= line)
      .toSorted((a, b) => b.line - a.line || names.indexOf(b.name) - names.indexOf(a.name))[0]?.name;
  const own = issues.filter(({ file }) => file === draft.text.file);
  const start = draft.starts?.[0] ?? '';
  const boxes = names.map((name): Box => {
    const step = draft.steps?.get(name);
    const ends = step !== undefined && step.exits.length === 0;
    const role = step?.traits.person ? 'person' : step?.listens ? 'listens' : ends ? 'end' : 'plain';
    // What is wrong before the first step, e.g. that none leads to a person, is told where calls begin.
    const here = own.filter(({ line }) => (stepAt(line) ?? start) === name);
    const title = step?.title === undefined ? {} : { title: step.title };
    return {
      name,
      ...title,
      line: lines.get(name) ?? 1,
      deed: step === undefined ? '' : deedOf(step),
      role,
      issues: here,
    };
  });
  return { name: draft.name, start, boxes, arrows: names.flatMap((name) => arrowsFrom(draft, name, new Set(names))) };
}

function deedOf({ traits, subFlow }: Step): string {
  const named = subFlow?.flow ?? traits.keys['queue'];
  return typeof named === 'string' ? `${traits.kind} ${named}` : traits.kind;
}

function arrowsFrom(draft: Draft, from: string, names: ReadonlySet<string>): Arrow[] {
  const step = draft.steps?.get(from);
  const ways = step?.traits.ways.map(({ path, to }) => ({ to, label: labelOf(path) }));
  const guessed = draft.arrows?.get(from)?.map((to) => ({ to, label: '?' }));
  const labels = new Map<string, string[]>();
  for (const { to, label } of ways ?? guessed ?? []) {
    if (names.has(to)) labels.set(to, [...new Set([...(labels.get(to) ?? []), label])]);
  }
  return [...labels].map(([to, all]) => ({ from, to, label: all.filter((one) => one !== 'next').join(', ') }));
}

/** `keys 1` → `1`, `cases 0 next` → `case 1`. */
function labelOf(path: readonly (string | number)[]): string {
  const [first, second] = path;
  if (first === 'cases' || first === 'rules') return `case ${Number(second) + 1}`;
  return String(second ?? first);
}
