// What only shows when all flows lie side by side: names of each other, circles of calls, loops that never wait for a key.
import type { Issue } from '../document/issue.js';
import { adviseName } from '../document/spelling.js';
import type { Path, YamlText } from '../document/yaml-text.js';
import { TYPE_WORDS } from './expression.js';
import type { Flow, Step, SubFlowUse } from './flow.js';
import { loops } from './proof/graph.js';

/** A flow on its way: `flow` is there when its head is good, `steps` as far as they could be compiled. */
export interface Draft {
  readonly name: string;
  readonly text: YamlText;
  readonly issues: readonly Issue[];
  readonly steps?: ReadonlyMap<string, Step>;
  readonly flow?: Flow;
}

export function linkFlows(drafts: readonly Draft[]): Issue[] {
  const byName = new Map<string, Draft>();
  const issues: Issue[] = [];
  for (const draft of drafts) {
    const other = byName.get(draft.name);
    if (other === undefined) byName.set(draft.name, draft);
    else issues.push(issueAt(draft, ['name'], `'${draft.name}' is also in ${other.text.file}`, 'rename one of them'));
  }
  const circles = new Set(loops(callArrows(byName)).flat());
  for (const draft of drafts) {
    for (const [name, step] of draft.steps ?? []) {
      if (step.subFlow !== undefined) issues.push(...checkUse(draft, name, step.subFlow, byName, circles));
    }
    issues.push(...findDeafLoops(draft, byName));
  }
  return issues;
}

function callArrows(byName: ReadonlyMap<string, Draft>): Map<string, string[]> {
  return new Map([...byName].map(([name, draft]) => [name, [...(draft.steps?.values() ?? [])].flatMap(calledFlow)]));
}

function calledFlow(step: Step): string[] {
  return step.subFlow === undefined ? [] : [step.subFlow.flow];
}

function checkUse(
  draft: Draft,
  step: string,
  use: SubFlowUse,
  byName: ReadonlyMap<string, Draft>,
  circles: ReadonlySet<string>,
): Issue[] {
  const at: Path = ['steps', step];
  const called = byName.get(use.flow);
  if (called === undefined) {
    return [issueAt(draft, [...at, 'flow'], `there is no flow '${use.flow}'`, adviseName(use.flow, byName.keys()))];
  }
  const issues: Issue[] = [];
  if (circles.has(draft.name) && circles.has(use.flow)) {
    issues.push(
      issueAt(draft, [...at, 'flow'], `'${use.flow}' leads back to '${draft.name}'`, 'a flow may not call itself'),
    );
  }
  const flow = called.flow;
  if (flow === undefined) return issues;
  const ours = draft.flow?.languages ?? flow.languages;
  const missing = ours.find((language) => !flow.languages.includes(language));
  const extra = flow.languages.find((language) => !ours.includes(language));
  if (missing !== undefined)
    issues.push(
      issueAt(
        draft,
        [...at, 'flow'],
        `'${use.flow}' does not speak '${missing}'`,
        'both flows need the same languages',
      ),
    );
  else if (extra !== undefined)
    issues.push(
      issueAt(draft, [...at, 'flow'], `'${use.flow}' also speaks '${extra}'`, 'both flows need the same languages'),
    );
  const check = (path: Path, theirs: string, type: keyof typeof TYPE_WORDS) => {
    const variable = flow.variables.get(theirs);
    if (variable === undefined) {
      const advice = adviseName(theirs, flow.variables.keys());
      issues.push(issueAt(draft, path, `'${use.flow}' has no variable '${theirs}'`, advice));
    } else if (variable.type !== type && !(path.includes('give') && variable.type === 'double' && type === 'int')) {
      const message = `'${theirs}' of '${use.flow}' holds ${TYPE_WORDS[variable.type]}, not ${TYPE_WORDS[type]}`;
      issues.push(issueAt(draft, path, message, 'declare both alike'));
    }
  };
  for (const { theirs, type } of use.gives) check([...at, 'give', theirs], theirs, type);
  for (const { ours, theirs, type } of use.takes) check([...at, 'take', ours], theirs, type);
  return issues;
}

/** Loops of steps none of which waits for a key: such a call would run in circles, or its caller be led in circles. */
function findDeafLoops(draft: Draft, byName: ReadonlyMap<string, Draft>): Issue[] {
  const deaf = [...(draft.steps ?? [])].filter(([, step]) => !listens(step, byName, []));
  return loops(new Map(deaf.map(([name, step]) => [name, step.exits]))).map((loop) => {
    const walk = [...loop, loop[0]].join(' → ');
    const path = ['steps', loop[0] ?? ''];
    return issueAt(draft, path, `this loop never waits for a key: ${walk}`, 'put a menu or a gather into it', 'key');
  });
}

function listens(step: Step, byName: ReadonlyMap<string, Draft>, trail: readonly string[]): boolean {
  if (step.listens) return true;
  const called = step.subFlow?.flow;
  if (called === undefined || trail.includes(called)) return false;
  const steps = byName.get(called)?.steps;
  // An unknown flow is a mistake of its own, not a loop.
  return steps === undefined || [...steps.values()].some((inner) => listens(inner, byName, [...trail, called]));
}

function issueAt(draft: Draft, path: Path, message: string, advice: string, part: 'key' | 'value' = 'value'): Issue {
  return { severity: 'error', file: draft.text.file, ...draft.text.placeOf(path, part), message, advice };
}
