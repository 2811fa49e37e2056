// `goto`: goes on at another step; gives a place in the flow a second name.
import { z } from 'zod';
import { stepKind } from '../step-kind.js';

export const goto = stepKind({ next: z.string() }, (keys, scope) => {
  const next = scope.exit(['next'], keys.next);
  return { enter: () => ({ kind: 'go', to: next, outcome: 'gone' }) };
});
