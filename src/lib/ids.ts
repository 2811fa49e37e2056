// Identifiers and chance enter the program here, so that a run can be repeated from a seed.
import { randomBytes, randomUUID } from 'node:crypto';

export interface Ids {
  /** A fresh UUID, lower case. */
  uuid(): string;
  /** Random lower-case hex text of `bytes` bytes: tags, branches, nonces. */
  token(bytes: number): string;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}

/** The system is asked for so many bytes at a time: a call needs some dozen tokens of 8. */
const POOL_BYTES = 4096;
let pool: Buffer = Buffer.alloc(0);

export const systemIds: Ids = {
  uuid: () => randomUUID(),
  token(bytes) {
    if (pool.length < bytes) pool = randomBytes(Math.max(POOL_BYTES, bytes));
    const token = pool.toString('hex', 0, bytes);
    pool = pool.subarray(bytes);
    return token;
  },
};

/** mulberry32: small, fast, good enough for simulations; the same seed gives the same run. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

/** Identifiers drawn from a seeded source, in the shape of the real ones. */
export function seededIds(random: Random): Ids {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
  return {
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    token: (bytes) => hex(bytes * 2),
  };
}
