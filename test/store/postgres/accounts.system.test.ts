// Accounts in a real PostgreSQL: who there is, what is open in their names, and second factors that are used once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserRow } from '../../../src/app/users.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

/** Tokens whose time is over go with the next one that is given. */
const AT_MS = Date.now();
const HOUR_MS = 3_600_000;

let stores: Stores;
let store: PostgresStore;
beforeAll(async () => {
  stores = await startStores();
  store = await openStore(stores.postgres.url);
});
afterAll(async () => {
  await store?.close();
  await stores?.close();
});

let made = 0;
/** Nobody of an earlier test. */
function somebody(rest: Partial<UserRow> = {}): UserRow {
  made += 1;
  return { name: `user${made}`, role: 'agent', passwordHash: 'hash', ...rest };
}

describe('an account', () => {
  it('is made once; a second one of that name is refused, and the first stays as it was', async () => {
    const user = somebody({ role: 'supervisor', madeBy: 'admin', passwordBy: 'admin' });
    expect(await store.accounts.makeUser(user)).toBe(true);
    expect(await store.accounts.makeUser({ ...user, role: 'admin', passwordHash: 'other' })).toBe(false);
    expect(await store.users.user(user.name)).toEqual(user);
    const found = (await store.accounts.accounts()).find(({ name }) => name === user.name);
    const { passwordHash: _hash, ...shown } = user;
    expect(found).toEqual({ ...shown, secondFactor: false });
  });

  it('are listed by name, and without their passwords', async () => {
    const all = await store.accounts.accounts();
    expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).toSorted());
    expect(JSON.stringify(all)).not.toContain('hash');
  });
});

describe('tokens', () => {
  let user: UserRow;
  beforeEach(async () => {
    user = somebody();
    await store.accounts.makeUser(user);
  });

  const give = (id: string, kind: 'session' | 'program', madeAtMs: number, expiresAtMs = AT_MS + HOUR_MS) =>
    store.users.saveToken(`hash of ${user.name} ${id}`, user.name, expiresAtMs, {
      ...{ id: `${user.name} ${id}`, kind, title: 'Firefox', address: '127.0.0.1', madeAtMs },
      ...(kind === 'program' ? { role: 'agent' as const } : {}),
    });
  const idsOf = async (kind: 'session' | 'program'): Promise<readonly string[]> =>
    (await store.accounts.tokens(kind, AT_MS, user.name)).map(({ id }) => id.replace(`${user.name} `, ''));

  it('come newest first, those of one kind, and none that has expired', async () => {
    await give('old', 'session', AT_MS - 2_000);
    await give('new', 'session', AT_MS - 1_000);
    await give('gone', 'session', AT_MS - 9_000, AT_MS);
    await give('robot', 'program', AT_MS);
    expect(await idsOf('session')).toEqual(['new', 'old']);
    const [robot] = await store.accounts.tokens('program', AT_MS, user.name);
    expect(robot).toMatchObject({ user: user.name, kind: 'program', role: 'agent', madeAtMs: AT_MS });
  });

  it('are ended by the one they belong to, and by an administrator; not by others', async () => {
    await give('one', 'session', AT_MS);
    const id = `${user.name} one`;
    expect(await store.accounts.dropTokenById(id, 'somebody else')).toBeUndefined();
    expect(await store.accounts.dropTokenById(id, user.name)).toMatchObject({ id });
    expect(await store.accounts.dropTokenById(id)).toBeUndefined();
  });

  it('are ended all together, but for the one that asks', async () => {
    await give('here', 'session', AT_MS);
    await give('elsewhere', 'session', AT_MS);
    await give('robot', 'program', AT_MS);
    await store.accounts.dropTokensOf(user.name, { kind: 'session', butHash: `hash of ${user.name} here` });
    expect([await idsOf('session'), await idsOf('program')]).toEqual([['here'], ['robot']]);
    await store.accounts.dropTokensOf(user.name);
    expect([await idsOf('session'), await idsOf('program')]).toEqual([[], []]);
  });
});

