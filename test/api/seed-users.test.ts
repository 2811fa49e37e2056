// The users of a fresh centre, and what the next start makes of them.
import { verify } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { SEED_LIMIT_MS, type SeedAgent, type SeedPorts, seedUsers } from '../../src/api/account/seed-users.js';
import { HiloError } from '../../src/app/errors.js';
import { FakeClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { FakeAccounts } from '../support/fakes/accounts.js';

const AGENTS: readonly SeedAgent[] = [
  { name: 'ana', role: 'agent' },
  { name: 'sofia', role: 'supervisor' },
];
const portsOf = (store: FakeAccounts): SeedPorts => ({ store, clock: new FakeClock(), log: silentLog });
const CREDENTIALS = { users: { admin: 'one', ana: 'two', sofia: 'three', device: 'four' }, nonceKey: 'key' };

test('agents and admin may sign in with the passwords of the file, and nobody else', async () => {
  const store = new FakeAccounts();
  await seedUsers(portsOf(store), CREDENTIALS, AGENTS);
  expect([...store.users.values()].map(({ name, role }) => [name, role]).sort()).toEqual([
    ['admin', 'admin'],
    ['ana', 'agent'],
    ['sofia', 'supervisor'],
  ]);
  const ana = await store.user('ana');
  expect(ana?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verify(ana?.passwordHash ?? '', 'two')).toBe(true);
  expect(await verify(ana?.passwordHash ?? '', 'one')).toBe(false);
});

test('the same passwords at the next start write nothing', async () => {
  const store = new FakeAccounts();
  await seedUsers(portsOf(store), CREDENTIALS, AGENTS);
  const before = store.saved;
  await seedUsers(portsOf(store), CREDENTIALS, AGENTS);
  expect(store.saved).toBe(before);
});

test('a new password and a new role are taken over', async () => {
  const store = new FakeAccounts();
  await seedUsers(portsOf(store), CREDENTIALS, AGENTS);
  const users = { ...CREDENTIALS.users, ana: 'changed' };
  await seedUsers(portsOf(store), { ...CREDENTIALS, users }, [{ name: 'ana', role: 'admin' }]);
  const ana = await store.user('ana');
  expect(ana?.role).toBe('admin');
  expect(await verify(ana?.passwordHash ?? '', 'changed')).toBe(true);
});

test('equal passwords of two people do not look equal', async () => {
  const store = new FakeAccounts();
  await seedUsers(portsOf(store), { users: { admin: 'same', ana: 'same' }, nonceKey: 'key' }, AGENTS);
  const [admin, ana] = [store.users.get('admin'), store.users.get('ana')];
  expect(admin?.passwordHash.split('$')[4]).not.toBe(ana?.passwordHash.split('$')[4]);
});

test('whoever has no password in the file is left alone', async () => {
  const store = new FakeAccounts();
  store.users.set('sofia', { name: 'sofia', role: 'admin', passwordHash: 'her own' });
  await seedUsers(portsOf(store), { users: { admin: 'one' }, nonceKey: 'key' }, AGENTS);
  expect(store.users.get('sofia')).toEqual({ name: 'sofia', role: 'admin', passwordHash: 'her own' });
  expect(store.users.has('ana')).toBe(false);
});

test('a database that is away for a while at the start is waited for, but not for ever', async () => {
  const clock = new FakeClock();
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(fields) };
  const store = new FakeAccounts();
  let awayUntilMs = clock.monotonicMs() + 10_000;
  const user = async (name: string) => {
    if (clock.monotonicMs() < awayUntilMs) throw new HiloError('store-unavailable', 'busy');
    return store.user(name);
  };
  const ports = {
    store: { user, saveUser: (row: Parameters<FakeAccounts['saveUser']>[0]) => store.saveUser(row) },
    clock,
    log,
  };
  const seedWhile = async (): Promise<unknown> => {
    let outcome: unknown;
    const seeding = seedUsers(ports, CREDENTIALS, AGENTS).then(
      () => (outcome = 'done'),
      (error: unknown) => (outcome = error),
    );
    for (let ms = 0; ms < awayUntilMs + SEED_LIMIT_MS && outcome === undefined; ms += 500) {
      await new Promise(setImmediate);
      if (clock.monotonicMs() < awayUntilMs) clock.advance(500);
      else await seeding;
    }
    return outcome;
  };
  expect(await seedWhile()).toBe('done');
  expect([...store.users.keys()].sort()).toEqual(['admin', 'ana', 'sofia']);
  expect(warnings.length).toBeGreaterThan(1);

  awayUntilMs = Number.MAX_SAFE_INTEGER;
  expect(await seedWhile()).toMatchObject({ code: 'store-unavailable' });
});
