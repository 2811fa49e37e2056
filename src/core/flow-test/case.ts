// A test of a flow, as plain data: who calls when, what they do and hear in order, what the world answers.
import type { Place } from '../document/yaml-text.js';
import type { Answer, ForwardTarget } from '../ivr/ask.js';
import type { CustomerFacts } from '../ivr/outside/customer.js';
import type { Value } from '../ivr/value.js';

/** A text with `…` for what is left open; `…` alone is anything, also nothing, however long. */
export interface Heard {
  readonly kind: 'hears';
  readonly text?: string;
  /** Has to be heard in this language. */
  readonly language?: string;
  readonly recorded?: string;
}

/** Who answered, when the caller was handed on; absent: the test ends there. */
type OutcomeOf<Kind extends Answer['kind']> =
  Extract<Answer, { kind: Kind }> extends { readonly outcome: infer Outcome } ? Outcome : never;

export type ScriptItem = { readonly place: Place } & (
  | Heard
  | { readonly kind: 'presses'; readonly keys: string }
  | { readonly kind: 'writes'; readonly text: string }
  | { readonly kind: 'silence' }
  | { readonly kind: 'hangs-up' }
  /** Time goes by before the next thing. */
  | { readonly kind: 'waits'; readonly ms: number }
  | { readonly kind: 'queue'; readonly queue: string; readonly outcome?: OutcomeOf<'queue'>; readonly reason: string }
  | {
      readonly kind: 'forward';
      readonly to: ForwardTarget;
      readonly outcome?: OutcomeOf<'forward'>;
      readonly reason: string;
    }
  | { readonly kind: 'voicemail'; readonly outcome: OutcomeOf<'voicemail'> }
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly outcome?: OutcomeOf<'message'>;
      readonly reason: string;
    }
  | {
      readonly kind: 'callback';
      readonly queue: string;
      readonly outcome?: OutcomeOf<'callback'>;
      readonly reason: string;
    }
  | { readonly kind: 'ends'; readonly result: CaseEnd['result']; readonly reason?: string }
);

/** What an outside system says when a step of this name asks it: an answer, or why there is none. */
export type Stub =
  | { readonly kind: 'http'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'bot'; readonly reply: unknown }
  | { readonly kind: 'fails'; readonly reason: string };

export interface FlowCase {
  readonly name: string;
  readonly place: Place;
  readonly flow: string;
  /** The number dialled. */
  readonly number: string;
  /** What that number gives the flow. */
  readonly give: Readonly<Record<string, Value>>;
  readonly from: string;
  readonly callerName: string;
  readonly languages: readonly string[];
  readonly atMs: number;
  readonly customer: Partial<CustomerFacts>;
  /** Step → its answers, one after the other; the last one goes on being given. */
  readonly answers: ReadonlyMap<string, readonly Stub[]>;
  readonly script: readonly ScriptItem[];
  readonly expect: {
    readonly place: Place;
    readonly variables: Readonly<Record<string, Value>>;
    readonly language?: string;
    readonly served?: boolean;
  };
}

/** `overflow`: not served by a queue that decides itself what becomes of the caller. `open`: the script ends before the call. */
export interface CaseEnd {
  readonly result:
    | 'served'
    | 'abandoned'
    | 'voicemail'
    | 'callback-promised'
    | 'message-sent'
    | 'forwarded'
    | 'refused'
    | 'failed'
    | 'overflow'
    | 'open';
  readonly reason: string;
}

export const END_RESULTS = [
  'served',
  'abandoned',
  'voicemail',
  'callback-promised',
  'message-sent',
  'forwarded',
  'refused',
  'failed',
  'overflow',
] as const satisfies readonly CaseEnd['result'][];

/** A line of the story as it happened. */
export interface StoryLine {
  readonly kind: 'heard' | 'did' | 'went';
  readonly text: string;
}

export interface Failure extends Place {
  readonly expected: string;
  /** What there was instead, line by line. */
  readonly instead: readonly string[];
}
