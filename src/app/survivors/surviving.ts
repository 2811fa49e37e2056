// Calls on the switch that outlived their node, as the running centre needs them. voice/ implements it.
import type { LegEnd } from '../ports.js';

/** A call whose node is dead. */
export interface SurvivingCall {
  /** Of the talk, as given to `bridge`; absent: nobody talks. */
  readonly words?: string;
  /** Undefined when the talk is over meanwhile, or the switch does not allow it. */
  takeOver?(): Promise<TakenOver | undefined>;
  /** BYE to everybody in it; never rejects. */
  end(): Promise<void>;
}

/** Two who talk, held by us now: when one hangs up the other is hung up too. */
export interface TakenOver {
  /** Aborted with a {@link LegEnd}. */
  readonly ended: AbortSignal;
  hangUp(end: LegEnd): Promise<void>;
}

export interface Survivors {
  /** What the switch still has of that node. Rejects with HiloError `telephony-unavailable` when it cannot be asked. */
  of(node: string): Promise<readonly SurvivingCall[]>;
}
