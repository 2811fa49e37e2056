// The values of a flow: their types, and how they are written: `3`, `hola`, `{cel: tries + 1}`.
import { z } from 'zod';
import { strict } from '../document/shape.js';

/** An `int` is a whole number of JavaScript here; CEL sees it as a 64-bit integer. */
export type Value = string | number | boolean;
export type ValueType = 'string' | 'int' | 'double' | 'bool';

/** Types of what Hilo itself tells, e.g. `customer.tags`. */
export type FactType = ValueType | 'list<string>';

export interface Variable {
  readonly type: ValueType;
  readonly initial: Value;
}

export function typeOf(value: Value): ValueType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'double';
}

/** CEL; `true` and `3` are expressions too. */
export const celSource = z
  .union([z.string(), z.number(), z.boolean()], { error: 'this has to be a condition, in quotes' })
  .transform(String)
  .meta({ title: 'condition' });

export const valueSchema = z
  .union([z.string(), z.number(), z.boolean(), strict({ cel: celSource.describe('Computed with CEL.') })], {
    error: 'this has to be a text, a number, true or false, or {cel: …}',
  })
  .meta({ title: 'value, or `{ cel: … }`' });
