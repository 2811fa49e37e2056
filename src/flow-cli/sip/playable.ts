// Which tests of a flow can be played to a real server as they are, and why others cannot.

import type { FlowCase } from '../../core/flow-test/case.js';
import { type Beat, type Played, playCase } from '../../core/flow-test/play.js';
import type { Prompt } from '../../core/ivr/ask.js';
import type { Loaded } from '../load.js';

export interface Circumstances {
  /** The number that is dialled. */
  readonly number: string;
  /** Nobody has called from it before. */
  readonly from: string;
  readonly nowMs: number;
  /** There are phones of agents that answer. */
  readonly agents: boolean;
}

export type Playable =
  | { readonly kind: 'playable'; readonly test: FlowCase; readonly expected: Played }
  | { readonly kind: 'not-playable'; readonly reason: string };

/** `testCase` has passed on the core. It is played there again as the server will meet it: now, from a number of a stranger. */
export function playableCase({ centre, catalogue }: Loaded, testCase: FlowCase, given: Circumstances): Playable {
  const there: Partial<FlowCase>[] = [
    { atMs: given.nowMs },
    { languages: [] },
    { from: given.from },
    { number: given.number },
    { callerName: '', customer: {} },
  ];
  const reasons = [
    'another clock',
    'a caller whose language is known',
    'its own caller',
    'another number',
    'its own customer',
  ];
  const play = (changes: Partial<FlowCase>): Played =>
    playCase(catalogue, centre.timeZone, { ...testCase, ...changes });
  const asWritten = play({});
  const outside = asWritten.beats.map((beat) => outsideReason(beat, given)).find((reason) => reason !== undefined);
  if (outside !== undefined) return { kind: 'not-playable', reason: outside };
  if (testCase.script.some(({ kind }) => kind === 'waits'))
    return { kind: 'not-playable', reason: 'time that goes by' };
  const differing = there.findIndex((changes) => !sameCall(asWritten, play(changes)));
  const test = { ...testCase, ...Object.assign({}, ...there) } as FlowCase;
  const expected = playCase(catalogue, centre.timeZone, test);
  if (differing >= 0)
    return { kind: 'not-playable', reason: `it needs ${reasons[differing] ?? 'other circumstances'}` };
  if (!sameCall(asWritten, expected)) return { kind: 'not-playable', reason: 'it needs other circumstances' };
  return { kind: 'playable', test, expected };
}

function sameCall(a: Played, b: Played): boolean {
  const shown = ({ beats, trace, end }: Played): string => JSON.stringify([beats, trace, end]);
  return b.failure === undefined && shown(a) === shown(b);
}

/** What a real server would have to be brought to do; undefined: nothing that a phone cannot. */
function outsideReason({ ask, item }: Beat, { agents }: Circumstances): string | undefined {
  const prompts: readonly Prompt[] = 'prompts' in ask ? ask.prompts : [];
  if (prompts.some((prompt) => JSON.stringify(prompt).includes('H-TEST'))) return 'it says the reference of the call';
  switch (ask.kind) {
    case 'http':
    case 'bot':
    case 'customer':
      return `the answer to ${ask.kind} is a stub`;
    case 'queue':
      if (item?.kind !== 'queue' || item.outcome === undefined) return undefined;
      if (item.outcome === 'not-served') return `the queue ${ask.queue} has to give up on the caller`;
      return agents ? undefined : `the queue ${ask.queue} needs an agent: name phones with --agents`;
    case 'voicemail':
      return item?.kind === 'voicemail' && item.outcome === 'failed' ? 'the recording has to fail' : undefined;
    case 'forward':
    case 'message':
    case 'callback':
      return item !== undefined && 'outcome' in item && item.outcome !== undefined
        ? `what comes of ${ask.kind} is a stub`
        : undefined;
    case 'listen':
      return item?.kind === 'writes' ? 'a phone that writes' : undefined;
    default:
      return undefined;
  }
}
