// A flow while it is proved: as far as it could be compiled, with its text to point into.
import type { Budgets } from '../../document/budgets.js';
import type { Issue } from '../../document/issue.js';
import type { Path, YamlText } from '../../document/yaml-text.js';
import type { Flow, Step } from '../flow.js';
import type { Arrows } from '../ways/graph.js';

/** `flow` is there when its head is good, `steps` as far as they could be compiled. */
export interface Draft {
  readonly name: string;
  readonly text: YamlText;
  readonly issues: readonly Issue[];
  readonly steps?: ReadonlyMap<string, Step>;
  /** From every step, also from those with mistakes, to every step that stands in it. */
  readonly arrows?: Arrows;
  /** Where walks begin: the start and the fallback; empty when there is no such start. */
  readonly starts?: readonly string[];
  /** Why no way to a person is asked of this flow. */
  readonly noPerson?: string;
  readonly flow?: Flow;
}

export interface Subject {
  readonly drafts: readonly Draft[];
  readonly byName: ReadonlyMap<string, Draft>;
  /** Flows that numbers of the centre lead to. */
  readonly entries: ReadonlySet<string>;
  readonly budgets: Budgets;
  /** Whether a prompt of the centre has a sound or a text in a language; absent: nobody knows. */
  readonly isHeard?: (prompt: string, language: string) => boolean;
}

/** Finds one kind of fault in all flows. Pure; asks nothing of the files but what they are. */
export type Proof = (subject: Subject) => Issue[];

interface At {
  readonly severity?: Issue['severity'];
  readonly part?: 'key' | 'value';
}

export function issueAt(draft: Draft, path: Path, message: string, advice: string, at: At = {}): Issue {
  const { severity = 'error', part = 'value' } = at;
  return { severity, file: draft.text.file, ...draft.text.placeOf(path, part), message, advice };
}

/** A step with its name and the draft it stands in, for proofs that look at each step by itself. */
export function stepsOf({ drafts }: Subject): { draft: Draft; name: string; step: Step }[] {
  return drafts.flatMap((draft) => [...(draft.steps ?? [])].map(([name, step]) => ({ draft, name, step })));
}

/** Flows in which calls begin: those that a number leads to, and those that no other flow calls and that return to nobody. */
export function entryDrafts({ drafts, entries }: Subject): Draft[] {
  const called = new Set(
    drafts.flatMap((draft) => [...(draft.steps?.values() ?? [])].map((step) => step.subFlow?.flow)),
  );
  const returns = (draft: Draft) => [...(draft.steps?.values() ?? [])].some(({ traits }) => traits.kind === 'return');
  return drafts.filter((draft) => entries.has(draft.name) || (!called.has(draft.name) && !returns(draft)));
}
