// What is open in people's names: sessions of browsers, and tokens of programs.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { madeToken, newToken, openSessions, programTokens } from '../../contract/account/account.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';
import type { Sessions } from './sessions.js';
import { sessionView, tokenView } from './view.js';

const DAY_MS = 24 * 3_600_000;
/** Of one user at a time. */
export const TOKENS_MAX = 50;
const tags = ['accounts'];
const params = z.object({ id: z.string().max(64) });

export interface OpenRoutesPorts extends Pick<ApiServices, 'accounts' | 'audit' | 'clock'> {
  readonly sessions: Pick<Sessions, 'open'>;
}

export function openRoutes(api: Api, ports: OpenRoutesPorts): void {
  sessionRoutes(api, ports);
  tokenRoutes(api, ports);
  makingRoute(api, ports);
}

function sessionRoutes(api: Api, { accounts, audit, clock }: OpenRoutesPorts): void {
  api.get(
    '/api/sessions',
    rule('admin', { tags, summary: 'Who is signed in, newest first', response: { 200: openSessions } }),
    async () => ({ sessions: (await accounts.tokens('session', clock.nowMs())).map(sessionView) }),
  );

  api.delete(
    '/api/sessions/:id',
    rule('admin', { tags, summary: 'End a session', params, response: { 204: z.null() } }, ['not-found']),
    async (request, reply) => {
      const { id } = request.params;
      const found = (await accounts.tokens('session', clock.nowMs())).find((one) => one.id === id);
      if (found === undefined) throw new HiloError('not-found', 'there is no such session any more');
      await audit.note({ by: userOf(request).name, act: 'session-ended', on: found.user });
      await accounts.dropTokenById(id);
      return reply.code(204).send(null);
    },
  );
}

function tokenRoutes(api: Api, { accounts, audit, clock }: OpenRoutesPorts): void {
  api.get(
    '/api/tokens',
    rule('admin', { tags, summary: 'Tokens of programs, newest first', response: { 200: programTokens } }),
    async () => ({ tokens: (await accounts.tokens('program', clock.nowMs())).map(tokenView) }),
  );

  api.delete(
    '/api/tokens/:id',
    rule('admin', { tags, summary: 'Take a token back', params, response: { 204: z.null() } }, ['not-found']),
    async (request, reply) => {
      const { id } = request.params;
      const found = (await accounts.tokens('program', clock.nowMs())).find((one) => one.id === id);
      if (found === undefined) throw new HiloError('not-found', 'there is no such token any more');
      const detail = { title: found.title };
      await audit.note({ by: userOf(request).name, act: 'token-revoked', on: found.user, detail });
      await accounts.dropTokenById(id);
      return reply.code(204).send(null);
    },
  );
}

function makingRoute(api: Api, { accounts, audit, clock, sessions }: OpenRoutesPorts): void {
  api.post(
    '/api/tokens',
    rule(
      'admin',
      {
        tags,
        summary: 'Make a token for a program',
        description: 'It acts in your name, with the role it is given, until it expires or is taken back.',
        body: newToken,
        response: { 201: madeToken },
      },
      ['not-allowed', 'wrong-state', 'invalid-input'],
    ),
    async (request, reply) => {
      const user = userOf(request);
      const { title, role, days } = request.body;
      if (!atLeast(user, role)) throw new HiloError('not-allowed', `you are ${user.role}; the token cannot be ${role}`);
      const nowMs = clock.nowMs();
      const own = await accounts.tokens('program', nowMs, user.name);
      if (own.length >= TOKENS_MAX) throw new HiloError('wrong-state', `you have ${own.length} tokens, take some back`);
      await audit.note({ by: user.name, act: 'token-made', on: user.name, detail: { title, role, days } });
      const expiresAtMs = nowMs + days * DAY_MS;
      const about = { kind: 'program', title, role, address: request.ip } as const;
      const { id, token } = await sessions.open(user.name, expiresAtMs, about);
      const shown = { id, user: user.name, title, role, address: request.ip };
      return reply.code(201).send({ ...shown, madeAt: iso(nowMs), expiresAt: iso(expiresAtMs), token });
    },
  );
}
