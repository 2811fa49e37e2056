// What the four transaction machines have in common: a step leads from a state and an input to the next state and
// the things to do. The machines are pure; client-run.ts and server-run.ts do what they say.
import type { SipResponse } from '../message/message.js';
import type { SipTimers } from './timers.js';

/** RFC 3261 and 6026 letters; `cancel` and `unanswered` are explained where they are started. */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'cancel' | 'unanswered';

export type TimerEffect =
  | { readonly do: 'start'; readonly timer: TimerName; readonly afterMs: number }
  | { readonly do: 'stop'; readonly timer: TimerName };

export type ClientEffect =
  | TimerEffect
  | { readonly do: 'send-request' }
  | { readonly do: 'send-ack'; readonly response: SipResponse }
  | { readonly do: 'send-cancel' }
  | { readonly do: 'pass-up'; readonly response: SipResponse }
  | { readonly do: 'fail'; readonly reason: 'timeout' | 'transport' };

export type ServerEffect =
  | TimerEffect
  | { readonly do: 'send'; readonly response: SipResponse }
  | { readonly do: 'pass-ack' }
  | { readonly do: 'report-ack-timeout' }
  | { readonly do: 'report-transport-failure' };

export type ClientInput =
  | { readonly on: 'start' }
  | { readonly on: 'response'; readonly response: SipResponse }
  | { readonly on: 'cancel' }
  | { readonly on: 'timer'; readonly timer: TimerName }
  | { readonly on: 'transport-error' };

export type ServerInput =
  /** A retransmission of the request. */
  | { readonly on: 'request' }
  | { readonly on: 'ack' }
  | { readonly on: 'respond'; readonly response: SipResponse }
  | { readonly on: 'timer'; readonly timer: TimerName }
  | { readonly on: 'transport-error' };

/** Reaching `terminated` stops every timer. */
export interface Step<State, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Conditions {
  readonly timers: SipTimers;
  /** Over a reliable transport nothing is retransmitted, and nothing waits for retransmissions. */
  readonly reliable: boolean;
}

export const TERMINATED = { name: 'terminated' } as const;

export const start = (timer: TimerName, afterMs: number): TimerEffect => ({ do: 'start', timer, afterMs });
export const stop = (timer: TimerName): TimerEffect => ({ do: 'stop', timer });
