// How conditions and values are written in a flow: `when: tries > 2`, `3`, `hola`, `{cel: tries + 1}`.
import { z } from 'zod';
import { strict } from '../document/shape.js';

/** CEL; `true` and `3` are expressions too. */
export const celSource = z
  .union([z.string(), z.number(), z.boolean()], { error: 'this has to be a condition, in quotes' })
  .transform(String);

export const valueSchema = z.union([z.string(), z.number(), z.boolean(), strict({ cel: celSource })], {
  error: 'this has to be a text, a number, true or false, or {cel: …}',
});
