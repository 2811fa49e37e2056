// Accounts in a real PostgreSQL: who there is, what is open in their names, and second factors that are used once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserRow } from '../../../src/app/users.js';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { openPostgres, type PostgresStore } from '../../../src/store/postgres/store.js';
import { type Stores, startStores } from '../../support/servers.js';

/** Tokens whose time is over go with the next one that is given. */
const AT_MS = Date.now();
const HOUR_MS = 3_600_000;

let stores: Stores;
let store: PostgresStore;
beforeAll(async () => {
  stores = await startStores();
  store = await openPostgres({ url: stores.postgres.url, clock: systemClock, ids: systemIds, log: silentLog });
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
