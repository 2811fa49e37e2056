// Signing in and who one is then.
import { z } from 'zod';
import { time } from './wire.js';

export const role = z.enum(['agent', 'supervisor', 'admin']);
export type Role = z.infer<typeof role>;

export const signIn = z.strictObject({
  user: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
  code: z
    .string()
    .max(40)
    .optional()
    .describe('Of the second factor, where one is on: six digits of the app, or a recovery code.'),
});

export const person = z
  .object({ name: z.string(), role })
  .meta({ id: 'User', description: 'Somebody who may sign in.' });

export const session = z.object({
  token: z.string().describe('Send it as `Authorization: Bearer …`. Shown once, stored only as a hash.'),
  expiresAt: time,
  user: person,
});

/** The token is in a cookie that no script can read. */
export const browserSession = session.omit({ token: true });
export type WireSession = z.infer<typeof browserSession>;
export type WirePerson = z.infer<typeof person>;
