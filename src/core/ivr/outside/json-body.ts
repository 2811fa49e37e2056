// The body of a request as a flow writes it: JSON with literal values and `{cel: …}`, computed when the request is made.
import { z } from 'zod';
import type { Path } from '../../document/yaml-text.js';
import type { StepContext } from '../flow.js';
import type { Scope } from '../scope.js';
import type { ValueType } from '../value.js';

const MAX_DEPTH = 8;
const MAX_VALUES = 200;
export const MAX_BODY_CHARS = 64 * 1024;

const ANY: readonly ValueType[] = ['string', 'int', 'double', 'bool'];

export const bodySchema = z.record(z.string(), z.unknown(), { error: 'a body is a block of keys' });

/** undefined: something in it cannot be computed from what the call brought. */
type Part = (at: StepContext) => { readonly value: unknown } | undefined;

/** JSON text of the body for a call; undefined when it cannot be computed, or gets too long. */
export function compileBody(
  path: Path,
  raw: Readonly<Record<string, unknown>>,
  scope: Scope,
): (at: StepContext) => string | undefined {
  let left = MAX_VALUES;
  const partOf = (at: Path, value: unknown): Part => {
    left -= 1;
    if (left === 0) scope.issue(path, 'this body is too large', `at most ${MAX_VALUES} values`);
    if (left <= 0) return () => undefined;
    if (at.length - path.length > MAX_DEPTH) {
      scope.issue(at, 'this body is nested too deep', `at most ${MAX_DEPTH} levels`);
      return () => undefined;
    }
    if (Array.isArray(value)) return listOf(value.map((item, index) => partOf([...at, index], item)));
    if (typeof value !== 'object' || value === null) return () => ({ value });
    const { cel, ...others } = value as Readonly<Record<string, unknown>>;
    if (cel === undefined) {
      return blockOf(Object.entries(value).map(([key, item]) => [key, partOf([...at, key], item)]));
    }
    if (Object.keys(others).length > 0) scope.issue(at, "nothing can stand beside 'cel'", 'a block of its own');
    const expression = scope.expression([...at, 'cel'], String(cel), ANY, 'value');
    return (context) => {
      const computed = expression?.evaluate(context.facts);
      return computed === undefined ? undefined : { value: computed };
    };
  };
  const whole = partOf(path, raw);
  return (at) => {
    const body = whole(at);
    const text = body === undefined ? undefined : JSON.stringify(body.value);
    return text === undefined || text.length > MAX_BODY_CHARS ? undefined : text;
  };
}

function listOf(parts: readonly Part[]): Part {
  return (at) => {
    const values: unknown[] = [];
    for (const part of parts) {
      const made = part(at);
      if (made === undefined) return undefined;
      values.push(made.value);
    }
    return { value: values };
  };
}

function blockOf(parts: readonly (readonly [string, Part])[]): Part {
  return (at) => {
    const values: [string, unknown][] = [];
    for (const [key, part] of parts) {
      const made = part(at);
      if (made === undefined) return undefined;
      values.push([key, made.value]);
    }
    // fromEntries defines own properties, also for `__proto__`.
    return { value: Object.fromEntries(values) };
  };
}
