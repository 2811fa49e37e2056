// Who may sign in, as the running centre needs it. store/ implements it.

export interface UserRow {
  readonly name: string;
  readonly role: 'agent' | 'supervisor' | 'admin';
  readonly passwordHash: string;
}

export interface UserStore {
  user(name: string): Promise<UserRow | undefined>;
  saveUser(user: UserRow): Promise<void>;
  /** Tokens are stored as SHA-256; `expiresAtMs` in Unix ms. */
  saveToken(tokenHash: string, user: string, expiresAtMs: number): Promise<void>;
  userByToken(tokenHash: string, nowMs: number): Promise<UserRow | undefined>;
  dropToken(tokenHash: string): Promise<void>;
}
