// Calls out: rings the devices of an agent or a number, round by round, until somebody answers.
import type { DialOutcome, DialRequest, DialTarget, Registration } from '../../app/ports.js';
import type { TrunkConfig } from '../../core/routing/centre.js';
import { assert } from '../../lib/assert.js';
import type { SipConnection } from '../drachtio/sip-connection.js';
import type { DeviceDirectory } from '../registrar/device-directory.js';
import { deviceDestination, numberDestination } from './destination.js';
import { type Failure, worstOf } from './outcome.js';
import { type Attempted, type Candidate, Round, type RoundParts } from './round.js';

/** More contacts than this do not ring at once. */
export const MAX_FORKS = 10;

export interface DiallerParts extends RoundParts {
  /** The SIP server of that name; else, and without one, any that takes new calls. */
  readonly signalling: (server?: string) => SipConnection | undefined;
  readonly contactsOf: (device: string) => Promise<readonly Registration[]>;
  readonly devices: Pick<DeviceDirectory, 'securityOf' | 'isVisitor'>;
  readonly trunks: () => readonly TrunkConfig[];
}

export class Dialler {
  readonly #parts: DiallerParts;
  /** Dials in progress, by what withdraws them. */
  readonly #dials = new Set<AbortController>();
  #closed = false;

  constructor(parts: DiallerParts) {
    this.#parts = parts;
  }

  /** Dials in progress. */
  get ringing(): number {
    return this.#dials.size;
  }

  async dial(asked: DialRequest): Promise<DialOutcome> {
    const withdrawal = new AbortController();
    const onAbort = (): void => withdrawal.abort();
    const withdrawn = new Promise<DialOutcome>((resolve) => {
      withdrawal.signal.addEventListener('abort', () => resolve({ kind: 'withdrawn' }), { once: true });
    });
    asked.signal.addEventListener('abort', onAbort, { once: true });
    if (asked.signal.aborted || this.#closed) onAbort();
    this.#dials.add(withdrawal);
    try {
      const dialled = this.#rounds({ ...asked, signal: withdrawal.signal });
      // Who withdraws does not wait for the CANCELs to be answered.
      const outcome = await Promise.race([withdrawn, dialled]);
      if (outcome.kind === 'withdrawn') void dialled.then(hangUpAnswered);
      return outcome;
    } finally {
      this.#dials.delete(withdrawal);
      asked.signal.removeEventListener('abort', onAbort);
    }
  }

  /** Withdraws what rings; nothing is dialled any more. */
  close(): void {
    this.#closed = true;
    for (const withdrawal of this.#dials) withdrawal.abort();
    this.#parts.prepared.close();
  }

  async #rounds(request: DialRequest): Promise<DialOutcome> {
    const rounds = request.order === 'together' ? [request.targets] : request.targets.map((target) => [target]);
    const failures: Failure[] = [];
    for (const targets of rounds) {
      if (request.signal.aborted) return { kind: 'withdrawn' };
      const attempts = await this.#round(targets, request);
      const winner = attempts.find((attempt) => attempt.kind === 'answered');
      if (winner !== undefined) return winner;
      const failed = attempts.flatMap((attempt) => (attempt.kind === 'failed' ? [attempt.failure] : []));
      failures.push(...failed);
      if (failed.some((failure) => failure.final)) break;
    }
    if (request.signal.aborted) return { kind: 'withdrawn' };
    const { reason, sipStatus } = worstOf(failures);
    return sipStatus === undefined ? { kind: 'failed', reason } : { kind: 'failed', reason, sipStatus };
  }

  async #round(targets: readonly DialTarget[], request: DialRequest): Promise<readonly Attempted[]> {
    const found = (await Promise.all(targets.map((target) => this.#candidates(target)))).flat();
    if (found.length === 0) {
      const reason = targets.some((target) => target.kind === 'number') ? 'unreachable' : 'not-registered';
      return [{ kind: 'failed', failure: { reason, final: false } }];
    }
    const attempts = await new Round(request, this.#parts).run(found.slice(0, MAX_FORKS));
    assert(attempts.filter((attempt) => attempt.kind === 'answered').length <= 1, 'a round has one winner');
    return attempts;
  }

  async #candidates(target: DialTarget): Promise<readonly Candidate[]> {
    if (target.kind === 'device') return this.#contacts(target, target.device);
    // A number that only tries us out is nobody's telephone: it must not ring anywhere else.
    if (this.#parts.devices.isVisitor(target.number)) return this.#contacts(target, target.number);
    const trunk = this.#parts.trunks().find(({ name }) => name === target.trunk);
    const destination = trunk === undefined ? undefined : numberDestination(target.number, trunk);
    if (destination === undefined) {
      this.#parts.log.warn({ trunk: target.trunk }, 'the trunk cannot call this number');
      return [];
    }
    const connection = this.#parts.signalling();
    return connection === undefined ? [] : [{ target, connection, destination }];
  }

  async #contacts(target: DialTarget, device: string): Promise<readonly Candidate[]> {
    const registrations = await this.#parts.contactsOf(device);
    const security = this.#parts.devices.securityOf(device);
    return registrations.flatMap((registration) => {
      const connection = this.#parts.signalling(registration.via);
      if (connection === undefined) return [];
      return [{ target, connection, destination: deviceDestination(registration, security) }];
    });
  }
}

/** Somebody answered in the very moment of the withdrawal. */
function hangUpAnswered(outcome: DialOutcome): void {
  if (outcome.kind === 'answered') void outcome.leg.hangUp({ by: 'hilo', reason: 'withdrawn' });
}
