// Accounts on the wire: people, what is open in their names, second factors, programs' tokens and the audit log.
import { z } from 'zod';
import { role } from '../session.js';
import { name, time } from '../wire.js';

const password = z.string().min(1).max(256);
const code = z.string().min(1).max(40).describe('Six digits of the app, or a recovery code.');

export const account = z.object({
  name: z.string(),
  role,
  comesFrom: z
    .enum(['hilo', 'centre', 'account'])
    .describe(
      '`hilo`: the user `admin`. `centre`: an agent of centre.yaml, where its role stands. `account`: made here.',
    ),
  title: z.string().optional().describe('Of the agent.'),
  password: z.enum(['of-the-file', 'own']).describe('The one of the credentials file, or one that was set in Hilo.'),
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  signedInAt: time.optional().describe('The last time.'),
});
export type WireAccount = z.infer<typeof account>;

export const accountList = z.object({ users: z.array(account) });

export const newAccount = z.strictObject({
  name: name.describe('Of no agent: those have their accounts.'),
  role: z.enum(['supervisor', 'admin']).describe('Agents are made in centre.yaml.'),
  password,
});

export const accountChange = z.strictObject({
  password: password.optional().describe('Ends all sessions of the user.'),
  role: z.enum(['supervisor', 'admin']).optional().describe('Of an account that was made here.'),
  disabled: z.boolean().optional().describe('true: nobody signs in with it, and all its sessions and tokens end.'),
});
export type AccountChange = z.infer<typeof accountChange>;

const token = z.object({
  id: z.string(),
  user: z.string(),
  madeAt: time,
  expiresAt: time,
  address: z.string().describe('From where it was made.'),
});

export const openSession = token.extend({
  browser: z.string().describe('What the browser says of itself; "" for a program.'),
});
export type WireOpenSession = z.infer<typeof openSession>;
export const openSessions = z.object({ sessions: z.array(openSession) });

export const programToken = token.extend({ title: z.string(), role });
export type WireProgramToken = z.infer<typeof programToken>;
export const programTokens = z.object({ tokens: z.array(programToken) });

export const TOKEN_DAYS_MAX = 366;
export const newToken = z.strictObject({
  title: z.string().trim().min(1).max(80).describe('What it is for.'),
  role: role.describe('No more than your own.'),
  days: z.int().min(1).max(TOKEN_DAYS_MAX).describe('So long it is good.'),
});
export const madeToken = programToken.extend({
  token: z.string().describe('Send it as `Authorization: Bearer …`. Shown once, stored only as a hash.'),
});
export type WireMadeToken = z.infer<typeof madeToken>;

export const ownPassword = z.strictObject({ present: password, wanted: password, code: code.optional() });

export const ownAccount = z.object({ name: z.string(), role, secondFactor: z.boolean() });
export type WireOwnAccount = z.infer<typeof ownAccount>;

export const beginFactor = z.strictObject({ password });
export const begunFactor = z.object({
  secret: z.string().describe('Base32, for typing into the app.'),
  uri: z.string().describe('`otpauth://…`, the same for a link or a picture.'),
});
export type WireBegunFactor = z.infer<typeof begunFactor>;
export const confirmFactor = z.strictObject({ code });
export const recoveryCodes = z.object({
  recoveryCodes: z
    .array(z.string())
    .describe('Each is good once in place of a code. Shown once, stored only as hashes.'),
});
export type WireRecoveryCodes = z.infer<typeof recoveryCodes>;
export const dropFactor = z.strictObject({ password, code });

export const AUDIT_PAGE_MAX = 200;
const word = z.string().min(1).max(100).optional();
export const auditFilter = z.strictObject({
  by: word.describe('User.'),
  act: word.describe('`signed-in`, `user-made` …'),
  on: word.describe('What it was done to.'),
  from: z.iso.datetime({ offset: true }).optional().describe('At this time or later.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before this time.'),
});
export const auditQuery = auditFilter.extend({
  before: z.coerce.number().int().min(1).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(AUDIT_PAGE_MAX).default(50),
});
export const auditPage = z.object({
  lines: z.array(
    z.object({
      number: z.int(),
      at: time,
      by: z.string().describe('User; `?` when nobody has that name.'),
      act: z.string(),
      on: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
  next: z.int().optional().describe('There is more: as `before`.'),
});
export type WireAuditPage = z.infer<typeof auditPage>;
