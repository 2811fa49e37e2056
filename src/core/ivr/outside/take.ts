// What a flow takes from the answer of another system: single values by JSON pointer, each of the type of its variable.
// Nothing else of an answer is kept anywhere.
import { MAX_VALUE_CHARS } from '../limits.js';
import type { Value, ValueType } from '../value.js';
import { valueAt } from './json-pointer.js';

export interface Target {
  /** Of the variable. */
  readonly name: string;
  readonly type: ValueType;
  /** JSON pointer. */
  readonly at: string;
  /** When nothing is there; absent: that is a failure. */
  readonly or?: Value;
}

/** All of them, or the name of the first that is not there as its variable wants it. */
export type Taken = { readonly values: Readonly<Record<string, Value>> } | { readonly wrong: string };

export function takenFrom(body: unknown, targets: readonly Target[]): Taken {
  const values: Record<string, Value> = {};
  for (const { name, type, at, or } of targets) {
    const value = valueAt(body, at) ?? or;
    if (!fits(value, type)) return { wrong: name };
    values[name] = value;
  }
  return { values };
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The answer to an `http` ask: of an error nothing is taken. */
export function httpAnswer(
  { take }: { readonly take: readonly Target[] },
  status: number,
  body: unknown,
): { readonly kind: 'http'; readonly outcome: 'answered'; readonly status: number; readonly taken: Taken } {
  const taken = isSuccess(status) ? takenFrom(body, take) : { values: {} };
  return { kind: 'http', outcome: 'answered', status, taken };
}

export function fits(value: unknown, type: ValueType): value is Value {
  switch (type) {
    case 'string':
      return typeof value === 'string' && value.length <= MAX_VALUE_CHARS;
    case 'int':
      return Number.isSafeInteger(value);
    case 'double':
      return typeof value === 'number' && Number.isFinite(value);
    case 'bool':
      return typeof value === 'boolean';
  }
}
