// Passwords as argon2id hashes: few at a time, because each one takes memory and a thread that others need too.
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { HiloError } from '../../app/errors.js';

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane; about 25 ms. */
const COST = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** libuv has four threads; file reads and name look-ups go through them as well. */
const AT_ONCE_MAX = 2;
const WAITING_MAX = 64;
/** Nobody's password: checked when there is no such user, so that both answers take the same time. */
const NOBODY = hash('nobody has this password', COST);

export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** PHC text. `salt`: 16 bytes, random unless given. Rejects with HiloError `too-many-requests`. */
  hash(password: string, salt?: Buffer): Promise<string> {
    return this.#inTurn(() => hash(password, salt === undefined ? COST : { ...COST, salt }));
  }

  /** `hashed` undefined: false, after the same time. Rejects with HiloError `too-many-requests`. */
  verify(hashed: string | undefined, password: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const right = await verify(hashed ?? (await NOBODY), password);
      return right && hashed !== undefined;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      // The place goes straight to the next one, so that nobody new comes in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** Resolves when a place is taken. */
  #turn(): Promise<void> {
    if (this.#running < AT_ONCE_MAX) {
      this.#running += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= WAITING_MAX) {
      const detail = 'too many people are signing in; try again in a moment';
      return Promise.reject(new HiloError('too-many-requests', detail));
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
