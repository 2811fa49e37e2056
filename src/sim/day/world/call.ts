// A caller on the line in a simulated day, and what became of the attempt.
import type { CallEnd } from '../../../core/interaction/event.js';
import type { Caller } from './callers.js';
import type { SimulatedThread } from './records.js';

/** The one node of the simulated centre. */
export const NODE = 'sim';

export type CallEnding = Pick<CallEnd, 'by' | 'result' | 'reason'>;

export type Phase =
  | { readonly phase: 'flow' }
  | { readonly phase: 'waiting'; readonly entry: string; readonly queue: string; readonly sinceMs: number }
  | { readonly phase: 'talking' }
  | { readonly phase: 'over' };

export interface Call {
  readonly caller: Caller;
  readonly thread: SimulatedThread;
  readonly segment: string;
  /** Which attempt of this caller it is, the first is 1. */
  readonly attempt: number;
  readonly visited: string[];
  /** Start of the first wait for this matter. */
  seniorityMs: number | undefined;
  phase: Phase;
}

/** A conversation an agent has had, for what is written up after it. */
export interface Conversation {
  readonly interaction: string;
  readonly segment: string;
  readonly entry: string;
  readonly queue: string;
}
