// Which steps of the tour are done, told by what has really happened.
import type { WireInteraction } from '../../contract/interaction.js';

export const STEPS = ['call', 'press', 'answer', 'hang-up', 'give-up', 'reply', 'call-back', 'talk'] as const;
export type Step = (typeof STEPS)[number];

export interface Progress {
  readonly done: ReadonlySet<Step>;
  /** The first that is not; undefined: all are done. */
  readonly present: Step | undefined;
  /** The customer hung up so soon that no message follows. */
  readonly tooSoon: boolean;
}

type Fact = WireInteraction['events'][number];

export function progressOf(events: readonly Fact[]): Progress {
  const dialled = new Set(events.filter(isCallback).map(({ data }) => data['segment']));
  const isDone: Readonly<Record<Step, (fact: Fact) => boolean>> = {
    call: ({ type }) => type === 'call-arrived',
    press: ({ type, data }) => type === 'queued' && data['kind'] === 'call',
    answer: ({ type, data }) => type === 'connected' && !dialled.has(data['segment']),
    'hang-up': ({ type, data }) =>
      type === 'call-ended' && data['result'] === 'served' && !dialled.has(data['segment']),
    'give-up': ({ type }) => type === 'callback-offered',
    reply: ({ type }) => type === 'callback-requested',
    'call-back': isCallback,
    talk: ({ type, data }) => type === 'callback-ended' && data['result'] === 'connected',
  };
  const done = new Set(STEPS.filter((step) => events.some(isDone[step])));
  const last = events.findLast(({ type }) => type === 'call-ended' || type === 'call-arrived');
  return {
    done,
    present: STEPS.find((step) => !done.has(step)),
    tooSoon: last?.data['result'] === 'short-abandoned',
  };
}

function isCallback({ type, data }: Fact): boolean {
  return type === 'call-dialled' && data['purpose'] === 'callback';
}
