// Signing in, signing out, and asking who one is.
import { z } from 'zod';
import { person, session, signIn } from '../../contract/session.js';
import { rule, tokenOf, userOf } from '../access.js';
import type { Sessions } from '../account/sessions.js';
import type { Api } from '../api.js';
import { iso } from '../view/time.js';

const tags = ['session'];

export function sessionRoutes(api: Api, sessions: Sessions): void {
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
      ['not-signed-in', 'store-unavailable'],
    ),
    async (request) => {
      const { user, password } = request.body;
      const opened = await sessions.signIn(user, password, request.ip);
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

  api.get(
    '/api/me',
    rule('agent', { tags, summary: 'Who is signed in with this token', response: { 200: person } }),
    async (request) => {
      const { name, role } = userOf(request);
      return { name, role };
    },
  );
}
