import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { DigestGuard, MAX_NONCES, NONCE_LIFE_MS, parseDigest } from '../../../src/voice/registrar/digest.js';

const SECRETS: Readonly<Record<string, string>> = { 'ana-desk': 'correct horse', 'bruno-desk': 'battery' };
const URI = 'sip:hilo.example';

function guardOf(clock = new FakeClock()) {
  const ids = seededIds(seededRandom(1));
  return new DigestGuard({ realm: 'hilo', key: 'k', secretsOf: (name) => [SECRETS[name] ?? []].flat(), clock, ids });
}

interface Answer {
  username?: string;
  password?: string;
  method?: string;
  uri?: string;
  nc?: string;
  qop?: string | undefined;
  realm?: string;
  algorithm?: string;
  nonce?: string;
}

/** What a telephone answers to the challenge. */
function phone(challenge: string, answer: Answer = {}): string {
  const nonce = answer.nonce ?? /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const { username = 'ana-desk', password = 'correct horse', method = 'REGISTER', uri = URI } = answer;
  const { nc = '00000001', realm = 'hilo', algorithm = 'MD5' } = answer;
  const qop = 'qop' in answer ? answer.qop : 'auth';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const a1 = md5(`${username}:${realm}:${password}`);
  const a2 = md5(`${method}:${uri}`);
  const response = md5(qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:c0ffee:${qop}:${a2}`);
  const quality = qop === undefined ? '' : `, qop=${qop}, nc=${nc}, cnonce="c0ffee"`;
  return `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}${quality}`;
}

const check = (guard: DigestGuard, authorization: string | undefined, method = 'REGISTER', uri = URI) =>
  guard.check({ method, uri, authorization });

describe('digest of a telephone', () => {
  it('lets the right password in', () => {
    const guard = guardOf();
    expect(check(guard, phone(guard.challenge(false)))).toEqual({ verdict: 'right', username: 'ana-desk' });
  });

  it('lets any of the passwords in that a name has just now, and no others', () => {
    const [clock, ids] = [new FakeClock(), seededIds(seededRandom(1))];
    const secretsOf = (name: string): string[] => (name === 'ana-desk' ? ['her own', 'of a visit'] : []);
    const guard = new DigestGuard({ realm: 'hilo', key: 'k', secretsOf, clock, ids });
    const tried = ['her own', 'of a visit', 'of another', ''].map((password) => {
      return check(guard, phone(guard.challenge(false), { password })).verdict;
    });
    expect(tried).toEqual(['right', 'right', 'wrong', 'wrong']);
  });

  it('agrees with the example of RFC 2617 §3.5 in its arithmetic', () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const a1 = md5('Mufasa:testrealm@host.com:Circle Of Life');
    const response = md5(
      `${a1}:dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001:0a4f113b:auth:${md5('GET:/dir/index.html')}`,
    );
    expect(response).toBe('6629fae49393a05397450978507c4ef1');
  });

  it.each<[string, Answer]>([
    ['wrong password', { password: 'wrong' }],
    ['unknown name', { username: 'nobody', password: 'correct horse' }],
    ['another method', { method: 'INVITE' }],
    ['another host', { uri: 'sip:evil.example' }],
    ['no qop (RFC 2069 downgrade)', { qop: undefined }],
    ['qop with integrity', { qop: 'auth-int' }],
    ['another algorithm', { algorithm: 'SHA-256' }],
    ['another realm', { realm: 'asterisk' }],
    ['a counter that is none', { nc: '1' }],
  ])('refuses: %s', (_what, answer) => {
    const guard = guardOf();
    expect(check(guard, phone(guard.challenge(false), answer)).verdict).toBe('wrong');
  });

  it('asks for a digest when there is none, or another scheme', () => {
    const guard = guardOf();
    for (const header of [undefined, 'Basic YW5hOmFuYQ==', `Digest ${'x'.repeat(5000)}`]) {
      expect(check(guard, header)).toEqual({ verdict: 'missing' });
    }
  });

  it('answers a captured answer that is played again with stale', () => {
    const guard = guardOf();
    const captured = phone(guard.challenge(false));
    expect(check(guard, captured).verdict).toBe('right');
    expect(check(guard, captured).verdict).toBe('stale');
  });

  it('takes a counter that grows, and only that', () => {
    const guard = guardOf();
    const challenge = guard.challenge(false);
    const verdicts = ['00000001', '00000003', '00000002', '0000000a'].map(
      (nc) => check(guard, phone(challenge, { nc })).verdict,
    );
    expect(verdicts).toEqual(['right', 'right', 'stale', 'right']);
  });

  it('calls a nonce stale after its life, whatever the password', () => {
    const clock = new FakeClock();
    const guard = guardOf(clock);
    const challenge = guard.challenge(false);
    clock.advance(NONCE_LIFE_MS + 1);
    expect(check(guard, phone(challenge)).verdict).toBe('stale');
    expect(check(guard, phone(challenge, { password: 'guess' })).verdict).toBe('stale');
    expect(guard.challenge(true)).toContain('stale=true');
  });

  it('does not take nonces that it did not sign', () => {
    const guard = guardOf();
    const challenge = guard.challenge(false);
    const forged = { nonce: `${Number.MAX_SAFE_INTEGER.toString(36)}.aa.${'0'.repeat(32)}` };
    expect(check(guard, phone(challenge, forged)).verdict).toBe('stale');
    expect(check(guard, phone(challenge, { ...forged, password: 'guess' })).verdict).toBe('wrong');
  });

  it('forgets the oldest counters at its bound, and then takes those nonces for stale', () => {
    const clock = new FakeClock();
    const guard = guardOf(clock);
    const first = guard.challenge(false);
    expect(check(guard, phone(first)).verdict).toBe('right');
    clock.advance(1);
    for (let n = 0; n < MAX_NONCES; n++) check(guard, phone(guard.challenge(false)));
    expect(check(guard, phone(first)).verdict).toBe('stale');
  });
});

describe('reading an Authorization header', () => {
  it('takes quoted and bare values, escapes, and the first of a name', () => {
    const fields = parseDigest('Digest a="x, \\"y\\"",b=2 , C = "3", a="again"');
    expect(Object.fromEntries(fields ?? [])).toEqual({ a: 'x, "y"', b: '2', c: '3' });
  });
});
