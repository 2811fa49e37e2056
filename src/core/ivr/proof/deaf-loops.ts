// Proof: every loop waits for a key somewhere, else a call would run in circles, or its caller be led in circles.
import type { Step } from '../flow.js';
import { loops, reachableFrom } from '../ways/graph.js';
import { type Draft, issueAt, type Proof } from './draft.js';

export const deafLoops: Proof = ({ drafts, byName }) =>
  drafts.flatMap((draft) => {
    const deaf = deafArrows(draft, byName, [draft.name]);
    return loops(deaf).map((loop) => {
      const walk = [...loop, loop[0]].join(' → ');
      const advice = 'put a menu or a gather into it';
      return issueAt(draft, ['steps', loop[0] ?? ''], `this loop never waits for a key: ${walk}`, advice, {
        part: 'key',
      });
    });
  });

/** The steps that can be passed without a key, and where they lead. */
function deafArrows(draft: Draft, byName: ReadonlyMap<string, Draft>, trail: readonly string[]): Map<string, string[]> {
  const deaf = [...(draft.steps ?? [])].filter(([, step]) => canBePassedDeaf(step, byName, trail));
  return new Map(deaf.map(([name, step]) => [name, [...step.exits]]));
}

/** A sub-flow can be passed when its `return` can be reached without a key. */
function canBePassedDeaf(step: Step, byName: ReadonlyMap<string, Draft>, trail: readonly string[]): boolean {
  if (step.listens) return false;
  const called = step.subFlow?.flow;
  if (called === undefined || trail.includes(called)) return true;
  const sub = byName.get(called);
  // A flow that is unknown or broken is a mistake of its own, not a loop.
  const start = sub?.flow?.start;
  if (sub === undefined || start === undefined) return false;
  const reached = reachableFrom([start], deafArrows(sub, byName, [...trail, called]));
  return [...reached].some((name) => sub.steps?.get(name)?.traits.kind === 'return');
}
