// The users of a fresh centre, and what the next start makes of them.
import { verify } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { type SeedAgent, seedUsers } from '../../src/api/account/seed-users.js';
import { MemoryUsers } from '../support/api-scene.js';

const AGENTS: readonly SeedAgent[] = [
  { name: 'ana', role: 'agent' },
  { name: 'sofia', role: 'supervisor' },
];
const CREDENTIALS = { users: { admin: 'one', ana: 'two', sofia: 'three', device: 'four' }, nonceKey: 'key' };

test('agents and admin may sign in with the passwords of the file, and nobody else', async () => {
  const store = new MemoryUsers();
  await seedUsers(store, CREDENTIALS, AGENTS);
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
  const store = new MemoryUsers();
  await seedUsers(store, CREDENTIALS, AGENTS);
  const before = store.saved;
  await seedUsers(store, CREDENTIALS, AGENTS);
  expect(store.saved).toBe(before);
});

test('a new password and a new role are taken over', async () => {
  const store = new MemoryUsers();
  await seedUsers(store, CREDENTIALS, AGENTS);
  const users = { ...CREDENTIALS.users, ana: 'changed' };
  await seedUsers(store, { ...CREDENTIALS, users }, [{ name: 'ana', role: 'admin' }]);
  const ana = await store.user('ana');
  expect(ana?.role).toBe('admin');
  expect(await verify(ana?.passwordHash ?? '', 'changed')).toBe(true);
});

test('equal passwords of two people do not look equal', async () => {
  const store = new MemoryUsers();
  await seedUsers(store, { users: { admin: 'same', ana: 'same' }, nonceKey: 'key' }, AGENTS);
  const [admin, ana] = [store.users.get('admin'), store.users.get('ana')];
  expect(admin?.passwordHash.split('$')[4]).not.toBe(ana?.passwordHash.split('$')[4]);
});

test('whoever has no password in the file is left alone', async () => {
  const store = new MemoryUsers();
  store.users.set('sofia', { name: 'sofia', role: 'admin', passwordHash: 'her own' });
  await seedUsers(store, { users: { admin: 'one' }, nonceKey: 'key' }, AGENTS);
  expect(store.users.get('sofia')).toEqual({ name: 'sofia', role: 'admin', passwordHash: 'her own' });
  expect(store.users.has('ana')).toBe(false);
});
