// What everybody does with their own account: password and second factor.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import {
  beginFactor,
  begunFactor,
  confirmFactor,
  dropFactor,
  ownAccount,
  ownPassword,
  recoveryCodes,
} from '../../contract/account/account.js';
import { rule, tokenOf, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import type { Passwords } from './passwords.js';
import type { SecondFactors } from './second-factors.js';
import { hashOf, type Sessions } from './sessions.js';
import { checkPassword } from './user-routes.js';

const tags = ['accounts'];
const FACTOR = '/api/me/second-factor';

export interface OwnRoutesPorts extends Pick<ApiServices, 'users' | 'accounts' | 'audit'> {
  readonly sessions: Pick<Sessions, 'prove'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly secondFactors: SecondFactors;
}

export function ownRoutes(api: Api, ports: OwnRoutesPorts): void {
  passwordRoute(api, ports);
  factorRoutes(api, ports);
}

function passwordRoute(api: Api, { users, accounts, audit, sessions, passwords }: OwnRoutesPorts): void {
  api.put(
    '/api/me/password',
    rule(
      'agent',
      {
        tags,
        summary: 'Change your own password',
        description: 'Your other sessions end.',
        body: ownPassword,
        response: { 204: z.null() },
      },
      ['code-needed', 'invalid-input'],
    ),
    async (request, reply) => {
      const { present, wanted, code } = request.body;
      const { name } = userOf(request);
      checkPassword(wanted, name);
      await sessions.prove({ user: name, password: present, code, address: request.ip });
      const passwordHash = await passwords.hash(wanted);
      await audit.note({ by: name, act: 'password-set', on: name });
      const known = await users.user(name);
      if (known === undefined) throw new HiloError('not-found', `there is no user ${name}`);
      await users.saveUser({ ...known, passwordHash, passwordBy: name });
      await accounts.dropTokensOf(name, { kind: 'session', butHash: hashOf(tokenOf(request)) });
      return reply.code(204).send(null);
    },
  );
}

function factorRoutes(api: Api, { audit, sessions, secondFactors }: OwnRoutesPorts): void {
  const own = (request: Pick<FastifyRequest, 'user' | 'ip'>) => ({ user: userOf(request).name, address: request.ip });

  api.get(
    '/api/me/account',
    rule('agent', { tags, summary: 'Your own account', response: { 200: ownAccount } }),
    async (request) => {
      const { name, role } = userOf(request);
      return { name, role, secondFactor: await secondFactors.isOn(name) };
    },
  );

  api.post(
    FACTOR,
    rule(
      'agent',
      {
        tags,
        summary: 'Begin a second factor: the secret for an authenticator app',
        description: 'It is asked for from its first right code on (`PUT`).',
        body: beginFactor,
        response: { 200: begunFactor },
      },
      ['wrong-state', 'invalid-input'],
    ),
    async (request) => {
      const { user, address } = own(request);
      if (await secondFactors.isOn(user)) throw new HiloError('wrong-state', 'it is on; switch it off first');
      await sessions.prove({ user, password: request.body.password, address });
      return secondFactors.begin(user);
    },
  );

  api.put(
    FACTOR,
    rule(
      'agent',
      {
        tags,
        summary: 'Switch the second factor on with its first code',
        body: confirmFactor,
        response: { 200: recoveryCodes },
      },
      ['wrong-state', 'invalid-input'],
    ),
    async (request) => {
      const { user } = own(request);
      const codes = await secondFactors.confirm(user, request.body.code);
      await audit.note({ by: user, act: 'second-factor-on', on: user });
      return { recoveryCodes: [...codes] };
    },
  );

  api.delete(
    FACTOR,
    rule('agent', { tags, summary: 'Switch the second factor off', body: dropFactor, response: { 204: z.null() } }, [
      'code-needed',
      'invalid-input',
    ]),
    async (request, reply) => {
      const { user, address } = own(request);
      await sessions.prove({ user, ...request.body, address });
      await audit.note({ by: user, act: 'second-factor-off', on: user });
      await secondFactors.drop(user);
      return reply.code(204).send(null);
    },
  );
}
