// Runs a transaction machine through every pair of state and input, and says in words what it did.
import { expect } from 'vitest';
import { Headers } from '../../../../src/switch/sip/message/headers.js';
import { EMPTY_BODY, type SipResponse } from '../../../../src/switch/sip/message/message.js';
import type { ClientEffect, ServerEffect, Step } from '../../../../src/switch/sip/transaction/step.js';

export function response(status: number): SipResponse {
  return { kind: 'response', status, reason: '', headers: new Headers(), body: EMPTY_BODY };
}

export function wordsFor({ state, effects }: Step<{ readonly name: string }, ClientEffect | ServerEffect>): string {
  return [state.name, ...effects.map(effectWords)].join(', ');
}

function effectWords(effect: ClientEffect | ServerEffect): string {
  if (effect.do === 'start') return `start ${effect.timer} ${effect.afterMs}`;
  if (effect.do === 'stop') return `stop ${effect.timer}`;
  if ('response' in effect) return `${effect.do} ${effect.response.status}`;
  return 'reason' in effect ? `${effect.do} ${effect.reason}` : effect.do;
}

/** A table of fewer rows. */
export function only<Row>(rows: Readonly<Record<string, Row>>, ...names: readonly string[]): Record<string, Row> {
  return Object.fromEntries(Object.entries(rows).filter(([name]) => names.includes(name)));
}

interface MachineTable<State, Input> {
  readonly states: Readonly<Record<string, State>>;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly step: (state: State, input: Input) => Step<State & { readonly name: string }, ClientEffect | ServerEffect>;
  /** state -> input -> words; a pair not named must change nothing and do nothing. */
  readonly expected: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function expectTable<State, Input>({ states, inputs, step, expected }: MachineTable<State, Input>): void {
  const actual: Record<string, Record<string, string>> = {};
  for (const [stateName, state] of Object.entries(states)) {
    const row: Record<string, string> = {};
    for (const [inputName, input] of Object.entries(inputs)) {
      const result = step(state, input);
      if (result.effects.length > 0 || result.state !== state) row[inputName] = wordsFor(result);
    }
    actual[stateName] = row;
  }
  expect(actual).toEqual(expected);
}
