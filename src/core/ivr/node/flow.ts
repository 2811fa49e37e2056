// `flow`: walks another flow and goes on when it returns, with values handed in and taken out.
import { z } from 'zod';
import { stepKind, stepName } from '../step-kind.js';
import type { Value, ValueType } from '../value.js';
import { valueSchema } from '../value.js';

const shape = {
  flow: z.string().describe('Its name. It speaks the same languages, and may not lead back here.'),
  give: z
    .record(z.string(), valueSchema)
    .default({})
    .describe('Values for variables of the sub-flow: theirs on the left, ours on the right.'),
  take: z
    .record(z.string(), z.string())
    .default({})
    .describe('Values out of it when it returns: our variable on the left, theirs on the right.'),
  next: stepName.describe('After its `return`.'),
};

const about = {
  summary: 'Walks another flow and goes on when it returns, with values handed in and taken out.',
  example: `
do: flow
flow: ask-number
give: { tries: 2 }
take: { order: number }
next: found`,
  keys: shape,
};

const ANY: readonly ValueType[] = ['string', 'int', 'double', 'bool'];

export const flow = stepKind(about, (keys, scope) => {
  const next = scope.exit(['next'], keys.next);
  const gives: { theirs: string; type: ValueType }[] = [];
  const given = Object.entries(keys.give).flatMap(([theirs, raw]) => {
    const value = scope.value(['give', theirs], raw, ANY);
    if (value === undefined) return [];
    gives.push({ theirs, type: value.type });
    return [{ theirs, value }];
  });
  const takes = Object.entries(keys.take).flatMap(([ours, theirs]) => {
    const variable = scope.variable(['take', ours], ours, 'key');
    return variable === undefined ? [] : [{ ours, theirs, type: variable.type }];
  });
  return {
    subFlow: { flow: keys.flow, gives, takes },
    enter(at) {
      const values: Record<string, Value> = {};
      for (const { theirs, value } of given) {
        const result = value.evaluate(at.facts);
        // Not computable: the sub-flow begins with the value it declares.
        if (result !== undefined) values[theirs] = result;
      }
      return { kind: 'call', flow: keys.flow, values };
    },
    returned(results) {
      const values: Record<string, Value> = {};
      for (const { ours, theirs } of takes) {
        const result = results[theirs];
        if (result !== undefined) values[ours] = result;
      }
      return { kind: 'go', to: next, outcome: 'returned', values };
    },
  };
});
