// Proof: something leads to every step.

import { reachableFrom } from '../ways/graph.js';
import { issueAt, type Proof } from './draft.js';

export const unreachableSteps: Proof = ({ drafts }) =>
  drafts.flatMap((draft) => {
    const { arrows, starts } = draft;
    // Without a start that exists nothing can be said.
    if (arrows === undefined || starts === undefined || starts.length === 0) return [];
    const reached = reachableFrom(starts, arrows);
    return [...arrows.keys()]
      .filter((step) => !reached.has(step))
      .map((step) =>
        issueAt(draft, ['steps', step], `nothing leads to step '${step}'`, 'remove it or go to it', { part: 'key' }),
      );
  });
