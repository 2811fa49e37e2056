// Users, their tokens and second factors, in memory.
import type { AccountRow, AccountStore, TokenAbout, TokenRow, UserRow, UserStore } from '../../../src/app/users.js';

const RANK = { agent: 1, supervisor: 2, admin: 3 } as const;

interface FakeToken {
  readonly user: string;
  readonly expiresAtMs: number;
  readonly about?: TokenAbout;
}

export class FakeAccounts implements UserStore, AccountStore {
  readonly users = new Map<string, UserRow>();
  /** By hash. */
  readonly tokensByHash = new Map<string, FakeToken>();
  readonly factors = new Map<
    string,
    { readonly secret: string; confirmedAtMs?: number; lastStep: number; codes: Set<string> }
  >();
  saved = 0;

  async user(name: string): Promise<UserRow | undefined> {
    return this.users.get(name);
  }
  async saveUser(user: UserRow): Promise<void> {
    this.saved += 1;
    this.users.set(user.name, user);
  }
  async saveToken(tokenHash: string, user: string, expiresAtMs: number, about?: TokenAbout): Promise<void> {
    this.tokensByHash.set(tokenHash, { user, expiresAtMs, ...(about === undefined ? {} : { about }) });
  }
  async userByToken(tokenHash: string, nowMs: number): Promise<UserRow | undefined> {
    const token = this.tokensByHash.get(tokenHash);
    if (token === undefined || token.expiresAtMs <= nowMs) return undefined;
    const user = this.users.get(token.user);
    const most = token.about?.role;
    return user === undefined || most === undefined || RANK[most] >= RANK[user.role] ? user : { ...user, role: most };
  }
  async dropToken(tokenHash: string): Promise<void> {
    this.tokensByHash.delete(tokenHash);
  }

  async accounts(): Promise<readonly AccountRow[]> {
    const sorted = [...this.users.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return sorted.map(({ passwordHash: _hash, ...row }) => {
      const signedIn = this.#of(row.name).map(({ about }) => about?.madeAtMs ?? 0);
      const secondFactor = this.factors.get(row.name)?.confirmedAtMs !== undefined;
      return { ...row, secondFactor, ...(signedIn.length === 0 ? {} : { signedInAtMs: Math.max(...signedIn) }) };
    });
  }
  async rename(from: string, to: string, secret?: string): Promise<void> {
    const user = this.users.get(from);
    if (user === undefined || user.madeBy !== undefined) return;
    this.users.delete(from);
    this.users.set(to, { ...user, name: to });
    for (const [hash, token] of this.tokensByHash) {
      if (token.user !== from) continue;
      if (token.about?.kind === 'program') this.tokensByHash.set(hash, { ...token, user: to });
      else this.tokensByHash.delete(hash);
    }
    const factor = this.factors.get(from);
    this.factors.delete(from);
    if (factor !== undefined) this.factors.set(to, { ...factor, secret: secret ?? factor.secret });
  }
  async makeUser(user: UserRow): Promise<boolean> {
    if (this.users.has(user.name)) return false;
    this.users.set(user.name, user);
    return true;
  }
  async tokens(kind: TokenAbout['kind'], nowMs: number, user?: string): Promise<readonly TokenRow[]> {
    return [...this.tokensByHash.values()]
      .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .flatMap(rowOf)
      .filter((row) => row.kind === kind && (user === undefined || row.user === user))
      .toReversed();
  }
  async dropTokenById(id: string, user?: string): Promise<TokenRow | undefined> {
    for (const [hash, token] of this.tokensByHash) {
      if (token.about?.id !== id || (user !== undefined && token.user !== user)) continue;
      this.tokensByHash.delete(hash);
      return rowOf(token)[0];
    }
    return undefined;
  }
  async dropTokensOf(user: string, { kind, butHash }: Parameters<AccountStore['dropTokensOf']>[1] = {}): Promise<void> {
    for (const [hash, token] of this.tokensByHash) {
      if (token.user !== user || hash === butHash) continue;
      if (kind === undefined || (token.about?.kind ?? 'session') === kind) this.tokensByHash.delete(hash);
    }
  }
  async secondFactor(user: string) {
    return this.factors.get(user);
  }
  async beginSecondFactor(user: string, secret: string): Promise<void> {
    this.factors.set(user, { secret, lastStep: 0, codes: new Set() });
  }
  async confirmSecondFactor(user: string, atMs: number, recoveryHashes: readonly string[]): Promise<void> {
    const factor = this.factors.get(user);
    if (factor !== undefined) Object.assign(factor, { confirmedAtMs: atMs, codes: new Set(recoveryHashes) });
  }
  async dropSecondFactor(user: string): Promise<void> {
    this.factors.delete(user);
  }
  async takeStep(user: string, step: number): Promise<boolean> {
    const factor = this.factors.get(user);
    if (factor === undefined || factor.lastStep >= step) return false;
    factor.lastStep = step;
    return true;
  }
  async takeRecoveryCode(user: string, hash: string): Promise<boolean> {
    return this.factors.get(user)?.codes.delete(hash) ?? false;
  }

  #of(user: string): FakeToken[] {
    return [...this.tokensByHash.values()].filter((token) => token.user === user);
  }
}

function rowOf({ user, expiresAtMs, about }: FakeToken): TokenRow[] {
  return about === undefined ? [] : [{ ...about, user, expiresAtMs }];
}
