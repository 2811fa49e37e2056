// What supervisors see live, besides queues and agents: who waits, who talks, today's figures, and how it all stands. Times are ISO 8601.
import type { WireEmergency } from '../emergency.js';

/** Somebody who waits. Id: of the entry. */
export interface LiveEntry {
  readonly queue: string;
  readonly interaction: string;
  readonly kind: 'call' | 'callback' | 'message' | 'task';
  readonly state: 'waiting' | 'offered' | 'accepted';
  /** Number or address; absent: withheld, or not known. */
  readonly customer?: string;
  /** What there is to do, of a message or task. */
  readonly title?: string;
  /** 0 (most urgent) to 9. */
  readonly priority: number;
  readonly since: string;
  /** Agents to whom it is offered, or who took it. */
  readonly offeredTo: readonly string[];
}

/** An agent and a customer who talk. Id: of the interaction. */
export interface LiveTalk {
  readonly interaction: string;
  readonly agent: string;
  readonly since: string;
  /** Absent: withheld, or not told yet. */
  readonly customer?: string;
  readonly queue?: string;
  /** Absent: the call is on another node, which has not told yet. */
  readonly state?: 'talking' | 'on-hold' | 'calling' | 'consulting' | 'together' | 'over';
  /** Supervisor who hears it, and how. */
  readonly monitor?: {
    readonly by: string;
    readonly mode: 'listen' | 'whisper' | 'barge';
    readonly isRinging: boolean;
  };
}

/** Of a queue, since midnight of the centre. Id: of the queue. */
export interface LiveFigures {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  /** Lost customers who talked with somebody since. */
  readonly recovered: number;
  /** Answered in time / (answered + abandoned), 0 … 1; absent: neither yet. */
  readonly serviceLevel?: number;
  /** The same of the last quarter of an hour. */
  readonly serviceLevelNow?: number;
}

/** What a supervisor tells everybody who is signed in. */
export interface LiveNotice {
  readonly text: string;
  readonly by: string;
  readonly since: string;
  readonly until: string;
}

/** How the centre stands. There is one, with the id `centre`. */
export interface LiveCentre {
  /** Calls that one part knows of and another does not: 0, or something is broken. */
  readonly unaccounted: number;
  /** The first of them, of whichever node. */
  readonly items: readonly Unaccounted[];
}

export interface Unaccounted {
  readonly kind: 'call' | 'leg' | 'entry' | 'agent' | 'channel';
  readonly id: string;
  readonly node: string;
  readonly interaction?: string;
}

/** The emergency message in force, with the id `emergency`; there is none otherwise. */
export type LiveEmergency = WireEmergency;
