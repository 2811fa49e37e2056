// The body of a request as a flow writes it: JSON with literal values, `{cel: …}` computed when the request is made, and
// `{secret: …}`, what the caller typed into a secret variable.
import { z } from 'zod';
import { show } from '../../document/shape.js';
import type { Path } from '../../document/yaml-text.js';
import type { StepContext } from '../flow.js';
import type { Scope } from '../scope.js';
import type { ValueType } from '../value.js';
import { Secret } from '../variable/secret.js';

const MAX_DEPTH = 8;
const MAX_VALUES = 200;
export const MAX_BODY_CHARS = 64 * 1024;

const ANY: readonly ValueType[] = ['string', 'int', 'double', 'bool'];

export const bodySchema = z.record(z.string(), z.unknown(), { error: 'a body is a block of keys' });

/** undefined: something in it cannot be computed from what the call brought. */
type Part = (at: StepContext) => { readonly value: unknown } | undefined;

/** JSON text of the body for a call, hidden when there is a secret in it; undefined when it cannot be computed, or is too long. */
export function compileBody(
  path: Path,
  raw: Readonly<Record<string, unknown>>,
  scope: Scope,
): (at: StepContext) => string | Secret | undefined {
  const body = new Body(path, scope);
  const whole = body.partOf(path, raw);
  return (at) => {
    const made = whole(at);
    const text = made === undefined ? undefined : JSON.stringify(made.value);
    if (text === undefined || text.length > MAX_BODY_CHARS) return undefined;
    return body.isSecret ? new Secret(text) : text;
  };
}

class Body {
  isSecret = false;
  #values = 0;

  constructor(
    private readonly path: Path,
    private readonly scope: Scope,
  ) {}

  partOf(at: Path, value: unknown): Part {
    const { path, scope } = this;
    this.#values += 1;
    if (this.#values > MAX_VALUES || at.length - path.length > MAX_DEPTH) {
      scope.issue(at, 'this body is too large', `at most ${MAX_VALUES} values, ${MAX_DEPTH} levels deep`);
      return () => undefined;
    }
    if (Array.isArray(value)) {
      const parts = value.map((item, index) => this.partOf([...at, index], item));
      return (context) => {
        const made = parts.map((part) => part(context));
        return made.includes(undefined) ? undefined : { value: made.map((one) => one?.value) };
      };
    }
    if (typeof value !== 'object' || value === null) return () => ({ value });
    const keys = Object.entries(value);
    const [only] = keys;
    if (only !== undefined && keys.length === 1 && only[0] === 'cel') return this.#computed(at, show(only[1]));
    if (only !== undefined && keys.length === 1 && only[0] === 'secret') return this.#typed(at, show(only[1]));
    const parts = keys.map(([key, item]) => [key, this.partOf([...at, key], item)] as const);
    return (context) => {
      const made = parts.map(([key, part]) => [key, part(context)] as const);
      if (made.some(([, one]) => one === undefined)) return undefined;
      // fromEntries defines own properties, also for `__proto__`.
      return { value: Object.fromEntries(made.map(([key, one]) => [key, one?.value])) };
    };
  }

  #computed(at: Path, source: string): Part {
    const expression = this.scope.expression([...at, 'cel'], source, ANY, 'value');
    return (context) => {
      const value = expression?.evaluate(context.facts);
      return value === undefined ? undefined : { value };
    };
  }

  #typed(at: Path, name: string): Part {
    this.isSecret = true;
    this.scope.secret([...at, 'secret'], name);
    return (context) => {
      const typed = context.secret(name);
      return typed === undefined ? undefined : { value: typed.reveal() };
    };
  }
}
