// A walk through a flow as facts for the record: what it did, and beside it what it was given, so that it can be walked again.

import type { GivenAnswer, WalkStart } from '../interaction/decision/given.js';
import type { InteractionEvent } from '../interaction/event.js';
import type { Answer, Ask } from '../ivr/ask.js';
import type { FlowCatalogue, SessionStart, TraceLine } from '../ivr/session.js';
import type { Centre } from '../routing/centre.js';

/** Longest answer that is kept, as JSON: the web answers with more than anybody needs twice. */
export const MAX_ANSWER_CHARS = 2_000;
/** Stands for a digit that was typed in secret. */
export const MASK = '•';

export class WalkFacts {
  #start: WalkStart | undefined;
  #given: GivenAnswer[] = [];

  constructor(
    private readonly segment: string,
    start: SessionStart,
    { catalogue, centre }: { readonly catalogue: FlowCatalogue; readonly centre: Centre },
  ) {
    const { nowMs, call, languages, give } = start;
    const flows = [...catalogue.flows].map(([name, { revision }]) => [name, revision] as const);
    const texts = Object.fromEntries([['centre', centre.revision ?? ''], ...flows]);
    this.#start = { atMs: nowMs, name: call.name, languages, texts, ...(give === undefined ? {} : { give }) };
  }

  /** The walk goes on with this answer at that time. */
  answered(ask: Ask, answer: Answer, atMs: number): void {
    this.#given.push(kept(ask, answer, atMs));
  }

  /** What the walk has done since: the start goes with its first fact, answers with the step that took them. */
  of(trace: readonly TraceLine[]): InteractionEvent[] {
    return trace.map((line) => {
      const event = factOf(this.segment, line);
      if (event.type === 'flow-entered' && this.#start !== undefined) {
        const start = this.#start;
        this.#start = undefined;
        return { ...event, data: { ...event.data, start } };
      }
      if (event.type === 'flow-step' && this.#given.length > 0) {
        const answers = this.#given;
        this.#given = [];
        return { ...event, data: { ...event.data, answers } };
      }
      return event;
    });
  }
}

export function factOf(segment: string, line: TraceLine): InteractionEvent {
  switch (line.kind) {
    case 'flow-entered': {
      const { flow, revision, language } = line;
      return { type: 'flow-entered', data: { segment, flow, revision, language } };
    }
    case 'language-set':
      return { type: 'language-set', data: { segment, language: line.language } };
    case 'step': {
      const { flow, step, outcome, name } = line;
      const data = { segment, step: `${flow}/${step}`, outcome };
      return { type: 'flow-step', data: name === undefined ? data : { ...data, name } };
    }
    case 'limit-hit': {
      const { flow, step, limit, to } = line;
      return { type: 'flow-limit-hit', data: { segment, step: `${flow}/${step}`, limit, to } };
    }
    case 'survey-answered': {
      const { kind: _kind, ...answer } = line;
      return { type: 'survey-answered', data: { segment, ...answer } };
    }
  }
}

function kept(ask: Ask, answer: Answer, atMs: number): GivenAnswer {
  if ('digits' in answer && ask.kind === 'collect' && ask.secure === true) {
    return { atMs, answer: { ...answer, digits: MASK.repeat(answer.digits.length) }, kept: 'masked' };
  }
  const tooLong = JSON.stringify(answer).length > MAX_ANSWER_CHARS;
  return tooLong ? { atMs, answer: { kind: answer.kind }, kept: 'cut' } : { atMs, answer: { ...answer } };
}
