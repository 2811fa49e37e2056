// How agents and customers of recorded matters behaved: what a simulation of their day takes instead of guesses.
import type { RecordedEvent } from '../../../core/interaction/event.js';
import type { Plan } from '../world/plan.js';
import { lognormalOf, shareOf } from './calls.js';
import { known } from './quantities.js';

/** What is too rare to say is left out. */
export type Habits = Partial<Pick<Plan, 'answer' | 'missed' | 'replies' | 'reached'>> & {
  readonly wrapUp?: Plan['answer'];
};

export function habitsIn(threads: Iterable<readonly RecordedEvent[]>): Habits {
  const answersMs: number[] = [];
  const wrapUpsMs: number[] = [];
  const count = { offers: 0, missed: 0, offered: 0, wanted: 0, attempts: 0, reached: 0 };
  for (const events of threads) {
    const rangAtMs = new Map<string, number>();
    for (const { atMs, event } of events) {
      switch (event.type) {
        case 'offered':
          count.offers += 1;
          rangAtMs.set(`${event.data.entry} ${event.data.agent}`, atMs);
          break;
        case 'offer-refused':
          if (event.data.reason === 'no-answer') count.missed += 1;
          break;
        case 'connected': {
          const sinceMs = rangAtMs.get(`${event.data.entry} ${event.data.agent}`);
          if (sinceMs !== undefined) answersMs.push(atMs - sinceMs);
          break;
        }
        case 'wrapped-up':
          wrapUpsMs.push(event.data.wrapUpMs);
          break;
        case 'callback-offered':
          count.offered += 1;
          break;
        case 'callback-requested':
          if (event.data.source === 'message') count.wanted += 1;
          break;
        case 'callback-attempted':
          count.attempts += 1;
          break;
        case 'callback-ended':
          if (event.data.result === 'connected') count.reached += 1;
          break;
        default:
      }
    }
  }
  return {
    ...known('answer', lognormalOf(answersMs)),
    ...known('wrapUp', lognormalOf(wrapUpsMs)),
    ...known('missed', shareOf(count.missed, count.offers)),
    ...known('replies', shareOf(Math.min(count.wanted, count.offered), count.offered)),
    ...known('reached', shareOf(count.reached, count.attempts)),
  };
}
