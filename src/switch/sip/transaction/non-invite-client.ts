// The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6).
//
//   trying ──1xx──▶ proceeding ──200-699──▶ completed ──Timer K──▶ terminated
//     │└──────────200-699──────────────────────▲                        ▲
//     └──Timer F, transport error (both states)─────────────────────────┘

import type { SipResponse } from '../message/message.js';
import { type ClientEffect, type ClientInput, type Conditions, type Step, start, stop, TERMINATED } from './step.js';
import { giveUpMs } from './timers.js';

export type NonInviteClientState =
  | { readonly name: 'idle' }
  | { readonly name: 'trying'; readonly resendMs: number }
  | { readonly name: 'proceeding' }
  | { readonly name: 'completed' }
  | typeof TERMINATED;

type NonInviteClientStep = Step<NonInviteClientState, ClientEffect>;

export const IDLE_NON_INVITE_CLIENT: NonInviteClientState = { name: 'idle' };

export function nonInviteClient(
  state: NonInviteClientState,
  input: ClientInput,
  conditions: Conditions,
): NonInviteClientStep {
  switch (state.name) {
    case 'idle':
      return input.on === 'start' ? begin(conditions) : stay(state);
    case 'trying':
    case 'proceeding':
      return pending(state, input, conditions);
    case 'completed':
      return input.on === 'timer' && input.timer === 'K' ? stay(TERMINATED) : stay(state);
    case 'terminated':
      return stay(state);
  }
}

const stay = (state: NonInviteClientState, ...effects: ClientEffect[]): NonInviteClientStep => ({ state, effects });

function begin({ timers, reliable }: Conditions): NonInviteClientStep {
  const effects: ClientEffect[] = [{ do: 'send-request' }, start('F', giveUpMs(timers))];
  if (!reliable) effects.push(start('E', timers.t1Ms));
  return { state: { name: 'trying', resendMs: timers.t1Ms }, effects };
}

function pending(
  state: NonInviteClientState & { name: 'trying' | 'proceeding' },
  input: ClientInput,
  conditions: Conditions,
): NonInviteClientStep {
  switch (input.on) {
    case 'response':
      if (input.response.status >= 200) return final(input.response, conditions);
      // Timer E runs on: retransmission goes on after a provisional response, at T2 (§17.1.2.2).
      return stay({ name: 'proceeding' }, { do: 'pass-up', response: input.response });
    case 'timer':
      if (input.timer === 'E') return resend(state, conditions);
      return input.timer === 'F' ? fail('timeout') : stay(state);
    case 'transport-error':
      return fail('transport');
    case 'start':
    case 'cancel': // only an INVITE can be cancelled (§9.1)
      return stay(state);
  }
}

function resend(
  state: NonInviteClientState & { name: 'trying' | 'proceeding' },
  { timers }: Conditions,
): NonInviteClientStep {
  if (state.name === 'proceeding') return stay(state, { do: 'send-request' }, start('E', timers.t2Ms));
  const resendMs = Math.min(state.resendMs * 2, timers.t2Ms);
  return stay({ name: 'trying', resendMs }, { do: 'send-request' }, start('E', resendMs));
}

function final(response: SipResponse, { timers, reliable }: Conditions): NonInviteClientStep {
  const passUp: ClientEffect = { do: 'pass-up', response };
  if (reliable) return stay(TERMINATED, stop('E'), stop('F'), passUp); // Timer K is zero
  return stay({ name: 'completed' }, stop('E'), stop('F'), start('K', timers.t4Ms), passUp);
}

function fail(reason: 'timeout' | 'transport'): NonInviteClientStep {
  return { state: TERMINATED, effects: [{ do: 'fail', reason }] };
}
