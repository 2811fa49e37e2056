// Proof: what flows use of each other is there and of the same type and languages, names are given once, no flow calls itself.
import type { Issue } from '../../document/issue.js';
import { adviseName } from '../../document/spelling.js';
import type { Path } from '../../document/yaml-text.js';
import type { Step, SubFlowUse } from '../flow.js';
import { missingInputs, wrongInput, wrongResult } from '../variable/entry.js';
import { loops } from '../ways/graph.js';
import { type Draft, issueAt, type Proof } from './draft.js';

export const subFlows: Proof = ({ drafts, byName }) => {
  const issues: Issue[] = [];
  const circles = new Set(loops(callArrows(byName)).flat());
  for (const draft of drafts) {
    const other = byName.get(draft.name);
    if (other !== undefined && other !== draft) {
      issues.push(issueAt(draft, ['name'], `'${draft.name}' is also in ${other.text.file}`, 'rename one of them'));
    }
    for (const [name, step] of draft.steps ?? []) {
      if (step.subFlow !== undefined) issues.push(...checkUse(draft, name, step.subFlow, byName, circles));
    }
  }
  return issues;
};

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
  const given = use.gives.map(({ theirs }) => theirs);
  for (const name of missingInputs(flow, given)) {
    const message = `'${use.flow}' has to be given '${name}'`;
    const value = flow.secrets.has(name) ? '{ secret: … }' : '…';
    issues.push(issueAt(draft, [...at, 'flow'], message, `add give: { ${name}: ${value} }`));
  }
  for (const { theirs, type } of use.gives) {
    const wrong = wrongInput(flow, theirs, type);
    if (wrong !== undefined) issues.push(issueAt(draft, [...at, 'give', theirs], wrong.message, wrong.advice));
  }
  for (const { ours, theirs, type } of use.takes) {
    const wrong = wrongResult(flow, theirs, type);
    if (wrong !== undefined) issues.push(issueAt(draft, [...at, 'take', ours], wrong.message, wrong.advice));
  }
  return issues;
}
