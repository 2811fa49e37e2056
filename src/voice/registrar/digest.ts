// HTTP digest for SIP (RFC 7616, RFC 3261 §22), MD5 with qop=auth as telephones do it: challenges and their checking.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';

/** A nonce is taken for this long; then the phone is told to use a fresh one (`stale=true`). */
export const NONCE_LIFE_MS = 5 * 60_000;
/** Nonces whose counter is remembered. */
export const MAX_NONCES = 10_000;
const MAX_HEADER_LENGTH = 4096;

export type DigestVerdict =
  | { readonly verdict: 'missing' }
  /** Right or not, the nonce is too old, not ours, or its counter was used: try again with a fresh one. */
  | { readonly verdict: 'stale' }
  | { readonly verdict: 'wrong'; readonly username: string }
  | { readonly verdict: 'right'; readonly username: string };

export interface DigestRequest {
  readonly method: string;
  readonly uri: string;
  readonly authorization: string | undefined;
}

export interface DigestOptions {
  readonly realm: string;
  /** Signs nonces: the same on all nodes that serve the same phones. */
  readonly key: string;
  /** Any of them will do; none: nobody has that name. */
  readonly secretsOf: (username: string) => readonly string[];
  readonly clock: Clock;
  readonly ids: Ids;
}

export class DigestGuard {
  readonly #options: DigestOptions;
  /** Highest counter seen per nonce, oldest nonce first. */
  readonly #counters = new Map<string, number>();
  /** Nonces issued before this are not remembered any more, so they cannot be checked for replay. */
  #forgottenUntilMs = 0;

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  /** Value of a WWW-Authenticate header. */
  challenge(stale: boolean): string {
    const { realm, clock, ids } = this.#options;
    const issued = `${clock.nowMs().toString(36)}.${ids.token(8)}`;
    const nonce = `${issued}.${this.#sign(issued)}`;
    return `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
  }

  /** Takes as long for a name that does not exist as for one that does. */
  check(request: DigestRequest): DigestVerdict {
    const { authorization } = request;
    if (authorization === undefined || authorization.length > MAX_HEADER_LENGTH) return { verdict: 'missing' };
    const fields = parseDigest(authorization);
    if (fields === undefined) return { verdict: 'missing' };
    const username = fields.get('username') ?? '';
    const answers = this.#expected(request.method, username, fields);
    const given = fields.get('response') ?? '';
    const right = this.#acceptable(request.uri, fields) && answers.some((answer) => sameText(answer, given));
    const age = this.#age(fields.get('nonce') ?? '');
    if (age === 'foreign' && !right) return { verdict: 'wrong', username };
    if (age !== 'fresh') return { verdict: 'stale' };
    if (!right) return { verdict: 'wrong', username };
    return this.#count(fields) ? { verdict: 'right', username } : { verdict: 'stale' };
  }

  /** No downgrade: realm, algorithm and qop as challenged, and the digest made for this very request. */
  #acceptable(uri: string, fields: ReadonlyMap<string, string>): boolean {
    return (
      fields.get('realm') === this.#options.realm &&
      (fields.get('algorithm') ?? 'MD5').toUpperCase() === 'MD5' &&
      fields.get('qop') === 'auth' &&
      /^[0-9a-f]{8}$/i.test(fields.get('nc') ?? '') &&
      (fields.get('cnonce') ?? '') !== '' &&
      hostOf(fields.get('uri') ?? '') === hostOf(uri)
    );
  }

  #expected(method: string, username: string, fields: ReadonlyMap<string, string>): readonly string[] {
    const known = this.#options.secretsOf(username);
    // An unknown name is checked against a secret that nobody can know: same work, same answer.
    const secrets = known.length > 0 ? known : [this.#sign(`no such user ${username}`)];
    const a2 = md5(`${method}:${fields.get('uri') ?? ''}`);
    const parts = ['nonce', 'nc', 'cnonce', 'qop'].map((name) => fields.get(name) ?? '');
    return secrets.map((secret) => {
      const a1 = md5(`${username}:${this.#options.realm}:${secret}`);
      return md5([a1, ...parts, a2].join(':'));
    });
  }

  #age(nonce: string): 'fresh' | 'old' | 'foreign' {
    const at = nonce.lastIndexOf('.');
    const issued = nonce.slice(0, Math.max(0, at));
    if (at < 0 || !sameText(this.#sign(issued), nonce.slice(at + 1))) return 'foreign';
    const issuedMs = Number.parseInt(issued, 36);
    const ageMs = this.#options.clock.nowMs() - issuedMs;
    return issuedMs > this.#forgottenUntilMs && ageMs >= 0 && ageMs <= NONCE_LIFE_MS ? 'fresh' : 'old';
  }

  /** False for a counter that was used: somebody replays a captured answer (RFC 7616 §3.4). */
  #count(fields: ReadonlyMap<string, string>): boolean {
    const nonce = fields.get('nonce') ?? '';
    const counter = Number.parseInt(fields.get('nc') ?? '', 16);
    const seen = this.#counters.get(nonce);
    if (seen !== undefined && counter <= seen) return false;
    this.#counters.set(nonce, counter);
    if (seen === undefined) this.#forget();
    return true;
  }

  #forget(): void {
    for (const nonce of this.#counters.keys()) {
      const issuedMs = Number.parseInt(nonce, 36);
      const expired = issuedMs < this.#options.clock.nowMs() - NONCE_LIFE_MS;
      if (!expired && this.#counters.size <= MAX_NONCES) return;
      this.#counters.delete(nonce);
      if (!expired) this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, issuedMs);
    }
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#options.key).update(text).digest('hex').slice(0, 32);
  }
}

/** Fields of a Digest Authorization header, the first of each name; undefined for other schemes. */
export function parseDigest(header: string): ReadonlyMap<string, string> | undefined {
  const scheme = /^\s*Digest\s+/i.exec(header);
  if (scheme === null) return undefined;
  const fields = new Map<string, string>();
  const pattern = /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)/y;
  pattern.lastIndex = scheme[0].length;
  for (;;) {
    const rest = /\s*/y;
    rest.lastIndex = pattern.lastIndex;
    rest.exec(header);
    pattern.lastIndex = rest.lastIndex;
    const field = pattern.exec(header);
    if (field === null) return fields;
    const name = (field[1] ?? '').toLowerCase();
    const value = field[2]?.replace(/\\(.)/g, '$1') ?? field[3] ?? '';
    if (!fields.has(name)) fields.set(name, value);
  }
}

/** Host of a SIP URI in lower case, without port: some phones leave the port out of the digest's uri. */
function hostOf(uri: string): string {
  return /^sips?:(?:[^@]*@)?(\[[^\]]+\]|[^:;?>]+)/i.exec(uri)?.[1]?.toLowerCase() ?? '';
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function sameText(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return a !== '' && timingSafeEqual(hash(a), hash(b.toLowerCase()));
}
