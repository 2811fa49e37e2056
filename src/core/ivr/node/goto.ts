// `goto`: goes on at another step; gives a place in the flow a second name.
import { stepKind, stepName } from '../step-kind.js';

const about = {
  summary: 'Goes on at another step: gives a place in the flow a second name.',
  example: `
do: goto
next: support`,
  keys: { next: stepName.describe('The step it stands for.') },
};

export const goto = stepKind(about, (keys, scope) => {
  const next = scope.exit(['next'], keys.next);
  return { enter: () => ({ kind: 'go', to: next, outcome: 'gone' }) };
});
