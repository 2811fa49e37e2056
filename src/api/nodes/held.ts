// What is done with something that one node holds says so: asked of any node, it is done there.
import type { FastifySchema } from 'fastify';
import type { ErrorCode } from '../../app/errors.js';
import { type Access, type Declaration, rule } from '../access.js';

/** `talk`: the interaction `:id` that talks. `entry`: the `:entry` that waits. `own-talk`: the talk of the agent who asks. */
export type Held = 'talk' | 'entry' | 'own-talk';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly held?: Held;
  }
}

const ERRORS: readonly ErrorCode[] = ['node-away', 'outcome-unknown', 'too-many-requests', 'store-unavailable'];

/** As {@link rule}, for what is done at the node that holds it. */
export function ruleOf<S extends FastifySchema>(
  held: Held,
  access: Access,
  schema: S,
  errors: readonly ErrorCode[] = [],
): { config: { declaration: Declaration; held: Held }; schema: S } {
  const { config, schema: given } = rule(access, schema, [...new Set([...errors, ...ERRORS])]);
  return { config: { ...config, held }, schema: given };
}
