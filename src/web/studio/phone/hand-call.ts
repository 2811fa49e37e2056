// A call through a draft, walked by hand: what is heard and done until the flow asks something, and the answers to it.
import { answerOfItself, insideAnswer, isOutside, outsideAnswer } from '../../../core/flow-test/by-hand.js';
import { targetName } from '../../../core/flow-test/hearing.js';
import type { Answer, Ask, Prompt } from '../../../core/ivr/ask.js';
import { momentOf, nowIn } from '../../../core/ivr/facts.js';
import type { FlowCatalogue, Progress, TraceLine } from '../../../core/ivr/session.js';
import type { StepTitle } from '../../../core/ivr/step-title.js';
import { advance, startSession } from '../../../core/ivr/walk.js';
import type { Centre } from '../../../core/routing/centre.js';

export interface CallWish {
  readonly from: string;
  /** Known to be spoken by the caller; '' when nothing is known. */
  readonly language: string;
  /** On the clock of the centre: `2026-01-05` and `09:30`. */
  readonly date: string;
  readonly time: string;
}

export type CallLine =
  | { readonly kind: 'heard'; readonly prompt: Prompt }
  | { readonly kind: 'did'; readonly typed: string }
  | {
      readonly kind: 'went';
      readonly flow: string;
      readonly step: string;
      readonly title?: StepTitle;
      readonly outcome: string;
    }
  | {
      readonly kind: 'deed';
      readonly deed: 'queue' | 'forward' | 'voicemail' | 'message' | 'callback';
      readonly to: string;
    };

export type Question =
  | {
      readonly kind: 'keys';
      readonly min: number;
      readonly max: number;
      readonly terminators: string;
      readonly isSecret: boolean;
      /** A key cuts off what is being said. */
      readonly isInterruptible: boolean;
    }
  | { readonly kind: 'listen'; readonly max: number }
  | { readonly kind: 'outcome'; readonly of: 'queue' | 'forward' | 'voicemail' | 'message' | 'callback' }
  /** `detail`: what is asked of another system. */
  | { readonly kind: 'outside'; readonly of: 'http' | 'customer' | 'bot'; readonly detail: string }
  | { readonly kind: 'over'; readonly result: string; readonly reason: string };

/** What happened since the last answer, and what is wanted now. */
export interface Turn {
  readonly lines: readonly CallLine[];
  readonly question: Question;
  /** Where the call stands. */
  readonly flow: string;
  readonly step: string;
}

/** A flow that speaks on and on without asking. */
const MAX_UNASKED = 200;

export class HandCall {
  #progress: Progress;
  #lines: CallLine[] = [];
  readonly #nowMs: number;

  /** As whoever dials the first number that leads to this flow. */
  constructor(
    private readonly catalogue: FlowCatalogue,
    private readonly centre: Centre,
    flow: string,
    { from, language, date, time }: CallWish,
  ) {
    this.#nowMs = momentOf(date, time, centre.timeZone);
    if (Number.isNaN(this.#nowMs)) throw new Error(`${date} ${time}: no such moment`);
    const dialled = centre.numbers.find(({ entry }) => entry.kind === 'flow' && entry.flow === flow);
    this.#progress = startSession(catalogue, {
      flow,
      give: dialled?.entry.kind === 'flow' ? (dialled.entry.give ?? {}) : {},
      call: { from, name: '', to: dialled?.number ?? '', reference: 'H-TRY' },
      languages: language === '' ? [] : [language],
      nowMs: this.#nowMs,
      timeZone: centre.timeZone,
    });
    this.#goOn();
  }

