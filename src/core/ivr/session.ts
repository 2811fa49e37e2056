// One caller's walk through a flow as plain JSON: where it stands, what it knows, what it has used up.
//
//   startSession ──▶ asking ──advance(answer)──▶ asking … ──▶ ended (with the ask `hangup`)

import type { RunLimits } from '../document/run-limits.js';
import type { SurveyAnswer } from '../interaction/event.js';
import type { Ask } from './ask.js';
import type { Flow, StepMemory } from './flow.js';
import type { CustomerFacts } from './outside/customer.js';
import type { Value } from './value.js';
import type { Secret } from './variable/secret.js';

/** What is known of the call; in conditions and texts as `call.from`, `call.name` … */
export interface CallFacts {
  /** Caller's number, '' when withheld. */
  readonly from: string;
  readonly name: string;
  /** The number dialled. */
  readonly to: string;
  /** Reference of the interaction, as said to the customer. */
  readonly reference: string;
}

/** Everything a walk reads besides its session. A call keeps the catalogue it began with. */
export interface FlowCatalogue {
  /** Of one call in flows; absent: DEFAULT_RUN_LIMITS. */
  readonly limits?: RunLimits;
  readonly flows: ReadonlyMap<string, Flow>;
  /** Opening hours by name at a Unix time in ms. Called only with names that the flows were compiled against. */
  isOpen(hours: string, atMs: number): boolean;
  /** Closed then because the day is a day off, not because of the hour. */
  isHoliday(hours: string, atMs: number): boolean;
}

export interface SessionStart {
  readonly flow: string;
  /** Inputs of that flow, checked when the texts were. */
  readonly give?: Readonly<Record<string, Value>>;
  readonly call: CallFacts;
  /** Languages the caller is known to speak, best first; the flow's first language when it has none of them. */
  readonly languages: readonly string[];
  readonly nowMs: number;
  readonly timeZone: string;
}

/** Why a walk stopped by itself instead of at a `hangup` step. */
export type EndReason = 'flow-finished' | LimitName;

/** What a call can have too much of: see document/run-limits.ts. */
export type LimitName =
  | 'too-many-steps'
  | 'too-long-without-input'
  | 'too-often-here'
  | 'too-long-in-flow'
  | 'flows-too-deep';

/** One flow being walked; the last frame is the current one, those before wait for its return. */
export interface Frame {
  readonly flow: string;
  readonly step: string;
  readonly variables: Readonly<Record<string, Value>>;
  /** Never written down: a session that was has none any more. */
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** `open` until a limit is hit; then the flow's `fallback` runs, once, and only that. */
export type Budget =
  | {
      readonly kind: 'open';
      readonly steps: number;
      readonly stepsSinceInput: number;
      /** `flow/step` → how often the call came there. */
      readonly visits: Readonly<Record<string, number>>;
      /** In flows, without waiting, talking and leaving a message. */
      readonly spentMs: number;
    }
  | { readonly kind: 'spent'; readonly reason: LimitName; readonly exit: 'fallback' | 'queue' };

interface Common {
  readonly call: CallFacts;
  readonly timeZone: string;
  readonly language: string;
  /** The caller has got what the flow itself can give: to hang up from here on is no abandonment. */
  readonly served: boolean;
  /** Absent until a step has looked it up. */
  readonly customer?: CustomerFacts;
  readonly frames: readonly Frame[];
  readonly budget: Budget;
}

export type Session =
  | (Common & {
      readonly state: 'asking';
      readonly asked: Ask['kind'];
      readonly askedAtMs: number;
      /** How often the present menu or gather has asked in vain. */
      readonly failures: number;
      readonly memory?: StepMemory;
    })
  | (Common & { readonly state: 'ended'; readonly reason: string });

/** What happened on the way to the next ask, in order, for the record. Typed digits are only counted; menu keys are named. */
export type TraceLine =
  | { readonly kind: 'flow-entered'; readonly flow: string; readonly revision: string; readonly language: string }
  | { readonly kind: 'language-set'; readonly language: string }
  /** `name`: what reports call the step, when that is not its own name. */
  | {
      readonly kind: 'step';
      readonly flow: string;
      readonly step: string;
      readonly outcome: string;
      readonly name?: string;
    }
  /** The call is brought to safety; `to`: the flow's fallback, a queue of the centre, or its end. */
  | {
      readonly kind: 'limit-hit';
      readonly flow: string;
      readonly step: string;
      readonly limit: LimitName;
      readonly to: 'fallback' | 'queue' | 'end';
    }
  /** Follows the line of its step. */
  | ({ readonly kind: 'survey-answered'; readonly name: string } & SurveyAnswer);

/** What `startSession(catalogue, start)` and `advance(catalogue, session, answer, nowMs)` in walk.ts return. */
export interface Progress {
  readonly session: Session;
  readonly ask: Ask;
  readonly trace: readonly TraceLine[];
}
