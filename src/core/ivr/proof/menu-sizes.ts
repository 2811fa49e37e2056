// Proof: no menu offers more, and no more menus follow each other, than the centre allows itself.
import type { Issue } from '../../document/issue.js';
import type { Step } from '../flow.js';
import { type Draft, entryDrafts, issueAt, type Proof, type Subject, stepsOf } from './draft.js';

export const menuSizes: Proof = (subject) => [...tooLong(subject), ...tooDeep(subject)];

function tooLong(subject: Subject): Issue[] {
  const { menuOptions, beyond } = subject.budgets;
  return stepsOf(subject).flatMap(({ draft, name, step }) => {
    if (!isMenu(step)) return [];
    const digits = step.traits.ways.filter(({ path }) => path[0] === 'keys' && /^\d$/.test(String(path[1])));
    if (digits.length <= menuOptions) return [];
    const message = `this menu has ${digits.length} options, ${menuOptions} are allowed`;
    const advice = 'nobody remembers more; see budgets: menu-options in centre.yaml';
    return [issueAt(draft, ['steps', name, 'keys'], message, advice, { severity: beyond })];
  });
}

/** A menu is as deep as the fewest menus on the way to it, itself included, from the beginning of a call. */
function tooDeep(subject: Subject): Issue[] {
  const { depth, beyond } = subject.budgets;
  const depths = menuDepths(subject);
  return stepsOf(subject).flatMap(({ draft, name, step }) => {
    const found = depths.get(placeName(draft, name));
    if (!isMenu(step) || found === undefined || found <= depth) return [];
    const message = `this is the menu number ${found} in a row, ${depth} are allowed`;
    return [
      issueAt(draft, ['steps', name], message, 'see budgets: depth in centre.yaml', { severity: beyond, part: 'key' }),
    ];
  });
}

/** Breadth first with weights 0 and 1, over all flows at once; `return` goes back to whoever called. */
function menuDepths(subject: Subject): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const steps = new Map(stepsOf(subject).map((place) => [placeName(place.draft, place.name), place]));
  const returnsTo = callersOf(subject);
  let level: string[] = entryDrafts(subject).flatMap((draft) =>
    draft.flow === undefined ? [] : [placeName(draft, draft.flow.start)],
  );
  for (let depth = 0; level.length > 0; depth += 1) {
    const deeper: string[] = [];
    for (let name = level.pop(); name !== undefined; name = level.pop()) {
      const place = steps.get(name);
      if (place === undefined || depths.has(name)) continue;
      const { draft, step } = place;
      const menu = isMenu(step);
      depths.set(name, menu ? depth + 1 : depth);
      const sub = step.subFlow === undefined ? undefined : subject.byName.get(step.subFlow.flow);
      const inside = sub?.flow === undefined ? [] : [placeName(sub, sub.flow.start)];
      const outside = step.traits.kind === 'return' ? (returnsTo.get(draft.name) ?? []) : [];
      const onward = inside.length > 0 ? inside : step.exits.map((exit) => placeName(draft, exit));
      (menu ? deeper : level).push(...onward, ...outside);
    }
    level = deeper;
  }
  return depths;
}

/** Flow → the steps after those that call it. */
function callersOf(subject: Subject): ReadonlyMap<string, string[]> {
  const after = new Map<string, string[]>();
  for (const { draft, step } of stepsOf(subject)) {
    if (step.subFlow === undefined) continue;
    const exits = step.exits.map((exit) => placeName(draft, exit));
    after.set(step.subFlow.flow, [...(after.get(step.subFlow.flow) ?? []), ...exits]);
  }
  return after;
}

function isMenu(step: Step): boolean {
  return step.traits.kind === 'menu';
}

function placeName(draft: Draft, step: string): string {
  return `${draft.name}/${step}`;
}
