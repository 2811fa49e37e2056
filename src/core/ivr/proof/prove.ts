// All proofs about flows, in one list.
import { DEFAULT_BUDGETS } from '../../document/budgets.js';
import { type Issue, isError } from '../../document/issue.js';
import type { Surroundings } from '../scope.js';
import { announcedKeys } from './announced-keys.js';
import { deafLoops } from './deaf-loops.js';
import type { Draft, Proof } from './draft.js';
import { impossibleWaits } from './impossible-waits.js';
import { menuSizes } from './menu-sizes.js';
import { otherNumbers } from './other-numbers.js';
import { recordedWithoutText } from './recorded-without-text.js';
import { subFlows } from './sub-flows.js';
import { unreachableSteps } from './unreachable-steps.js';
import { unsetVariables } from './unset-variables.js';
import { wayToPerson } from './way-to-person.js';

/** Of each flow as it stands, whatever else is wrong. */
const PROOFS: readonly Proof[] = [
  subFlows,
  unreachableSteps,
  deafLoops,
  unsetVariables,
  recordedWithoutText,
  announcedKeys,
  impossibleWaits,
  otherNumbers,
];

/** Of the whole: where there is an error somewhere, a way may only seem to be missing. */
const PROOFS_OF_GOOD_FLOWS: readonly Proof[] = [menuSizes, wayToPerson];

export function prove(drafts: readonly Draft[], around: Surroundings): Issue[] {
  const byName = new Map<string, Draft>();
  for (const draft of drafts) if (!byName.has(draft.name)) byName.set(draft.name, draft);
  const { budgets = DEFAULT_BUDGETS, entries = new Set<string>() } = around;
  const { isHeard } = around;
  const subject = { drafts, byName, budgets, entries, ...(isHeard === undefined ? {} : { isHeard }) };
  const issues = PROOFS.flatMap((proof) => proof(subject));
  const wrong = [...drafts.flatMap((draft) => draft.issues), ...issues].some(isError);
  return wrong ? issues : [...issues, ...PROOFS_OF_GOOD_FLOWS.flatMap((proof) => proof(subject))];
}
