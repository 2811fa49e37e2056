// A checked flow: every name in it exists, every text is there in every language. Steps do no I/O: they say what to ask.
import type { CallResult, SurveyAnswer } from '../interaction/event.js';
import type { Answer, Ask, Prompt } from './ask.js';
import type { Facts } from './facts.js';
import type { CustomerFacts } from './outside/customer.js';
import type { StepTitle } from './step-title.js';
import type { Value } from './value.js';
import type { Declared, HandedType } from './variable/declaration.js';
import type { Secret } from './variable/secret.js';
import type { StepTraits } from './ways/traits.js';

export interface Flow extends Declared {
  readonly name: string;
  readonly file: string;
  readonly revision: string;
  /** The first one is spoken when nothing is known of the caller. */
  readonly languages: readonly string[];
  readonly start: string;
  /** Where a call goes, once, whose walk hit a limit. */
  readonly fallback?: string;
  readonly steps: ReadonlyMap<string, Step>;
}

export interface Step {
  /** What reports call it, when that is not its own name. */
  readonly name?: string;
  /** What people read in its place. */
  readonly title?: StepTitle;
  /** Steps of the same flow that may follow. */
  readonly exits: readonly string[];
  /** `true`: waits for the caller's keys, so that a loop through it is harmless. */
  readonly listens: boolean;
  readonly subFlow?: SubFlowUse;
  readonly traits: StepTraits;
  enter(at: StepContext): Move;
  /** The answer to the ask of `enter`, or to that of the answer before. Only for steps that ask. */
  answer?(answer: Answer, at: StepContext): Move;
  /** The sub-flow came back. Only for steps that call one. */
  returned?(results: Readonly<Record<string, Value>>, secrets: Readonly<Record<string, Secret>>): Move;
}

/** What a step uses of another flow: its variables, with the types they need to have. */
export interface SubFlowUse {
  readonly flow: string;
  readonly gives: readonly { readonly theirs: string; readonly type: HandedType }[];
  readonly takes: readonly { readonly ours: string; readonly theirs: string; readonly type: HandedType }[];
}

export interface StepContext {
  readonly facts: Facts;
  readonly language: string;
  /** How often this step has asked in vain since it was entered. */
  readonly failures: number;
  /** `facts.customer` comes from the record. */
  readonly isLookedUp: boolean;
  /** What the step kept with its last ask. */
  readonly memory: StepMemory;
  /** Unix time in ms. */
  readonly nowMs: number;
  isOpen(hours: string): boolean;
  /** Closed because the day is a day off. */
  isHoliday(hours: string): boolean;
  /** What was typed into a variable of the type `secret`; undefined before that. */
  secret(name: string): Secret | undefined;
}

/** A step's own notes from one of its asks to the next; gone when it is left. */
export type StepMemory = Readonly<Record<string, Value>>;

/** What a step wants next. `outcome` goes to the trace: never typed digits. */
export type Move =
  /** `outcome`: of the ask before, when a step asks several things. */
  | {
      readonly kind: 'ask';
      readonly ask: Exclude<Ask, { kind: 'hangup' }>;
      readonly memory?: StepMemory;
      readonly outcome?: string;
      readonly values?: Readonly<Record<string, Value>>;
    }
  /** The same once more, or in other words; the step's memory stays. */
  | { readonly kind: 'ask-again'; readonly ask: Exclude<Ask, { kind: 'hangup' }>; readonly outcome: string }
  | {
      readonly kind: 'go';
      readonly to: string;
      readonly outcome: string;
      readonly values?: Readonly<Record<string, Value>>;
      readonly secrets?: Readonly<Record<string, Secret>>;
      /** What the caller thinks of us. */
      readonly survey?: SurveyAnswer;
      readonly language?: string;
      readonly served?: true;
      /** Found out about the caller: for the rest of the call. */
      readonly customer?: CustomerFacts;
    }
  | {
      readonly kind: 'call';
      readonly flow: string;
      readonly values: Readonly<Record<string, Value>>;
      readonly secrets?: Readonly<Record<string, Secret>>;
      /** What was to be given and could not be computed. */
      readonly missing?: readonly string[];
    }
  | { readonly kind: 'return' }
  | {
      readonly kind: 'end';
      readonly outcome: string;
      readonly prompts: readonly Prompt[];
      readonly result: CallResult;
      readonly reason: string;
    };
