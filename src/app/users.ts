// Who may sign in and with what, as the running centre needs it. store/ implements it.

export type UserRole = 'agent' | 'supervisor' | 'admin';

export interface UserRow {
  readonly name: string;
  readonly role: UserRole;
  readonly passwordHash: string;
  /** The administrator who made the account; absent: it came with the centre's text, and goes with it. */
  readonly madeBy?: string;
  /** Who gave it its password; absent: the one of the credentials file. */
  readonly passwordBy?: string;
  /** The administrator who shut it: nobody signs in with it. */
  readonly disabledBy?: string;
}

/** What is told of a token besides its hash. */
export interface TokenAbout {
  readonly id: string;
  /** Of a person who signed in, or given to a program. */
  readonly kind: 'session' | 'program';
  /** The browser of a session; the name of a program's token. */
  readonly title: string;
  /** Where it was made from. */
  readonly address: string;
  readonly madeAtMs: number;
  /** Of a program: no more than this, whatever its owner may do. */
  readonly role?: UserRole;
}

export interface TokenRow extends TokenAbout {
  readonly user: string;
  readonly expiresAtMs: number;
}

export interface UserStore {
  user(name: string): Promise<UserRow | undefined>;
  saveUser(user: UserRow): Promise<void>;
  /** Tokens are stored as SHA-256; `expiresAtMs` in Unix ms. */
  saveToken(tokenHash: string, user: string, expiresAtMs: number, about?: TokenAbout): Promise<void>;
  /** With the role that the token has, which is never more than the user's. */
  userByToken(tokenHash: string, nowMs: number): Promise<UserRow | undefined>;
  dropToken(tokenHash: string): Promise<void>;
}

export interface SecondFactorRow {
  /** Base32, RFC 4648. */
  readonly secret: string;
  /** Absent: begun, but not proven yet; nobody is asked for it. */
  readonly confirmedAtMs?: number;
}

export interface AccountRow extends Omit<UserRow, 'passwordHash'> {
  readonly secondFactor: boolean;
  readonly signedInAtMs?: number;
}

/** What administrators, and people themselves, do with accounts. Everything rejects with HiloError `store-unavailable`. */
export interface AccountStore {
  /** By name. */
  accounts(): Promise<readonly AccountRow[]>;
  /** False: there is one of that name already. */
  makeUser(user: UserRow): Promise<boolean>;
  /** Not expired at `nowMs`; newest first. */
  tokens(kind: TokenAbout['kind'], nowMs: number, user?: string): Promise<readonly TokenRow[]>;
  /** The token that is gone now; undefined when there was none, or when it is not that user's. */
  dropTokenById(id: string, user?: string): Promise<TokenRow | undefined>;
  /** Of that user: all of the kind (of both without), but for the one with that hash. */
  dropTokensOf(user: string, rest?: { readonly kind?: TokenAbout['kind']; readonly butHash?: string }): Promise<void>;
  secondFactor(user: string): Promise<SecondFactorRow | undefined>;
  /** Takes the place of the present one; its recovery codes are forgotten. */
  beginSecondFactor(user: string, secret: string): Promise<void>;
  /** Recovery codes as SHA-256. */
  confirmSecondFactor(user: string, atMs: number, recoveryHashes: readonly string[]): Promise<void>;
  dropSecondFactor(user: string): Promise<void>;
  /**
   * An agent is called `to` now: password, tokens of programs, second factor, given skills, chosen devices and team go along;
   * sessions end. `secret`: of the second factor, sealed for the new name. Nothing happens when nothing is kept under `from`,
   * or an administrator made that account.
   */
  rename(from: string, to: string, secret?: string): Promise<void>;
  /** False when that step of time, or a later one, was used before (RFC 6238 §5.2). */
  takeStep(user: string, step: number): Promise<boolean>;
  /** False when there is no such code any more. */
  takeRecoveryCode(user: string, hash: string): Promise<boolean>;
}
