// The non-INVITE server transaction (RFC 3261 §17.2.2, figure 8).
//
//   trying ──1xx──▶ proceeding ──200-699──▶ completed ──Timer J──▶ terminated
//     │└──────────200-699──────────────────────▲   └─transport error─▲
//     └──transport error, Timer unanswered (both states)─────────────┘

import type { SipResponse } from '../message/message.js';
import { type Conditions, type ServerEffect, type ServerInput, type Step, start, stop, TERMINATED } from './step.js';
import { giveUpMs } from './timers.js';

export type NonInviteServerState =
  | { readonly name: 'trying' }
  | { readonly name: 'proceeding'; readonly last: SipResponse }
  | { readonly name: 'completed'; readonly response: SipResponse }
  | typeof TERMINATED;

type NonInviteServerStep = Step<NonInviteServerState, ServerEffect>;

/** A request nobody answered within 64*T1 is forgotten without a word: any answer would be too late (RFC 4320 §4.2). */
export function startNonInviteServer({ timers }: Conditions): NonInviteServerStep {
  return { state: { name: 'trying' }, effects: [start('unanswered', giveUpMs(timers))] };
}

export function nonInviteServer(
  state: NonInviteServerState,
  input: ServerInput,
  conditions: Conditions,
): NonInviteServerStep {
  switch (state.name) {
    case 'trying':
    case 'proceeding':
      return pending(state, input, conditions);
    case 'completed':
      return completed(state, input);
    case 'terminated':
      return stay(state);
  }
}

const stay = (state: NonInviteServerState, ...effects: ServerEffect[]): NonInviteServerStep => ({ state, effects });

function pending(
  state: NonInviteServerState & { name: 'trying' | 'proceeding' },
  input: ServerInput,
  conditions: Conditions,
): NonInviteServerStep {
  switch (input.on) {
    case 'request':
      return state.name === 'trying' ? stay(state) : stay(state, { do: 'send', response: state.last });
    case 'respond':
      return respond(input.response, conditions);
    case 'timer':
      return input.timer === 'unanswered' ? stay(TERMINATED) : stay(state);
    case 'transport-error':
      return stay(TERMINATED, { do: 'report-transport-failure' });
    case 'ack':
      return stay(state);
  }
}

function respond(response: SipResponse, { timers, reliable }: Conditions): NonInviteServerStep {
  const send: ServerEffect = { do: 'send', response };
  if (response.status < 200) return stay({ name: 'proceeding', last: response }, send);
  if (reliable) return stay(TERMINATED, send); // Timer J is zero
  return stay({ name: 'completed', response }, send, stop('unanswered'), start('J', giveUpMs(timers)));
}

function completed(state: NonInviteServerState & { name: 'completed' }, input: ServerInput): NonInviteServerStep {
  switch (input.on) {
    case 'request':
      return stay(state, { do: 'send', response: state.response });
    case 'timer':
      return input.timer === 'J' ? stay(TERMINATED) : stay(state);
    case 'transport-error':
      return stay(TERMINATED, { do: 'report-transport-failure' });
    case 'respond':
    case 'ack':
      return stay(state);
  }
}
