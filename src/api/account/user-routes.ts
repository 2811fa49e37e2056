// Users as administrators see and change them.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { UserRow } from '../../app/users.js';
import { type AccountChange, account, accountChange, accountList, newAccount } from '../../contract/account/account.js';
import { name } from '../../contract/wire.js';
import { agentNamed } from '../../core/routing/keys/former-names.js';
import { passwordFault } from '../../lib/password-rules.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import type { Passwords } from './passwords.js';
import { ADMIN } from './seed-users.js';
import { accountView } from './view.js';

const tags = ['accounts'];
const params = z.object({ name });

export interface UserRoutesPorts extends Pick<ApiServices, 'users' | 'accounts' | 'audit' | 'centre'> {
  readonly passwords: Pick<Passwords, 'hash'>;
}

/** Throws HiloError `invalid-input`, with the rule that it breaks. */
export function checkPassword(password: string, user: string): void {
  const fault = passwordFault(password, user);
  if (fault !== undefined) throw new HiloError('invalid-input', `password: ${FAULTS[fault]}`);
}

const FAULTS: Readonly<Record<NonNullable<ReturnType<typeof passwordFault>>, string>> = {
  'too-short': 'it has to have at least 10 characters',
  'too-long': 'it may have at most 256 characters',
  'too-simple': 'it is one of the first that are guessed',
  'has-the-name': 'it is little more than the name of the user',
};

export function userRoutes(api: Api, ports: UserRoutesPorts): void {
  api.get('/api/users', rule('admin', { tags, summary: 'All users', response: { 200: accountList } }), async () => {
    const rows = await ports.accounts.accounts();
    return { users: rows.flatMap((row) => accountView(row, ports.centre()) ?? []) };
  });
  makingRoute(api, ports);

  api.patch(
    '/api/users/:name',
    rule(
      'admin',
      {
        tags,
        summary: 'Set the password of a user, change the role, disable',
        description:
          'Nobody disables themselves or changes their own role. The role of an agent stands in centre.yaml.',
        params,
        body: accountChange,
        response: { 200: account },
      },
      ['not-found', 'wrong-state', 'invalid-input'],
    ),
    async (request) => {
      const known = await knownUser(ports, request.params.name);
      const by = userOf(request).name;
      checkChange(ports, known, request.body, by);
      await change(ports, known, request.body, by);
      return viewOf(ports, known.name);
    },
  );

  api.delete(
    '/api/users/:name/second-factor',
    rule(
      'admin',
      {
        tags,
        summary: 'Switch off the second factor of a user who lost it',
        description: 'The next sign-in takes the password alone. All sessions of the user end.',
        params,
        response: { 204: z.null() },
      },
      ['not-found'],
    ),
    async (request, reply) => {
      const { name: user } = await knownUser(ports, request.params.name);
      await ports.audit.note({ by: userOf(request).name, act: 'second-factor-reset', on: user });
      await ports.accounts.dropSecondFactor(user);
      await ports.accounts.dropTokensOf(user, { kind: 'session' });
      return reply.code(204).send(null);
    },
  );
}

function makingRoute(api: Api, ports: UserRoutesPorts): void {
  api.post(
    '/api/users',
    rule(
      'admin',
      {
        tags,
        summary: 'Make a user who is no agent: a supervisor or an administrator',
        description: 'Agents are written in centre.yaml and have their accounts by that.',
        body: newAccount,
        response: { 201: account },
      },
      ['wrong-state', 'invalid-input'],
    ),
    async (request, reply) => {
      const { name: user, role, password } = request.body;
      checkPassword(password, user);
      const taken = new HiloError('wrong-state', `there is a user or an agent ${user} already`);
      if (agentNamed(ports.centre(), user) !== undefined || (await ports.users.user(user)) !== undefined) throw taken;
      const by = userOf(request).name;
      const passwordHash = await ports.passwords.hash(password);
      await ports.audit.note({ by, act: 'user-made', on: user, detail: { role } });
      const row = { name: user, role, passwordHash, madeBy: by, passwordBy: by };
      if (!(await ports.accounts.makeUser(row))) throw taken;
      return reply.code(201).send(await viewOf(ports, user));
    },
  );
}

/** Rejects with HiloError `not-found`, also for those who left the centre. */
async function knownUser({ users, centre }: UserRoutesPorts, user: string): Promise<UserRow> {
  const known = await users.user(user);
  const belongs = known?.madeBy !== undefined || user === ADMIN || centre().agents.has(user);
  if (known === undefined || !belongs) throw new HiloError('not-found', `there is no user ${user}`);
  return known;
}

function checkChange({ centre }: UserRoutesPorts, known: UserRow, wish: AccountChange, by: string): void {
  const { name: user, madeBy } = known;
  if (wish.password !== undefined) checkPassword(wish.password, user);
  if (wish.disabled === true && user === by) throw new HiloError('wrong-state', 'nobody disables themselves');
  if (wish.role === undefined || wish.role === known.role) return;
  if (user === by) throw new HiloError('wrong-state', 'nobody changes their own role');
  if (centre().agents.has(user) || madeBy === undefined)
    throw new HiloError('wrong-state', `the role of ${user} stands in centre.yaml`);
}

async function change(ports: UserRoutesPorts, known: UserRow, wish: AccountChange, by: string): Promise<void> {
  const { users, accounts, audit, passwords } = ports;
  const { password, role, disabled } = wish;
  const { disabledBy: before, ...rest } = known;
  const passwordHash = password === undefined ? known.passwordHash : await passwords.hash(password);
  const on = known.name;
  if (password !== undefined) await audit.note({ by, act: 'password-set', on });
  if (role !== undefined && role !== known.role)
    await audit.note({ by, act: 'role-changed', on, detail: { from: known.role, to: role } });
  if (disabled !== undefined && disabled !== (before !== undefined))
    await audit.note({ by, act: disabled ? 'user-disabled' : 'user-enabled', on });
  const disabledBy = disabled === undefined ? before : disabled ? by : undefined;
  await users.saveUser({
    ...rest,
    ...{ passwordHash, role: role ?? known.role },
    ...(password === undefined ? {} : { passwordBy: by }),
    ...(disabledBy === undefined ? {} : { disabledBy }),
  });
  if (disabled === true) await accounts.dropTokensOf(on);
  else if (password !== undefined) await accounts.dropTokensOf(on, { kind: 'session' });
}

async function viewOf({ accounts, centre }: UserRoutesPorts, user: string) {
  const row = (await accounts.accounts()).find(({ name: one }) => one === user);
  const view = row === undefined ? undefined : accountView(row, centre());
  if (view === undefined) throw new HiloError('not-found', `there is no user ${user}`);
  return view;
}
