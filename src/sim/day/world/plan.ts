// What a simulated stretch of days is made of: a centre, its agents at work, who calls, and how people behave.
import type { QueueConfig } from '../../../core/acd/queue.js';
import type { FlowCatalogue } from '../../../core/ivr/session.js';
import type { AgentConfig, Centre } from '../../../core/routing/centre.js';
import type { Duration } from './chance.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** At work from `fromMs` to `toMs` of each day, counted from its midnight. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SimulatedAgent {
  readonly config: AgentConfig;
  readonly shifts: readonly Shift[];
}

/** Calls an hour for each hour of the day, by queue. */
export type Profile = ReadonlyMap<string, readonly number[]>;

/** A call that really came. What is not known of it is drawn. */
export interface LoggedCall {
  readonly atMs: number;
  readonly queue: string;
  readonly number?: string;
  readonly talkMs?: number;
  /** The caller hung up after so long: their patience is known. */
  readonly gaveUpAfterMs?: number;
  /** The caller was answered after so long: their patience was at least this. */
  readonly waitedMs?: number;
  /** Nobody answered; the caller left the queue for something else after `waitedMs`. */
  readonly flowedOut?: true;
}

export type Arrivals =
  | { readonly kind: 'profile'; readonly perHour: Profile }
  /** Times as they were, on the first day of the simulation and on each further one. */
  | { readonly kind: 'log'; readonly calls: readonly LoggedCall[] };

/** How callers and agents behave: of all queues, or of one. */
export interface Behaviour {
  readonly patience: Duration;
  readonly talk: Duration;
  /** How long agents write up, as far as the queue lets them; absent: as long as the queue says. */
  readonly wrapUp?: Duration;
}

export interface Plan {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
  /** Midnight at which the first day begins, Unix ms. */
  readonly startMs: number;
  readonly days: number;
  readonly agents: readonly SimulatedAgent[];
  readonly arrivals: Arrivals;
  /** 1 = as given; 1.1 = ten per cent more callers. */
  readonly arrivalsFactor: number;
  readonly behaviour: Behaviour;
  readonly behaviourOf: ReadonlyMap<string, Partial<Behaviour>>;
  /** From the first ring to the agent's answer. */
  readonly answer: Duration;
  /** Share of offers that an agent lets ring. */
  readonly missed: number;
  /** Share of those who were not served that call again, and after how long. */
  readonly redial: number;
  readonly redialAfter: Duration;
  /** Share of those who got the offer of a call-back that accept it, and after how long. */
  readonly replies: number;
  readonly replyAfter: Duration;
  /** Share of call-backs at which the customer answers. */
  readonly reached: number;
  /** What other systems do that the flow asks. */
  readonly outside: 'answered' | 'failed';
  /** Number dialled; undefined: for each queue the first one whose flow leads there. */
  readonly dial?: string;
}

export function behaviourOf(plan: Plan, queue: string): Behaviour {
  return { ...plan.behaviour, ...plan.behaviourOf.get(queue) };
}

/** How long a wrap-up lasts whose agent needs `neededMs`; undefined: as long as the queue says. */
export function wrapUpMsOf({ wrapUpMs, wrapUp }: QueueConfig, neededMs: number | undefined): number {
  const mostMs = wrapUp?.mode === 'prolongable' ? wrapUp.mostMs : wrapUpMs;
  return neededMs === undefined ? wrapUpMs : Math.min(mostMs, neededMs);
}
