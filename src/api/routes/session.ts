// Signing in, signing out, and asking who one is.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { browserSession, person, session, signIn } from '../../contract/session.js';
import { rule, SESSION_COOKIE, tokenOf, userOf } from '../access.js';
import type { Sessions } from '../account/sessions.js';
import type { Api } from '../api.js';
import { iso } from '../view/time.js';

const tags = ['session'];
const COOKIE = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

export function sessionRoutes(api: Api, sessions: Sessions): void {
  tokenRoutes(api, sessions);
  browserRoutes(api, sessions);
  api.get(
    '/api/me',
    rule('agent', { tags, summary: 'Who is signed in with this token', response: { 200: person } }),
    async (request) => {
      const { name, role } = userOf(request);
      return { name, role };
    },
  );
}

function tokenRoutes(api: Api, sessions: Sessions): void {
  api.post(
    '/api/sign-in',
    rule(
      'open',
      {
        tags,
        summary: 'Sign in',
        description: 'Gives a token for 12 hours. After five wrong passwords the user has to wait up to ten minutes.',
        body: signIn,
        response: { 200: session },
      },
      ['not-signed-in', 'code-needed', 'store-unavailable'],
    ),
    async (request) => {
      const opened = await sessions.signIn({ ...request.body, ...whence(request) });
      const { name, role } = opened.user;
      return { token: opened.token, expiresAt: iso(opened.expiresAtMs), user: { name, role } };
    },
  );

  api.post(
    '/api/sign-out',
    rule('agent', { tags, summary: 'Sign out: the token is worth nothing from now on', response: { 204: z.null() } }),
    async (request, reply) => {
      await sessions.signOut(tokenOf(request));
      return reply.code(204).send(null);
    },
  );
}

function browserRoutes(api: Api, sessions: Sessions): void {
  api.post(
    '/api/session',
    rule(
      'open',
      {
        tags,
        summary: 'Sign in with a browser',
        description: 'The token goes into a cookie (HttpOnly, SameSite=Strict) in place of the answer.',
        body: signIn,
        response: { 200: browserSession },
      },
      ['not-signed-in', 'code-needed', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { token, expiresAtMs, user: known } = await sessions.signIn({ ...request.body, ...whence(request) });
      reply.setCookie(SESSION_COOKIE, token, {
        ...COOKIE,
        secure: request.protocol === 'https',
        expires: new Date(expiresAtMs),
      });
      return { expiresAt: iso(expiresAtMs), user: { name: known.name, role: known.role } };
    },
  );

  api.delete(
    '/api/session',
    rule('agent', { tags, summary: 'Sign out of a browser', response: { 204: z.null() } }),
    async (request, reply) => {
      await sessions.signOut(tokenOf(request));
      return reply.clearCookie(SESSION_COOKIE, COOKIE).code(204).send(null);
    },
  );
}

function whence({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>) {
  return { address: ip, browser: headers['user-agent'] };
}
