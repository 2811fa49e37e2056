// Second factors: codes of an authenticator app that change with time (RFC 6238), and recovery codes for when it is lost.
import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { HiloError } from '../../app/errors.js';
import type { AccountStore } from '../../app/users.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { seal, unseal } from './sealed.js';

/** RFC 4226 §4 asks for 160 bits. */
const SECRET_BYTES = 20;
const PERIOD_S = 30;
/** A code of the step before or after is taken too: clocks differ, and people type (RFC 6238 §5.2). */
const STEPS_AROUND = 1;
export const RECOVERY_CODES = 10;
/** 64 bits: too many to be tried, so that a fast hash is enough. */
const RECOVERY_BYTES = 8;

export interface SecondFactorsPorts {
  readonly accounts: Pick<
    AccountStore,
    'secondFactor' | 'beginSecondFactor' | 'confirmSecondFactor' | 'dropSecondFactor' | 'takeStep' | 'takeRecoveryCode'
  >;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Of the data folder, the same on all nodes: secrets are sealed with it. */
  readonly key: () => string;
}

export class SecondFactors {
  constructor(private readonly ports: SecondFactorsPorts) {}

  async isOn(user: string): Promise<boolean> {
    return (await this.ports.accounts.secondFactor(user))?.confirmedAtMs !== undefined;
  }

  /** Nobody is asked for it before it is confirmed. Rejects with HiloError `wrong-state` when one is on. */
  async begin(user: string): Promise<{ readonly secret: string; readonly uri: string }> {
    const { accounts, ids, key } = this.ports;
    if (await this.isOn(user)) throw new HiloError('wrong-state', 'it is on; switch it off first');
    const secret = Secret.fromHex(ids.token(SECRET_BYTES));
    await accounts.beginSecondFactor(user, seal(secret.base32, user, key()));
    return { secret: secret.base32, uri: totp(secret, user).toString() };
  }

  /** The recovery codes, told once. Rejects with HiloError `invalid-input` for a wrong code, or `wrong-state`. */
  async confirm(user: string, code: string): Promise<readonly string[]> {
    const { accounts, clock, ids } = this.ports;
    const factor = await accounts.secondFactor(user);
    if (factor === undefined || factor.confirmedAtMs !== undefined)
      throw new HiloError('wrong-state', 'there is none that waits for its first code');
    const secret = this.#opened(user, factor.secret);
    if (secret === undefined) throw unreadable();
    if (!(await this.#takesTotp(user, secret, code)))
      throw new HiloError('invalid-input', 'the code is wrong; is the clock of your telephone right?');
    const codes = Array.from({ length: RECOVERY_CODES }, () => grouped(ids.token(RECOVERY_BYTES)));
    await accounts.confirmSecondFactor(user, clock.nowMs(), codes.map(hashOf));
    return codes;
  }

  /**
   * `not-on`: nothing is asked of that user. A code is good once. Rejects with HiloError `wrong-state` when the secret cannot
   * be read any more: recovery codes are good all the same.
   */
  async check(user: string, code: string | undefined): Promise<'not-on' | 'right' | 'wrong' | 'missing'> {
    const { accounts } = this.ports;
    const factor = await accounts.secondFactor(user);
    if (factor?.confirmedAtMs === undefined) return 'not-on';
    if (code === undefined || code.trim() === '') return 'missing';
    const secret = this.#opened(user, factor.secret);
    if (secret !== undefined && (await this.#takesTotp(user, secret, code))) return 'right';
    if (await accounts.takeRecoveryCode(user, hashOf(code))) return 'right';
    if (secret === undefined) throw unreadable();
    return 'wrong';
  }

  drop(user: string): Promise<void> {
    return this.ports.accounts.dropSecondFactor(user);
  }

  #opened(user: string, secret: string): string | undefined {
    return unseal(secret, user, this.ports.key());
  }

  async #takesTotp(user: string, secret: string, code: string): Promise<boolean> {
    const timestamp = this.ports.clock.nowMs();
    const token = code.replaceAll(/\s/g, '');
    const around = totp(Secret.fromBase32(secret), user).validate({ token, timestamp, window: STEPS_AROUND });
    if (around === null) return false;
    // Whoever looked over a shoulder has no use for it.
    return this.ports.accounts.takeStep(user, Math.floor(timestamp / 1_000 / PERIOD_S) + around);
  }
}

function unreadable(): HiloError {
  return new HiloError(
    'wrong-state',
    'your second factor was sealed with another key than that of data/credentials.json; use a recovery code, or have an administrator reset it',
  );
}

function totp(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer: 'Hilo', label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret });
}

/** `0123-4567-89ab-cdef` */
function grouped(hex: string): string {
  return (hex.match(/.{4}/g) ?? []).join('-');
}

function hashOf(code: string): string {
  const signs = code.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  return createHash('sha256').update(signs).digest('hex');
}
