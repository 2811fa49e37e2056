// Proof: what is filled in or computed with was given a value before, on every path. Whatever tests it knows what it does.

import type { StepTraits, Way } from '../ways/traits.js';
import { type Draft, issueAt, type Proof, stepsOf } from './draft.js';

/** Ways on which a step has not given its values: the caller typed nothing, the other side did not answer. */
const FAILURES = ['otherwise', 'failed', 'status'];

export const unsetVariables: Proof = (subject) => {
  const given = givenByCallers(subject.drafts);
  return subject.drafts.flatMap((draft) => {
    const empty = emptyAtFirst(draft, given.get(draft.name));
    if (empty.size === 0) return [];
    const unset = unsetAt(draft, empty);
    return stepsOf({ ...subject, drafts: [draft] }).flatMap(({ name, step }) =>
      step.traits.reads
        .filter((read) => unset.get(name)?.has(read.name) === true && !testedIn(step.traits).has(read.name))
        .map((read) => {
          const message = `'${read.name}' may still be empty here`;
          const advice = 'set it on every way to this step, or test it first';
          return issueAt(draft, ['steps', name, ...read.path], message, advice, { severity: 'warning' });
        }),
    );
  });
};

/** Variables that begin as '': a number or true/false says something from the first moment. */
function emptyAtFirst(draft: Draft, given: ReadonlySet<string> | undefined): ReadonlySet<string> {
  const variables = [...(draft.flow?.variables ?? [])];
  return new Set(
    variables
      .filter(([name, { initial }]) => initial === '' && given?.has(name) !== true)
      // An input has to be given, or may be left empty on purpose.
      .filter(([name]) => draft.flow?.inputs?.has(name) !== true)
      .map(([name]) => name),
  );
}

/** Sub-flow → the variables that every step that calls it gives a value. */
function givenByCallers(drafts: readonly Draft[]): ReadonlyMap<string, ReadonlySet<string>> {
  const given = new Map<string, ReadonlySet<string>>();
  for (const step of drafts.flatMap((draft) => [...(draft.steps?.values() ?? [])])) {
    if (step.subFlow === undefined) continue;
    const names = new Set(step.subFlow.gives.map(({ theirs }) => theirs));
    const before = given.get(step.subFlow.flow);
    given.set(step.subFlow.flow, before === undefined ? names : new Set([...before].filter((name) => names.has(name))));
  }
  return given;
}

/** Step → the variables that are still empty when it is entered on some path. Grows until nothing changes; ends as sets only grow. */
function unsetAt(draft: Draft, empty: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const unset = new Map<string, Set<string>>();
  const open: { step: string; names: ReadonlySet<string> }[] = (draft.starts ?? []).map((step) => ({
    step,
    names: empty,
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { step: name, names } = next;
    const known = unset.get(name);
    const traits = draft.steps?.get(name)?.traits;
    if (traits === undefined || (known !== undefined && [...names].every((one) => known.has(one)))) continue;
    const now = new Set([...(known ?? []), ...names]);
    unset.set(name, now);
    for (const way of traits.ways) {
      const settled = settledOn(traits, way);
      open.push({ step: way.to, names: new Set([...now].filter((one) => !settled.has(one))) });
    }
  }
  return unset;
}

function settledOn(traits: StepTraits, way: Way): ReadonlySet<string> {
  // A branch sends those for whom it is empty another way; a text that tests leaves everybody where they were.
  const tested = traits.kind === 'branch' ? testedIn(traits) : [];
  const failed = FAILURES.includes(String(way.path[0]));
  return new Set(failed ? tested : [...tested, ...traits.writes.map(({ name }) => name)]);
}

function testedIn({ reads }: StepTraits): ReadonlySet<string> {
  return new Set(reads.filter(({ use }) => use === 'condition').map(({ name }) => name));
}