  get turn(): Turn {
    const frame = this.#progress.session.frames.at(-1);
    return {
      lines: this.#lines,
      question: questionOf(this.#progress.ask),
      flow: frame?.flow ?? '',
      step: frame?.step ?? '',
    };
  }

  /** Keys, '' for silence, `no` for what fails, or what another system says: as in the terminal. */
  answer(typed: string): Turn {
    const { ask } = this.#progress;
    const isOver = ask.kind === 'hangup' || ask.kind === 'play';
    if (isOver) return this.turn;
    const isSecret = ask.kind === 'collect' && ask.secure === true;
    this.#lines = [{ kind: 'did', typed: isSecret ? '•'.repeat(typed.length) : typed }];
    const answer = isOutside(ask)
      ? outsideAnswer(ask, typed)
      : insideAnswer(ask, typed, nowIn(this.centre.timeZone, this.#nowMs));
    this.#advance(answer);
    this.#goOn();
    return this.turn;
  }

  #goOn(): void {
    this.#tell();
    for (let count = 0; count < MAX_UNASKED; count += 1) {
      const answer = answerUnasked(this.#progress.ask);
      if (answer === undefined) return;
      this.#advance(answer);
      this.#tell();
    }
  }

  #advance(answer: Answer): void {
    const { session } = this.#progress;
    if (session.state === 'asking') this.#progress = advance(this.catalogue, session, answer, this.#nowMs);
  }

  #tell(): void {
    const { ask, trace } = this.#progress;
    this.#lines.push(...trace.flatMap((line) => wentLine(line, this.catalogue)));
    if ('prompts' in ask) this.#lines.push(...ask.prompts.map((prompt): CallLine => ({ kind: 'heard', prompt })));
    const deed = deedLine(ask);
    if (deed !== undefined) this.#lines.push(deed);
  }
}

function answerUnasked(ask: Ask): Answer | undefined {
  if (ask.kind === 'play') return { kind: 'played' };
  return isOutside(ask) ? answerOfItself(ask) : undefined;
}

function wentLine(line: TraceLine, { flows }: FlowCatalogue): CallLine[] {
  if (line.kind !== 'step') return [];
  const { flow, step, outcome } = line;
  const title = flows.get(flow)?.steps.get(step)?.title;
  return [{ kind: 'went', flow, step, outcome, ...(title === undefined ? {} : { title }) }];
}

/** '' where only the recording tells. */
export function textOf(prompt: Prompt): { readonly text: string; readonly language: string } {
  if (prompt.kind === 'text') return prompt;
  const { fallbackText: text = '', fallbackLanguage: language = prompt.language } = prompt;
  return { text, language };
}

function deedLine(ask: Ask): CallLine | undefined {
  switch (ask.kind) {
    case 'queue':
      return { kind: 'deed', deed: 'queue', to: ask.queue };
    case 'forward':
      return { kind: 'deed', deed: 'forward', to: targetName(ask.to) };
    case 'voicemail':
      return { kind: 'deed', deed: 'voicemail', to: ask.queue ?? '' };
    case 'message':
      return { kind: 'deed', deed: 'message', to: ask.text };
    case 'callback':
      return {
        kind: 'deed',
        deed: 'callback',
        to: `${ask.number} ${Object.values(ask.when).slice(1).join(' ')}`.trim(),
      };
    default:
      return undefined;
  }
}

function questionOf(ask: Ask): Question {
  switch (ask.kind) {
    case 'play':
      return { kind: 'over', result: 'open', reason: 'endless' };
    case 'hangup':
      return { kind: 'over', result: ask.result, reason: ask.reason };
    case 'collect': {
      const { min, max, terminators, secure: isSecret = false, bargeIn: isInterruptible } = ask;
      return { kind: 'keys', min, max, terminators, isSecret, isInterruptible };
    }
    case 'listen':
      return { kind: 'listen', max: ask.max };
    case 'http':
      return { kind: 'outside', of: 'http', detail: `${ask.request.method} ${ask.request.url}` };
    case 'customer':
      return { kind: 'outside', of: 'customer', detail: '' };
    case 'bot':
      return { kind: 'outside', of: 'bot', detail: '' };
    default:
      return { kind: 'outcome', of: ask.kind };
  }
}
