// Proof: every loop waits for a key somewhere, else a call would run in circles, or its caller be led in circles.
import { loops, reachableFrom } from '../ways/graph.js';
import { type Draft, issueAt, type Proof } from './draft.js';

export const deafLoops: Proof = ({ drafts, byName }) => {
  const passable = new Map<string, boolean>();
  return drafts.flatMap((draft) =>
    loops(deafArrows(draft, byName, passable)).map((loop) => {
      const walk = [...loop, loop[0]].join(' → ');
      const advice = 'put a menu or a gather into it';
      return issueAt(draft, ['steps', loop[0] ?? ''], `this loop never waits for a key: ${walk}`, advice, {
        part: 'key',
      });
    }),
  );
};

/** The steps that can be passed without a key, and where they lead then. */
function deafArrows(
  draft: Draft,
  byName: ReadonlyMap<string, Draft>,
  passable: Map<string, boolean>,
): Map<string, readonly string[]> {
  const arrows = new Map<string, readonly string[]>();
  for (const [name, step] of draft.steps ?? []) {
    const { ways, deaf } = step.traits;
    const called = step.subFlow?.flow;
    if (step.listens)
      arrows.set(
        name,
        ways.filter(({ path }) => deaf.includes(String(path[0]))).map(({ to }) => to),
      );
    else if (called === undefined || canBePassed(called, byName, passable)) arrows.set(name, step.exits);
  }
  return arrows;
}

/** A sub-flow can be passed when its `return` can be reached without a key. `passable`: of flows looked at before; it is added to. */
function canBePassed(flow: string, byName: ReadonlyMap<string, Draft>, passable: Map<string, boolean>): boolean {
  const before = passable.get(flow);
  if (before !== undefined) return before;
  // Where flows call each other in a circle, which is a mistake of its own, the circle is passable where it closes.
  passable.set(flow, true);
  const draft = byName.get(flow);
  const start = draft?.flow?.start;
  // A flow that is unknown or broken is a mistake of its own too, not a loop.
  const reached =
    draft === undefined || start === undefined ? [] : reachableFrom([start], deafArrows(draft, byName, passable));
  const found = [...reached].some((name) => draft?.steps?.get(name)?.traits.kind === 'return');
  passable.set(flow, found);
  return found;
}