describe('a second factor', () => {
  let user: UserRow;
  beforeEach(async () => {
    user = somebody();
    await store.accounts.makeUser(user);
  });

  it('counts only once it is proven', async () => {
    const isOn = async () => (await store.accounts.accounts()).find(({ name }) => name === user.name)?.secondFactor;
    expect(await store.accounts.secondFactor(user.name)).toBeUndefined();
    await store.accounts.beginSecondFactor(user.name, 'FIRST');
    await store.accounts.beginSecondFactor(user.name, 'SECOND');
    expect([await store.accounts.secondFactor(user.name), await isOn()]).toEqual([{ secret: 'SECOND' }, false]);
    await store.accounts.confirmSecondFactor(user.name, AT_MS, ['a', 'b']);
    const proven = { secret: 'SECOND', confirmedAtMs: AT_MS };
    expect([await store.accounts.secondFactor(user.name), await isOn()]).toEqual([proven, true]);
  });

  it('takes each step of time once, and none that is earlier; of two at once one has it', async () => {
    await store.accounts.beginSecondFactor(user.name, 'SECRET');
    const both = [store.accounts.takeStep(user.name, 100), store.accounts.takeStep(user.name, 100)];
    expect((await Promise.all(both)).toSorted()).toEqual([false, true]);
    expect(await store.accounts.takeStep(user.name, 99)).toBe(false);
    expect(await store.accounts.takeStep(user.name, 101)).toBe(true);
  });

  it('has recovery codes that work once and go with it', async () => {
    await store.accounts.beginSecondFactor(user.name, 'SECRET');
    await store.accounts.confirmSecondFactor(user.name, AT_MS, ['a', 'b']);
    const both = [store.accounts.takeRecoveryCode(user.name, 'a'), store.accounts.takeRecoveryCode(user.name, 'a')];
    expect((await Promise.all(both)).toSorted()).toEqual([false, true]);
    await store.accounts.dropSecondFactor(user.name);
    expect(await store.accounts.takeRecoveryCode(user.name, 'b')).toBe(false);
    expect(await store.accounts.secondFactor(user.name)).toBeUndefined();
    expect(await store.accounts.takeStep(user.name, 1)).toBe(false);
  });
});

describe('an agent with another name', () => {
  const give = (user: string, kind: 'session' | 'program') =>
    store.users.saveToken(`${kind} of ${user}`, user, AT_MS + HOUR_MS, {
      ...{ id: `${kind} of ${user}`, kind, title: 't', address: '127.0.0.1', madeAtMs: AT_MS },
    });

  it('keeps password, second factor, tokens of programs, skills, devices and team; sessions end; twice is once', async () => {
    const { name: from, ...account } = somebody({ passwordBy: 'admin' });
    const to = `${from}-new`;
    const { accounts, agents, teams } = store;
    await accounts.makeUser({ ...account, name: from });
    for (const kind of ['session', 'program'] as const) await give(from, kind);
    await accounts.beginSecondFactor(from, 'sealed for the old name');
    await accounts.confirmSecondFactor(from, AT_MS, ['a code']);
    await accounts.takeStep(from, 7);
    await agents.setSkills({ agent: from, atMs: AT_MS, by: 'sofia', skills: { sales: 2 } });
    await agents.setRings(from, 'desk');
    await teams.move({ agent: from, team: 'late', by: 'sofia', atMs: AT_MS });

    // Several nodes see the change at once.
    await Promise.all([1, 2, 3].map(() => accounts.rename(from, to, 'sealed for the new name')));
    expect(await store.users.user(from)).toBeUndefined();
    expect(await store.users.user(to)).toEqual({ ...account, name: to });
    const open = async (kind: 'session' | 'program') => (await accounts.tokens(kind, AT_MS, to)).map(({ id }) => id);
    expect([await open('session'), await open('program')]).toEqual([[], [`program of ${from}`]]);
    expect(await accounts.secondFactor(to)).toEqual({ secret: 'sealed for the new name', confirmedAtMs: AT_MS });
    expect([await accounts.takeStep(to, 7), await accounts.takeRecoveryCode(to, 'a code')]).toEqual([false, true]);
    const kept = [await agents.skills(), await agents.rings()] as const;
    expect(kept.map((one) => [one.has(from), one.has(to)])).toEqual([
      [false, true],
      [false, true],
    ]);
    expect((await teams.moves(AT_MS)).filter(({ team }) => team === 'late').map(({ agent }) => agent)).toEqual([to]);
    expect((await agents.decisions([to, from], 9)).map(({ agent }) => agent)).toEqual([from]);
  });

  it('takes nothing from an account that an administrator made, and writes over nothing that is newer', async () => {
    const [made, own] = [somebody({ madeBy: 'admin' }), somebody()];
    await store.accounts.makeUser(made);
    await store.accounts.rename(made.name, `${made.name}-new`);
    expect(await store.users.user(made.name)).toEqual(made);
    await store.agents.setRings(own.name, 'desk');
    await store.agents.setRings(`${own.name}-new`, 'browser');
    await store.accounts.rename(own.name, `${own.name}-new`);
    expect((await store.agents.rings()).get(`${own.name}-new`)).toBe('browser');
  });
});
