// How a caller gets to a queue: the flow of the number dialled is walked by the real engine, with the keys that lead there.
import type { Answer, Ask, Prompt } from '../../../core/ivr/ask.js';
import type { FlowCatalogue, Progress, Session, TraceLine } from '../../../core/ivr/session.js';
import { advance, startSession } from '../../../core/ivr/walk.js';
import type { Centre } from '../../../core/routing/centre.js';

export interface Way {
  readonly number: string;
  /** Everything the flow did on the way, as it goes into the record. */
  readonly trace: readonly TraceLine[];
  readonly priority?: number;
  /** Who decides for a caller who is not served here. */
  readonly overflow: 'queue' | 'flow';
  /** Until the caller stands in the queue: prompts heard, keys pressed. */
  readonly takesMs: number;
}

interface State {
  readonly progress: Progress;
  readonly trace: readonly TraceLine[];
  readonly takesMs: number;
  readonly answers: number;
}

/** Speech of 15 characters a second; of a prompt that can be interrupted callers hear this much. */
const CHAR_MS = 1_000 / 15;
const HEARD = 0.6;
const RECORDED_MS = 3_000;
const KEY_MS = 1_500;
const SETUP_MS = 500;
/** Looking for a way ends here: callers do not press more keys either. */
const MAX_ANSWERS = 12;
const MAX_STATES = 2_000;
/** Opening hours and conditions on the time of day are looked at again so often. */
const SLOT_MS = 15 * 60_000;
const KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];

export class Guide {
  readonly #ways = new Map<string, Way | undefined>();

  constructor(
    private readonly centre: Centre,
    private readonly catalogue: FlowCatalogue,
    private readonly dial: string | undefined,
  ) {}

  /** Undefined: at that time no number leads to the queue. */
  wayTo(queue: string, atMs: number): Way | undefined {
    const slot = Math.floor(atMs / SLOT_MS);
    const key = `${queue} ${slot}`;
    if (!this.#ways.has(key)) this.#ways.set(key, this.#find(queue, slot * SLOT_MS));
    return this.#ways.get(key);
  }

  #find(queue: string, atMs: number): Way | undefined {
    const numbers = this.centre.numbers.filter(({ number }) => this.dial === undefined || number === this.dial);
    for (const { number, entry } of numbers) {
      const way = entry.kind === 'flow' ? this.#through(number, entry.flow, queue, atMs) : undefined;
      if (way !== undefined) return way;
    }
    const direct = numbers.find(({ entry }) => entry.kind === 'queue' && entry.queue === queue);
    return direct && { number: direct.number, trace: [], overflow: 'queue', takesMs: SETUP_MS };
  }

  /** The way with the fewest answers: every key is tried at every question, no step is asked twice. */
  #through(number: string, flow: string, queue: string, atMs: number): Way | undefined {
    const start = startSession(this.catalogue, {
      flow,
      call: { from: '', name: '', to: number, reference: '' },
      languages: [this.centre.defaultLanguage],
      nowMs: atMs,
      timeZone: this.centre.timeZone,
    });
    const open: State[] = [{ progress: start, trace: start.trace, takesMs: SETUP_MS, answers: 0 }];
    const seen = new Set<string>();
    for (const state of open) {
      const { ask, session } = state.progress;
      if (ask.kind === 'queue' && ask.queue === queue) {
        const { trace, takesMs } = state;
        const priority = ask.priority === undefined ? {} : { priority: ask.priority };
        return { number, trace, takesMs: Math.round(takesMs), overflow: ask.overflow, ...priority };
      }
      if (session.state !== 'asking' || state.answers >= MAX_ANSWERS || open.length > MAX_STATES) continue;
      const place = placeOf(session);
      if (seen.has(place)) continue;
      seen.add(place);
      for (const answer of answersTo(ask)) open.push(this.#after(state, session, answer, atMs));
    }
    return undefined;
  }

  #after(state: State, session: Session, answer: Answer, atMs: number): State {
    const progress = advance(this.catalogue, session, answer, atMs);
    return {
      progress,
      trace: [...state.trace, ...progress.trace],
      takesMs: state.takesMs + timeOf(state.progress.ask, answer),
      answers: state.answers + 1,
    };
  }
}

function placeOf({ frames, language }: Session): string {
  return JSON.stringify([language, frames.map(({ flow, step, variables }) => [flow, step, variables])]);
}

/** What callers may do at this point; nothing where the call leaves the flow for something else than the queue wanted. */
function answersTo(ask: Ask): Answer[] {
  if (ask.kind === 'play') return [{ kind: 'played' }];
  if (ask.kind !== 'collect') return [];
  const silence: Answer = { kind: 'time-out', digits: '' };
  if (ask.purpose === 'menu') return [...KEYS.map((key): Answer => ({ kind: 'digits', digits: key })), silence];
  return [{ kind: 'digits', digits: '1'.repeat(Math.max(1, ask.min)) }, silence];
}

function timeOf(ask: Ask, answer: Answer): number {
  if (!('prompts' in ask)) return 0;
  const spokenMs = ask.prompts.reduce((sum, prompt) => sum + lengthOf(prompt), 0);
  if (ask.kind !== 'collect') return spokenMs;
  if (answer.kind === 'time-out') return spokenMs + ask.firstDigitMs;
  return spokenMs * (ask.bargeIn ? HEARD : 1) + KEY_MS;
}

function lengthOf(prompt: Prompt): number {
  return prompt.kind === 'text' ? prompt.text.length * CHAR_MS : RECORDED_MS;
}
