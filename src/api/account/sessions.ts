// Signing in and out: tokens that are random, short-lived, and stored only as their hash.
import { createHash } from 'node:crypto';
import { HiloError } from '../../app/errors.js';
import type { UserRow, UserStore } from '../../app/users.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Passwords } from './passwords.js';
import type { SignInLimit } from './sign-in-limit.js';

const TOKEN_BYTES = 32;

export interface SessionsPorts {
  readonly users: UserStore;
  readonly passwords: Passwords;
  readonly limit: SignInLimit;
  readonly tokenMs: number;
  /** Whether that person still belongs to the centre: who was taken out of its text may not come in any more. */
  belongs(name: string): boolean;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface Session {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly user: UserRow;
}

export class Sessions {
  constructor(private readonly ports: SessionsPorts) {}

  /**
   * Rejects with HiloError `not-signed-in` (the same for an unknown user and a wrong password, after the same time),
   * `too-many-requests` after too many failures, or `store-unavailable`.
   */
  async signIn(name: string, password: string, address: string): Promise<Session> {
    const { users, passwords, limit, clock, ids, tokenMs } = this.ports;
    // Counted before it is tried: many tries at once are as many tries.
    const tried = limit.take(name, address);
    if (!tried.allowed) {
      throw new HiloError('too-many-requests', `too many failures; try again in ${tried.retryAfterS} s`);
    }
    const user = await users.user(name);
    const right = await passwords.verify(user?.passwordHash, password);
    if (!right || user === undefined || !this.ports.belongs(name))
      throw new HiloError('not-signed-in', 'user or password is wrong');
    limit.giveBack(name, address);
    const token = ids.token(TOKEN_BYTES);
    const expiresAtMs = clock.nowMs() + tokenMs;
    await users.saveToken(hashOf(token), user.name, expiresAtMs);
    return { token, expiresAtMs, user };
  }

  /** Rejects with HiloError `not-signed-in` for a token that is unknown, ended or signed out, or `store-unavailable`. */
  async user(token: string): Promise<UserRow> {
    const user = await this.ports.users.userByToken(hashOf(token), this.ports.clock.nowMs());
    if (user === undefined || !this.ports.belongs(user.name))
      throw new HiloError('not-signed-in', 'the token is not valid or no longer so; sign in again');
    return user;
  }

  signOut(token: string): Promise<void> {
    return this.ports.users.dropToken(hashOf(token));
  }
}

/** SHA-256 is enough here: the token itself is 256 random bits. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
