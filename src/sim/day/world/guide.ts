// How a caller gets to a queue, and where one goes who is not served there: the flow is walked by the real engine, with the keys
// that lead to the queue and other systems as the plan has them.
import type { Answer, Ask } from '../../../core/ivr/ask.js';
import type { FlowCatalogue, Progress, Session, TraceLine } from '../../../core/ivr/session.js';
import { advance, startSession } from '../../../core/ivr/walk.js';
import type { Centre } from '../../../core/routing/centre.js';
import { answersTo, timeOf } from './answers.js';
import type { Plan } from './plan.js';

export interface Way {
  readonly number: string;
  /** Everything the flow did on the way, as it goes into the record. */
  readonly trace: readonly TraceLine[];
  readonly priority?: number;
  /** Who decides for a caller who is not served here. */
  readonly overflow: 'queue' | 'flow';
  /** Until the caller stands in the queue: prompts heard, keys pressed. */
  readonly takesMs: number;
  /** At the queue step; absent: the number is the queue itself. */
  readonly session?: Asking;
}

/** What the flow does with a caller who was not served. */
export interface Onwards {
  readonly trace: readonly TraceLine[];
  readonly takesMs: number;
  readonly ask: Ask;
  readonly session: Session;
}

export type Asking = Session & { readonly state: 'asking' };

interface State {
  readonly progress: Progress;
  readonly trace: readonly TraceLine[];
  readonly takesMs: number;
  readonly answers: number;
}

const SETUP_MS = 500;
/** Looking for a way ends here: callers do not press more keys either. */
const MAX_ANSWERS = 12;
const MAX_STATES = 2_000;
/** Opening hours and conditions on the time of day are looked at again so often. */
const SLOT_MS = 15 * 60_000;

export class Guide {
  readonly #ways = new Map<string, Way | undefined>();

  constructor(
    private readonly centre: Centre,
    private readonly catalogue: FlowCatalogue,
    private readonly plan: Pick<Plan, 'outside' | 'dial'>,
  ) {}

  /** Undefined: at that time no number leads to the queue. */
  wayTo(queue: string, atMs: number): Way | undefined {
    const slot = Math.floor(atMs / SLOT_MS);
    const key = `${queue} ${slot}`;
    if (!this.#ways.has(key)) this.#ways.set(key, this.#find(queue, slot * SLOT_MS));
    return this.#ways.get(key);
  }

  #find(queue: string, atMs: number): Way | undefined {
    const numbers = this.centre.numbers.filter(
      ({ number }) => this.plan.dial === undefined || number === this.plan.dial,
    );
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
      languages: [],
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
        const at = session.state === 'asking' ? { session } : {};
        return { number, trace, takesMs: Math.round(takesMs), overflow: ask.overflow, ...priority, ...at };
      }
      if (session.state !== 'asking' || state.answers >= MAX_ANSWERS || open.length > MAX_STATES) continue;
      const place = placeOf(session);
      if (seen.has(place)) continue;
      seen.add(place);
      for (const answer of answersTo(ask, queue, this.plan.outside))
        open.push(this.#after(state, session, answer, atMs));
    }
    return undefined;
  }

  /**
   * Where a flow that decides itself sends a caller who was not served: silent from now on, as far as the next queue, message,
   * call-back, forwarding, voicemail or end.
   */
  onwards(session: Asking, reason: string, atMs: number): Onwards {
    let progress = advance(this.catalogue, session, { kind: 'queue', outcome: 'not-served', reason }, atMs);
    const trace = [...progress.trace];
    let takesMs = 0;
    for (let answers = 0; answers < MAX_ANSWERS && progress.session.state === 'asking'; answers += 1) {
      const answer = answersTo(progress.ask, '', this.plan.outside).at(-1);
      if (answer === undefined) break;
      takesMs += timeOf(progress.ask, answer);
      progress = advance(this.catalogue, progress.session, answer, atMs + takesMs);
      trace.push(...progress.trace);
    }
    return { trace, takesMs: Math.round(takesMs), ask: progress.ask, session: progress.session };
  }

  #after(state: State, session: Asking, answer: Answer, atMs: number): State {
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
