// Signing in and out: tokens that are random, short-lived, and stored only as their hash.
import { createHash } from 'node:crypto';
import type { Audit } from '../../app/audit.js';
import { HiloError } from '../../app/errors.js';
import type { TokenAbout, UserRole, UserRow, UserStore } from '../../app/users.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Passwords } from './passwords.js';
import type { SecondFactors } from './second-factors.js';
import type { SignInLimit } from './sign-in-limit.js';

const TOKEN_BYTES = 32;
/** Of what a browser says of itself. */
const BROWSER_CHARS_MAX = 200;
/** In the audit, in place of a name that nobody has: people type passwords there. */
const NOBODY = '?';

export interface SessionsPorts {
  readonly users: UserStore;
  readonly passwords: Passwords;
  readonly secondFactors: Pick<SecondFactors, 'check'>;
  readonly limit: SignInLimit;
  readonly audit: Pick<Audit, 'note'>;
  readonly tokenMs: number;
  /** Whether that person still belongs to the centre: who was taken out of its text may not come in any more. */
  belongs(name: string): boolean;
  /** Who has another name may still type the former one. The administration's leads nowhere else, whatever the file says. */
  present(name: string): string;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface SignIn {
  readonly user: string;
  readonly password: string;
  /** Of the second factor. */
  readonly code?: string | undefined;
  readonly address: string;
  /** What the browser says of itself. */
  readonly browser?: string | undefined;
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
   * `code-needed` when the password is right and a second factor is on, `too-many-requests` after too many failures,
   * or `store-unavailable`.
   */
  async signIn(wish: SignIn): Promise<Session> {
    const { audit, clock, tokenMs } = this.ports;
    const user = await this.#proven(wish);
    const expiresAtMs = clock.nowMs() + tokenMs;
    const title = (wish.browser ?? '').slice(0, BROWSER_CHARS_MAX);
    await audit.note({ by: user.name, act: 'signed-in', on: wish.address });
    const { token } = await this.open(user.name, expiresAtMs, { kind: 'session', title, address: wish.address });
    return { token, expiresAtMs, user };
  }

  /** A new token; it is known to nobody but the one who asked. */
  async open(
    user: string,
    expiresAtMs: number,
    about: Omit<TokenAbout, 'id' | 'madeAtMs'>,
  ): Promise<{ readonly id: string; readonly token: string }> {
    const { users, clock, ids } = this.ports;
    const [id, token] = [ids.uuid(), ids.token(TOKEN_BYTES)];
    await users.saveToken(hashOf(token), user, expiresAtMs, { ...about, id, madeAtMs: clock.nowMs() });
    return { id, token };
  }

  /** Proves again that it is that person, as at signing in. Rejects as {@link signIn} does. */
  async prove(wish: SignIn): Promise<void> {
    await this.#proven(wish);
  }

  /** Rejects with HiloError `not-signed-in` for a token that is unknown, ended or signed out, or `store-unavailable`. */
  async user(token: string): Promise<UserRow> {
    const user = await this.ports.users.userByToken(hashOf(token), this.ports.clock.nowMs());
    if (user === undefined || !this.#mayEnter(user))
      throw new HiloError('not-signed-in', 'the token is not valid or no longer so; sign in again');
    return user;
  }

  /** Somebody whom another node has let in with that role, if they may still come in. Rejects with HiloError `not-signed-in`. */
  async named(name: string, role: UserRole): Promise<UserRow> {
    const user = await this.ports.users.user(name);
    if (user === undefined || !this.#mayEnter(user)) throw new HiloError('not-signed-in', `${name} may not come in`);
    return { ...user, role: lesser(user.role, role) };
  }

  signOut(token: string): Promise<void> {
    return this.ports.users.dropToken(hashOf(token));
  }

  async #proven({ user: typed, password, code, address }: SignIn): Promise<UserRow> {
    const { users, passwords, limit, secondFactors } = this.ports;
    const name = this.ports.present(typed);
    // Counted before it is tried: many tries at once are as many tries.
    const tried = limit.take(name, address);
    if (!tried.allowed) {
      throw new HiloError('too-many-requests', `too many failures; try again in ${tried.retryAfterS} s`);
    }
    const user = await users.user(name);
    const right = await passwords.verify(user?.passwordHash, password);
    if (!right || user === undefined || !this.#mayEnter(user)) {
      return this.#failed(user?.name ?? NOBODY, address, 'password', 'user or password is wrong');
    }
    const factor = await secondFactors.check(user.name, code);
    if (factor === 'wrong') return this.#failed(user.name, address, 'code', 'the code is wrong or was used before');
    if (factor === 'missing') {
      // Earlier wrong codes stay counted: half of the proof forgives nothing.
      limit.takeBack(name, address);
      throw new HiloError('code-needed', 'send it as `code`, or one of your recovery codes');
    }
    limit.giveBack(name, address);
    return user;
  }

  async #failed(by: string, on: string, what: string, detail: string): Promise<never> {
    await this.ports.audit.note({ by, act: 'sign-in-failed', on, detail: { wrong: what } });
    throw new HiloError('not-signed-in', detail);
  }

  #mayEnter({ name, madeBy, disabledBy }: UserRow): boolean {
    return disabledBy === undefined && (madeBy !== undefined || this.ports.belongs(name));
  }
}

const ROLES: readonly UserRole[] = ['agent', 'supervisor', 'admin'];

/** A token may be good for less than its owner is. */
function lesser(one: UserRole, other: UserRole): UserRole {
  return ROLES.indexOf(one) < ROLES.indexOf(other) ? one : other;
}

/** SHA-256 is enough here: the token itself is 256 random bits. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
