// Proof: who calls can get to a person, with few keys and soon. Counted over the flow and those it calls, with every text heard to its end.
import type { Issue } from '../../document/issue.js';
import { shortestWays, type Ways } from '../ways/shortest-ways.js';
import { type Draft, entryDrafts, issueAt, type Proof, type Subject } from './draft.js';

export const wayToPerson: Proof = (subject) => {
  const known = new Map<string, Ways>();
  return entryDrafts(subject).flatMap((draft) => {
    if (draft.flow === undefined || draft.noPerson !== undefined) return [];
    return faultOf(draft, shortestWays(draft, subject.byName, known), subject);
  });
};

function faultOf(draft: Draft, ways: Ways, { budgets }: Subject): Issue[] {
  const fault = (message: string, advice: string) => [
    issueAt(draft, ['start'], message, advice, { severity: budgets.beyond }),
  ];
  const fewest = ways.person.findIndex((way) => way !== undefined);
  const found = ways.person[fewest];
  if (found === undefined) {
    const advice = 'add a queue or forward step, or say why not: person: { none: … }';
    return fault('no way leads to a person from here', advice);
  }
  const advice = 'shorten the way, or see budgets in centre.yaml';
  if (fewest > budgets.keysToPerson) {
    const message = `no way to a person with ${budgets.keysToPerson} keys: the shortest takes ${fewest} (${found.trail.join(' → ')})`;
    return fault(message, advice);
  }
  const quickest = ways.person
    .slice(0, budgets.keysToPerson + 1)
    .flatMap((way) => way ?? [])
    .toSorted((a, b) => a.ms - b.ms)[0];
  const seconds = Math.ceil((quickest ?? found).ms / 1_000);
  if (seconds <= budgets.secondsToPerson) return [];
  const trail = (quickest ?? found).trail.join(' → ');
  return fault(
    `no way to a person within ${budgets.secondsToPerson} s: the quickest takes about ${seconds} s (${trail})`,
    advice,
  );
}
