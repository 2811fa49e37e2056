// Which steps of the tour are done, told by what has really happened.
import type { WireAgent } from '../../contract/agent.js';
import type { WireInteraction } from '../../contract/interaction.js';

export const STEPS = ['call', 'press', 'give-up', 'reply', 'call-back', 'talk', 'hang-up'] as const;
export type Step = (typeof STEPS)[number];

export interface Progress {
  readonly done: ReadonlySet<Step>;
  /** The first that is not; undefined: all are done. */
  readonly present: Step | undefined;
  /** Why the last call of the customer brings no message: hung up too soon, or served. */
  readonly detour: 'too-soon' | 'served' | undefined;
}

type Fact = WireInteraction['events'][number];

export function progressOf(events: readonly Fact[]): Progress {
  const dialled = new Set(events.filter(isCallback).map(({ data }) => data['segment']));
  const isDone: Readonly<Record<Step, (fact: Fact) => boolean>> = {
    call: ({ type }) => type === 'call-arrived',
    press: ({ type, data }) => type === 'queued' && data['kind'] === 'call',
    'give-up': ({ type }) => type === 'callback-offered',
    reply: ({ type }) => type === 'callback-requested',
    'call-back': isCallback,
    talk: ({ type, data }) => type === 'connected' && dialled.has(data['segment']),
    'hang-up': ({ type, data }) => type === 'call-ended' && data['result'] === 'served' && dialled.has(data['segment']),
  };
  const done = new Set(STEPS.filter((step) => events.some(isDone[step])));
  return { done, present: STEPS.find((step) => !done.has(step)), detour: detourOf(events, done) };
}

/** Why nothing rings at the agent although it is the turn of that: they are not there, or have somebody else. */
export type Hindrance = 'resting' | 'busy';

const RINGS_AT_AGENT: ReadonlySet<Step | undefined> = new Set(['press', 'give-up', 'call-back']);

export function hindranceOf(present: Step | undefined, agent: WireAgent['state'] | undefined): Hindrance | undefined {
  if (!RINGS_AT_AGENT.has(present)) return undefined;
  if (agent === 'break' || agent === 'offline') return 'resting';
  return agent === 'busy' || agent === 'wrap-up' ? 'busy' : undefined;
}

function detourOf(events: readonly Fact[], done: ReadonlySet<Step>): Progress['detour'] {
  if (done.has('give-up')) return undefined;
  const last = events.findLast(({ type }) => type === 'call-ended' || type === 'call-arrived');
  if (last?.data['result'] === 'short-abandoned') return 'too-soon';
  return last?.data['result'] === 'served' ? 'served' : undefined;
}

function isCallback({ type, data }: Fact): boolean {
  return type === 'call-dialled' && data['purpose'] === 'callback';
}
