// The INVITE client transaction (RFC 3261 §17.1.1, figure 5; Accepted state of RFC 6026 §7.2, figure 3).
//
//                 1xx                 2xx
//   calling ───────────▶ proceeding ───────▶ accepted ──Timer M──▶ terminated
//      │  └────────2xx───────│──────────────────▲                      ▲
//      │                     │ 300-699                                 │
//      ├──300-699─▶ completed◀                                         │
//      │                └──Timer D, transport error────────────────────┤
//      └──Timer B, transport error (also in proceeding; Timer cancel)──┘

import type { SipResponse } from '../message/message.js';
import {
  type ClientEffect,
  type ClientInput,
  type Conditions,
  type Step,
  start,
  stop,
  TERMINATED,
  type TimerName,
} from './step.js';
import { giveUpMs } from './timers.js';

export type InviteClientState =
  | { readonly name: 'idle' }
  /** A CANCEL must wait for the first provisional response (RFC 3261 §9.1). */
  | { readonly name: 'calling'; readonly resendMs: number; readonly cancel: 'none' | 'wanted' }
  | { readonly name: 'proceeding'; readonly cancel: 'none' | 'sent' }
  | { readonly name: 'completed' }
  | { readonly name: 'accepted' }
  | typeof TERMINATED;

type InviteClientStep = Step<InviteClientState, ClientEffect>;

export const IDLE_INVITE_CLIENT: InviteClientState = { name: 'idle' };

export function inviteClient(state: InviteClientState, input: ClientInput, conditions: Conditions): InviteClientStep {
  switch (state.name) {
    case 'idle':
      return input.on === 'start' ? begin(conditions) : stay(state);
    case 'calling':
      return calling(state, input, conditions);
    case 'proceeding':
      return proceeding(state, input, conditions);
    case 'completed':
      return completed(state, input);
    case 'accepted':
      return accepted(state, input);
    case 'terminated':
      return stay(state);
  }
}

const stay = (state: InviteClientState, ...effects: ClientEffect[]): InviteClientStep => ({ state, effects });

function begin({ timers, reliable }: Conditions): InviteClientStep {
  const effects: ClientEffect[] = [{ do: 'send-request' }, start('B', giveUpMs(timers))];
  if (!reliable) effects.push(start('A', timers.t1Ms));
  return { state: { name: 'calling', resendMs: timers.t1Ms, cancel: 'none' }, effects };
}

function calling(
  state: InviteClientState & { name: 'calling' },
  input: ClientInput,
  conditions: Conditions,
): InviteClientStep {
  switch (input.on) {
    case 'response':
      if (input.response.status >= 200) return final(input.response, ['A', 'B'], conditions);
      return firstProvisional(state.cancel, input.response, conditions);
    case 'timer':
      if (input.timer === 'A') {
        const resendMs = state.resendMs * 2; // without the cap of non-INVITE requests (§17.1.1.2)
        return stay({ ...state, resendMs }, { do: 'send-request' }, start('A', resendMs));
      }
      return input.timer === 'B' ? fail('timeout') : stay(state);
    case 'transport-error':
      return fail('transport');
    case 'cancel':
      return stay({ ...state, cancel: 'wanted' });
    case 'start':
      return stay(state);
  }
}

function firstProvisional(cancel: 'none' | 'wanted', response: SipResponse, conditions: Conditions): InviteClientStep {
  const passUp: ClientEffect = { do: 'pass-up', response };
  if (cancel === 'none') return stay({ name: 'proceeding', cancel: 'none' }, stop('A'), stop('B'), passUp);
  return stay({ name: 'proceeding', cancel: 'sent' }, stop('A'), stop('B'), ...sendCancel(conditions), passUp);
}

/** A peer that does not speak RFC 3261 may never answer the INVITE after a CANCEL: given up after 64*T1 (§9.1). */
function sendCancel({ timers }: Conditions): ClientEffect[] {
  return [{ do: 'send-cancel' }, start('cancel', giveUpMs(timers))];
}

function proceeding(
  state: InviteClientState & { name: 'proceeding' },
  input: ClientInput,
  conditions: Conditions,
): InviteClientStep {
  switch (input.on) {
    case 'response':
      if (input.response.status >= 200) return final(input.response, ['cancel'], conditions);
      return stay(state, { do: 'pass-up', response: input.response });
    case 'cancel':
      if (state.cancel === 'sent') return stay(state);
      return stay({ name: 'proceeding', cancel: 'sent' }, ...sendCancel(conditions));
    case 'timer':
      return input.timer === 'cancel' ? fail('timeout') : stay(state);
    case 'transport-error':
      return fail('transport');
    case 'start':
      return stay(state);
  }
}

function final(response: SipResponse, running: readonly TimerName[], conditions: Conditions): InviteClientStep {
  const { timers, reliable } = conditions;
  const stops = running.map(stop);
  const passUp: ClientEffect = { do: 'pass-up', response };
  if (response.status < 300) return stay({ name: 'accepted' }, ...stops, start('M', giveUpMs(timers)), passUp);
  const ack: ClientEffect = { do: 'send-ack', response };
  if (reliable) return stay(TERMINATED, ...stops, ack, passUp); // Timer D is zero
  return stay({ name: 'completed' }, ...stops, ack, start('D', timers.dMs), passUp);
}

function completed(state: InviteClientState, input: ClientInput): InviteClientStep {
  // Our ACK was lost: the same answer comes again, and is ACKed again without being passed up (§17.1.1.2).
  if (input.on === 'response' && input.response.status >= 300) {
    return stay(state, { do: 'send-ack', response: input.response });
  }
  if (input.on === 'transport-error') return stay(TERMINATED); // the core has its answer already
  return input.on === 'timer' && input.timer === 'D' ? stay(TERMINATED) : stay(state);
}

function accepted(state: InviteClientState, input: ClientInput): InviteClientStep {
  if (input.on === 'response' && input.response.status >= 200 && input.response.status < 300) {
    return stay(state, { do: 'pass-up', response: input.response });
  }
  return input.on === 'timer' && input.timer === 'M' ? stay(TERMINATED) : stay(state);
}

function fail(reason: 'timeout' | 'transport'): InviteClientStep {
  return { state: TERMINATED, effects: [{ do: 'fail', reason }] };
}
