// People at this machine who try the centre out: a number of their own each, and secrets that end with the visit.

import type { Centre } from '../../core/routing/centre.js';
import { isVisitorNumber, type TryOut, visitorNumber } from '../../core/routing/keys/try-out.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { HiloError } from '../errors.js';

export const MAX_VISITS = 50;
/** A page looks every second; one that does not look any more is closed. */
export const UNSEEN_MS = 5 * 60_000;
/** Nobody who has looked this lately is sent away for a newcomer. */
export const RECENT_MS = 30_000;
const SECRET_BYTES = 16;

export interface Visit {
  readonly id: string;
  /** The customer's number, which is the name of the phone too. */
  readonly number: string;
  readonly tryOut: TryOut;
  /** Of the agent, that this browser stands in for. */
  readonly device: string;
  /** SIP passwords that hold for this visit only. */
  readonly secrets: { readonly customer: string; readonly agent: string };
}

export interface VisitsPorts {
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly ids: Ids;
}

export class Visits {
  readonly #ports: VisitsPorts;
  /** The one seen longest ago comes first. */
  readonly #visits = new Map<string, { readonly visit: Visit; seenMs: number }>();
  #next: number;

  constructor(ports: VisitsPorts) {
    this.#ports = ports;
    // Not from 0 on after each start: who called from the number before would be somebody known.
    this.#next = Number.parseInt(ports.ids.token(4), 16);
  }

  get open(): number {
    this.#forget();
    return this.#visits.size;
  }

  /** Throws HiloError `not-found` (the centre lets nobody try), `too-many-requests`. */
  begin(): Visit {
    const { centre, ids } = this.#ports;
    const { tryOut, agents } = centre();
    const device = agents.get(tryOut?.agent ?? '')?.devices.find(({ kind }) => kind === 'sip')?.name;
    if (tryOut === undefined || device === undefined) {
      throw new HiloError('not-found', 'centre.yaml has no try-out: nobody can try this centre without an account');
    }
    this.#makeRoom();
    const secrets = { customer: ids.token(SECRET_BYTES), agent: ids.token(SECRET_BYTES) };
    const visit = { id: ids.token(SECRET_BYTES), number: visitorNumber(tryOut, this.#next), tryOut, device, secrets };
    this.#next += 1;
    this.#visits.set(visit.id, { visit, seenMs: this.#nowMs() });
    return visit;
  }

  /** Of a visitor who shows to be there still. Throws HiloError `not-found`. */
  seen(id: string): Visit {
    this.#forget();
    const known = this.#visits.get(id);
    if (known === undefined) throw new HiloError('not-found', 'this visit is over');
    this.#visits.delete(id);
    this.#visits.set(id, { visit: known.visit, seenMs: this.#nowMs() });
    return known.visit;
  }

  end(id: string): void {
    this.#visits.delete(id);
  }

  /** What the phone of that name may prove itself with, besides its own password. */
  secretsOf(device: string): readonly string[] {
    return this.#present().flatMap(({ number, device: agentDevice, secrets }) => {
      if (number === device) return [secrets.customer];
      return agentDevice === device ? [secrets.agent] : [];
    });
  }

  /** The trunk by which the calls of that phone come in; undefined: it is no visitor's. */
  trunkOf(device: string): string | undefined {
    return this.#present().find(({ number }) => number === device)?.tryOut.trunk;
  }

  /** Whether the number leads to a visitor's browser or nowhere, and never over a trunk: also when the visit is over. */
  isVisitor(number: string): boolean {
    return isVisitorNumber(this.#ports.centre().tryOut, number);
  }

  /** Of a centre that lets nobody try any more there are none, whatever was begun. */
  #present(): readonly Visit[] {
    if (this.#visits.size === 0 || this.#ports.centre().tryOut === undefined) return [];
    this.#forget();
    return [...this.#visits.values()].map(({ visit }) => visit);
  }

  #makeRoom(): void {
    this.#forget();
    const [oldest] = this.#visits;
    if (this.#visits.size < MAX_VISITS || oldest === undefined) return;
    const [id, { seenMs }] = oldest;
    if (this.#nowMs() - seenMs < RECENT_MS) throw new HiloError('too-many-requests', `${MAX_VISITS} visits are open`);
    this.#visits.delete(id);
  }

  #forget(): void {
    const nowMs = this.#nowMs();
    for (const [id, { seenMs }] of this.#visits) {
      if (nowMs - seenMs < UNSEEN_MS) return;
      this.#visits.delete(id);
    }
  }

  #nowMs(): number {
    return this.#ports.clock.monotonicMs();
  }
}
