// What a flow asks of the world, and what the world answers: the whole contract between a flow and a call.
import type { CallResult } from '../interaction/event.js';
import type { BotTurn } from './bot/bot-contract.js';
import type { BotPlace } from './bot/bot-place.js';
import type { CustomerFacts } from './outside/customer.js';
import type { Taken, Target } from './outside/take.js';
import type { WebFailure, WebRequest } from './outside/web-request.js';

/** Something the caller hears. Texts are rendered: no template is left in them, and no control character. */
export type Prompt =
  | { readonly kind: 'text'; readonly text: string; readonly language: string }
  /** A recording by name; `fallbackText` is said where it does not exist in that language. */
  | {
      readonly kind: 'recorded';
      readonly name: string;
      readonly language: string;
      readonly fallbackText?: string;
      /** Of the text, when it is not that of the recording. */
      readonly fallbackLanguage?: string;
    };

export type ForwardTarget =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'queue'; readonly queue: string }
  /** As written in the flow: still to be checked against the allow-list. */
  | { readonly kind: 'number'; readonly number: string };

export type Ask =
  | { readonly kind: 'play'; readonly prompts: readonly Prompt[] }
  | {
      readonly kind: 'collect';
      readonly purpose: 'menu' | 'gather';
      readonly prompts: readonly Prompt[];
      readonly min: number;
      readonly max: number;
      /** Keys that end the input, e.g. `#`; '' for a menu. */
      readonly terminators: string;
      readonly firstDigitMs: number;
      readonly interDigitMs: number;
      readonly bargeIn: boolean;
      /** Nobody but the flow may learn what is typed: not the log, not a listener, not a recording. */
      readonly secure?: true;
    }
  | {
      readonly kind: 'queue';
      readonly queue: string;
      /** Instead of the queue's own, 0 (most urgent) to 9. */
      readonly priority?: number;
      /** Who decides for a caller who is not served: the queue's own overflow, or the flow (answer `not-served`). */
      readonly overflow: 'queue' | 'flow';
    }
  | { readonly kind: 'forward'; readonly to: ForwardTarget; readonly ringMs: number }
  | {
      readonly kind: 'voicemail';
      readonly prompts: readonly Prompt[];
      /** Whose team gets the message. */
      readonly queue?: string;
      readonly maxMs: number;
      readonly silenceMs: number;
      readonly terminators: string;
    }
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly language: string;
      /** `callback-offer`: a reply to it brings the call-back through `queue`. */
      readonly purpose: 'information' | 'callback-offer';
      readonly queue?: string;
    }
  /** The promise to call back; stored when it is answered with `promised`. */
  | {
      readonly kind: 'callback';
      readonly queue: string;
      /** As known of the caller or typed: still to be checked. */
      readonly number: string;
      readonly when: CallbackWish;
    }
  /** A request to another system. */
  | {
      readonly kind: 'http';
      readonly request: WebRequest;
      /** What the flow wants of the answer. */
      readonly take: readonly Target[];
      /** For each try. */
      readonly timeOutMs: number;
      /** Tries after the first, when there was no answer or one that may be better next time (429, 5xx). */
      readonly retries: number;
      /** Heard while it takes longer than a moment. */
      readonly meanwhile: Meanwhile;
    }
  /** What the record tells of the caller; asked once per call. */
  | { readonly kind: 'customer' }
  /** One turn of a bot. */
  | { readonly kind: 'bot'; readonly bot: BotPlace; readonly turn: BotTurn; readonly timeOutMs: number }
  /** Says something, then waits for a written line or for keys. */
  | {
      readonly kind: 'listen';
      readonly prompts: readonly Prompt[];
      /** So many keys end the input. */
      readonly max: number;
      readonly waitMs: number;
      readonly interDigitMs: number;
    }
  /** The last ask of a session: play the prompts, then hang up. The session has ended. */
  | {
      readonly kind: 'hangup';
      readonly prompts: readonly Prompt[];
      readonly result: CallResult;
      /** Kebab-case cause for the record: `flow-finished`, or why the walker gave up: see `EndReason`. */
      readonly reason: string;
    };

/** As soon as somebody is free, with the place kept; or on a day (`2026-01-05`) at a time (`17:30`) of the centre's clock. */
export type CallbackWish =
  | { readonly kind: 'soon' }
  | { readonly kind: 'at'; readonly date: string; readonly time: string };

export type Meanwhile =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'prompts'; readonly prompts: readonly Prompt[] }
  | { readonly kind: 'music'; readonly name: string };

export type Answer =
  /** The prompts were played, to the end or as far as possible. */
  | { readonly kind: 'played' }
  | { readonly kind: 'digits'; readonly digits: string }
  /** Nothing, or too little, was typed; `digits` is what there was. */
  | { readonly kind: 'time-out'; readonly digits: string }
  | { readonly kind: 'queue'; readonly outcome: 'served' | 'not-served'; readonly reason: string }
  | { readonly kind: 'forward'; readonly outcome: 'connected' | 'failed' | 'refused'; readonly reason: string }
  | { readonly kind: 'voicemail'; readonly outcome: 'left' | 'empty' | 'failed' }
  | { readonly kind: 'message'; readonly outcome: 'queued' | 'declined'; readonly reason: string }
  /** When it will be, on the centre's clock: it may be later than was wished for. */
  | { readonly kind: 'callback'; readonly outcome: 'promised'; readonly date: string; readonly time: string }
  | { readonly kind: 'callback'; readonly outcome: 'refused'; readonly reason: string }
  /** Made by `httpAnswer` from what was answered. */
  | { readonly kind: 'http'; readonly outcome: 'answered'; readonly status: number; readonly taken: Taken }
  | { readonly kind: 'http'; readonly outcome: 'failed'; readonly reason: WebFailure }
  | { readonly kind: 'customer'; readonly outcome: 'found'; readonly customer: CustomerFacts }
  | { readonly kind: 'customer'; readonly outcome: 'failed'; readonly reason: string }
  /** `reply`: what the bot sent, still to be checked. */
  | { readonly kind: 'bot'; readonly outcome: 'answered'; readonly reply: unknown }
  | { readonly kind: 'bot'; readonly outcome: 'failed'; readonly reason: string }
  /** A line that the caller wrote (real-time text). */
  | { readonly kind: 'written'; readonly text: string };

/** The kinds of answer that each ask accepts. Any other one is a bug of the caller and throws. */
export const ANSWERS = {
  play: ['played'],
  collect: ['digits', 'time-out'],
  queue: ['queue'],
  forward: ['forward'],
  voicemail: ['voicemail'],
  message: ['message'],
  callback: ['callback'],
  http: ['http'],
  customer: ['customer'],
  bot: ['bot'],
  listen: ['written', 'digits', 'time-out'],
  hangup: [],
} as const satisfies Record<Ask['kind'], readonly Answer['kind'][]>;
