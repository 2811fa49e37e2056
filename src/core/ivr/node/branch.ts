// `branch`: goes where the first true condition points.
import { z } from 'zod';
import { strict } from '../../document/shape.js';
import { MAX_CASES } from '../limits.js';
import { stepKind, stepName } from '../step-kind.js';
import { celSource } from '../value.js';

const oneCase = strict({
  when: celSource.describe('A condition in CEL.'),
  next: stepName.describe('Where it leads when it is true.'),
});

const shape = {
  cases: z
    .array(oneCase)
    .min(1, { error: 'a branch needs at least one case' })
    .max(MAX_CASES, { error: `at most ${MAX_CASES} cases` })
    .describe('Tried in this order.'),
  otherwise: stepName.describe('None was true. A condition that cannot be computed is not true.'),
};

const about = {
  summary: 'Goes where the first true condition points.',
  example: `
do: branch
cases:
  - { when: 'vip || call.name != ""', next: sales }
  - { when: now.weekday >= 6, next: weekend }
otherwise: support`,
  keys: shape,
};

export const branch = stepKind(about, (keys, scope) => {
  const cases = keys.cases.map(({ when, next }, index) => ({
    when: scope.expression(['cases', index, 'when'], when, ['bool']),
    next: scope.exit(['cases', index, 'next'], next),
  }));
  const otherwise = scope.exit(['otherwise'], keys.otherwise);
  return {
    enter(at) {
      // A condition that cannot be computed, e.g. int('') of an empty variable, is not true.
      const hit = cases.findIndex(({ when }) => when?.evaluate(at.facts) === true);
      const to = cases[hit]?.next ?? otherwise;
      return { kind: 'go', to, outcome: hit < 0 ? 'otherwise' : `case:${hit + 1}` };
    },
  };
});
