// `customer`: looks the caller up in the record, once per call; then `customer.name` and the rest are known.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { firstSpoken } from '../../interaction/language.js';
import type { Move } from '../flow.js';
import { stepKind, stepName } from '../step-kind.js';
import type { CustomerFacts } from './customer.js';

const shape = {
  speak: z
    .boolean()
    .default(false)
    .describe("Go on in the customer's language, where it is known and the flow has it."),
  next: stepName.describe('Called or wrote before.'),
  otherwise: stepName.describe('Never heard of, or the record does not answer.'),
};

const about = {
  summary: 'Looks the caller up in the record by the number; conditions and texts then know `customer.name` and more.',
  example: `
do: customer
speak: true
next: support
otherwise: sales`,
  keys: shape,
};

export const lookUp = stepKind(about, (keys, scope) => {
  const { languages } = scope.header;
  const next = scope.exit(['next'], keys.next);
  const otherwise = scope.exit(['otherwise'], keys.otherwise);
  const goOn = (customer: CustomerFacts): Move => {
    const language = keys.speak ? firstSpoken([customer.language], languages) : undefined;
    const speaks = language === undefined ? {} : { language };
    return customer.known
      ? { kind: 'go', to: next, outcome: 'known', customer, ...speaks }
      : { kind: 'go', to: otherwise, outcome: 'unknown', customer, ...speaks };
  };
  return {
    enter: (at) => (at.isLookedUp ? goOn(at.facts.customer) : { kind: 'ask', ask: { kind: 'customer' } }),
    answer(answer) {
      assert(answer.kind === 'customer', 'a look-up is answered by what was found');
      if (answer.outcome === 'found') return goOn(answer.customer);
      return { kind: 'go', to: otherwise, outcome: `failed:${answer.reason}` };
    },
  };
});
