// `flow`: walks another flow and goes on when it returns, with values handed in and taken out.
import { z } from 'zod';
import { strict } from '../../document/shape.js';
import { stepKind, stepName } from '../step-kind.js';
import type { Value, ValueType } from '../value.js';
import { valueSchema } from '../value.js';
import type { HandedType } from '../variable/declaration.js';
import type { Secret } from '../variable/secret.js';

const shape = {
  flow: z.string().describe('Its name. It speaks the same languages, and may not lead back here.'),
  give: z
    .record(z.string(), z.union([strict({ secret: z.string().describe('A secret of ours.') }), valueSchema]))
    .default({})
    .describe(
      'Values for variables of the sub-flow: theirs on the left, ours on the right; `{ secret: pin }` for what is secret.',
    ),
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
  const gives: { theirs: string; type: HandedType }[] = [];
  const entrusted: { theirs: string; ours: string }[] = [];
  const given = Object.entries(keys.give).flatMap(([theirs, raw]) => {
    if (typeof raw === 'object' && 'secret' in raw) {
      gives.push({ theirs, type: 'secret' });
      entrusted.push({ theirs, ours: scope.secret(['give', theirs, 'secret'], raw.secret) });
      return [];
    }
    const value = scope.value(['give', theirs], raw, ANY);
    if (value === undefined) return [];
    gives.push({ theirs, type: value.type });
    return [{ theirs, value }];
  });
  const takes = Object.entries(keys.take).flatMap(
    ([ours, theirs]): { ours: string; theirs: string; type: HandedType }[] => {
      if (scope.header.secrets.has(ours)) return [{ ours, theirs, type: 'secret' }];
      const variable = scope.variable(['take', ours], ours, 'key');
      return variable === undefined ? [] : [{ ours, theirs, type: variable.type }];
    },
  );
  return {
    subFlow: { flow: keys.flow, gives, takes },
    enter(at) {
      const values: Record<string, Value> = {};
      const secrets: Record<string, Secret> = {};
      const missing: string[] = [];
      for (const { theirs, value } of given) {
        const result = value.evaluate(at.facts);
        // Not computable: the sub-flow begins with the value it declares, and the trace says so.
        if (result === undefined) missing.push(theirs);
        else values[theirs] = result;
      }
      for (const { theirs, ours } of entrusted) {
        const secret = at.secret(ours);
        if (secret === undefined) missing.push(theirs);
        else secrets[theirs] = secret;
      }
      return { kind: 'call', flow: keys.flow, values, secrets, missing };
    },
    returned(results, secretResults) {
      const values: Record<string, Value> = {};
      const secrets: Record<string, Secret> = {};
      for (const { ours, theirs, type } of takes) {
        const [result, secret] = [results[theirs], secretResults[theirs]];
        if (type === 'secret' && secret !== undefined) secrets[ours] = secret;
        if (type !== 'secret' && result !== undefined) values[ours] = result;
      }
      return { kind: 'go', to: next, outcome: 'returned', values, secrets };
    },
  };
});
