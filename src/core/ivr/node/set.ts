// `set`: gives variables new values, switches the language, or notes that the caller was served by the flow itself.
import { z } from 'zod';
import { stepKind, stepName } from '../step-kind.js';
import type { Value } from '../value.js';
import { valueSchema } from '../value.js';

const shape = {
  values: z
    .record(z.string(), valueSchema)
    .default({})
    .describe('New values of variables, as written or computed: `{ tries: { cel: tries + 1 }, vip: true }`.'),
  language: z.string().optional().describe('The language of the call from here on.'),
  served: z
    .literal(true, { error: 'this can only be true' })
    .optional()
    .describe('The caller got what the flow can give: from here on a hang-up is no abandonment.'),
  next: stepName.describe('After it.'),
};

const about = {
  summary: 'Gives variables new values, switches the language, or notes that the caller was served by the flow itself.',
  example: `
do: set
values: { tries: { cel: tries + 1 }, vip: true }
language: en
next: support`,
  keys: shape,
};

export const set = stepKind(about, (keys, scope) => {
  const next = scope.exit(['next'], keys.next);
  const language = keys.language === undefined ? undefined : scope.language(['language'], keys.language);
  if (language === undefined && keys.served === undefined && Object.keys(keys.values).length === 0) {
    scope.issue([], 'this sets nothing', 'give it values, a language, or served: true');
  }
  const changes = {
    ...(language === undefined ? {} : { language }),
    ...(keys.served === undefined ? {} : { served: true as const }),
  };
  const settings = Object.entries(keys.values).flatMap(([name, raw]) => {
    const variable = scope.variable(['values', name], name, 'key');
    const value = variable === undefined ? undefined : scope.value(['values', name], raw, [variable.type]);
    return value === undefined ? [] : [{ name, value }];
  });
  return {
    enter(at) {
      const values: Record<string, Value> = {};
      const failed: string[] = [];
      for (const { name, value } of settings) {
        const result = value.evaluate(at.facts);
        if (result === undefined) failed.push(name);
        else values[name] = result;
      }
      // What cannot be computed from what the caller typed stays as it was, and the trace says so.
      const outcome = failed.length === 0 ? 'set' : `not-computed:${failed.join(',')}`;
      return { kind: 'go', to: next, outcome, values, ...changes };
    },
  };
});
