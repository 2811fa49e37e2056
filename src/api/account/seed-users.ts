// The users of a centre: one for each agent and one called `admin`, with the passwords of the credentials file.
import { createHmac } from 'node:crypto';
import { HiloError } from '../../app/errors.js';
import type { UserRow, UserStore } from '../../app/users.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { withPatience } from '../../lib/patience.js';
import { Passwords } from './passwords.js';

export interface SeedCredentials {
  /** Password per user. */
  readonly users: Readonly<Record<string, string>>;
  /** A secret of the installation. */
  readonly nonceKey: string;
}

export interface SeedAgent {
  readonly name: string;
  readonly role: UserRow['role'];
}

/** The user every centre has, agent or not. */
export const ADMIN = 'admin';
const SALT_BYTES = 16;
/** Users made at the same time. */
const AT_ONCE = 8;
/** On a machine that is busy with starting everything, the database may need so long to answer all of it. */
export const SEED_LIMIT_MS = 60_000;
const SEED_PAUSE_MS = 500;

export interface SeedPorts {
  readonly store: Pick<UserStore, 'user' | 'saveUser'>;
  /** Done first: accounts of people who have another name now. */
  readonly follow?: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Makes those who are missing and corrects role and password of the others, except a password that was set in Hilo;
 * users without a password in the credentials are left alone. Rejects with HiloError `store-unavailable` when the database is away for {@link SEED_LIMIT_MS}.
 */
export function seedUsers(ports: SeedPorts, credentials: SeedCredentials, agents: Iterable<SeedAgent>): Promise<void> {
  const people = [...agents];
  const patience = {
    ...{ what: 'people who may sign in', limitMs: SEED_LIMIT_MS, pauseMs: SEED_PAUSE_MS },
    ...{ clock: ports.clock, log: ports.log },
    mayPass: (error: unknown) => error instanceof HiloError && error.code === 'store-unavailable',
  };
  // Who is there already is not written again.
  return withPatience(patience, async () => {
    await ports.follow?.();
    await seedAll(ports.store, credentials, people);
  });
}

async function seedAll(
  store: SeedPorts['store'],
  credentials: SeedCredentials,
  agents: Iterable<SeedAgent>,
): Promise<void> {
  const roles = new Map<string, UserRow['role']>([...agents].map(({ name, role }) => [name, role]));
  roles.set(ADMIN, 'admin');
  const passwords = new Passwords();
  const left = [...roles].filter(([name]) => Object.hasOwn(credentials.users, name));
  while (left.length > 0) {
    const some = left.splice(0, AT_ONCE);
    await Promise.all(some.map(([name, role]) => seedOne(store, passwords, credentials, { name, role })));
  }
}

/**
 * The salt is a keyed digest of user and password: as good as random to whoever lacks the key, and by it an unchanged
 * password is known at the next start without hashing hundreds of them again. The key lies beside the passwords.
 */
async function seedOne(
  store: SeedPorts['store'],
  passwords: Passwords,
  { users, nonceKey }: SeedCredentials,
  { name, role }: SeedAgent,
): Promise<void> {
  const password = users[name] ?? '';
  const key = createHmac('sha256', nonceKey).update('password salt').digest();
  const salt = createHmac('sha256', key).update(`${name}\0${password}`).digest().subarray(0, SALT_BYTES);
  const known = await store.user(name);
  const unchanged = known !== undefined && (isOwn(known) || saltOf(known.passwordHash) === base64(salt));
  if (unchanged && known.role === role) return;
  const passwordHash = unchanged ? known.passwordHash : await passwords.hash(password, salt);
  await store.saveUser({ ...known, name, role, passwordHash });
}

/** A password that somebody chose in Hilo wins over the one of the file. */
function isOwn({ passwordBy }: UserRow): boolean {
  return passwordBy !== undefined;
}

/** `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
function saltOf(phc: string): string | undefined {
  return phc.split('$')[4];
}

/** PHC strings leave the padding out. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
