// The INVITE server transaction (RFC 3261 §17.2.1, figure 7; Accepted state of RFC 6026 §7.1, figure 5).
//
//   proceeding ──300-699──▶ completed ──ACK──▶ confirmed ──Timer I──▶ terminated
//      │  │                     └──Timer H (no ACK), transport error──────▲
//      │  └──2xx──▶ accepted ──Timer L────────────────────────────────────┤
//      └──transport error─────────────────────────────────────────────────┘

import type { SipResponse } from '../message/message.js';
import { type Conditions, type ServerEffect, type ServerInput, type Step, start, stop, TERMINATED } from './step.js';
import { giveUpMs } from './timers.js';

export type InviteServerState =
  | { readonly name: 'proceeding'; readonly last: SipResponse | undefined }
  | { readonly name: 'completed'; readonly response: SipResponse; readonly resendMs: number }
  | { readonly name: 'accepted' }
  | { readonly name: 'confirmed' }
  | typeof TERMINATED;

type InviteServerStep = Step<InviteServerState, ServerEffect>;

export const NEW_INVITE_SERVER: InviteServerState = { name: 'proceeding', last: undefined };

export function inviteServer(state: InviteServerState, input: ServerInput, conditions: Conditions): InviteServerStep {
  switch (state.name) {
    case 'proceeding':
      return proceeding(state, input, conditions);
    case 'completed':
      return completed(state, input, conditions);
    case 'accepted':
      return accepted(state, input);
    case 'confirmed':
      // Copies of the INVITE and of the ACK are absorbed until Timer I.
      return input.on === 'timer' && input.timer === 'I' ? stay(TERMINATED) : stay(state);
    case 'terminated':
      return stay(state);
  }
}

const stay = (state: InviteServerState, ...effects: ServerEffect[]): InviteServerStep => ({ state, effects });

function proceeding(
  state: InviteServerState & { name: 'proceeding' },
  input: ServerInput,
  conditions: Conditions,
): InviteServerStep {
  switch (input.on) {
    case 'request':
      return state.last === undefined ? stay(state) : stay(state, { do: 'send', response: state.last });
    case 'respond':
      return respond(input.response, conditions);
    case 'transport-error':
      return stay(TERMINATED, { do: 'report-transport-failure' });
    case 'ack': // nothing to acknowledge yet
    case 'timer':
      return stay(state);
  }
}

function respond(response: SipResponse, { timers, reliable }: Conditions): InviteServerStep {
  const send: ServerEffect = { do: 'send', response };
  if (response.status < 200) return stay({ name: 'proceeding', last: response }, send);
  // RFC 6026 §7.1: the transaction lives on to absorb copies of the INVITE; the core repeats the 2xx.
  if (response.status < 300) return stay({ name: 'accepted' }, send, start('L', giveUpMs(timers)));
  const effects: ServerEffect[] = [send, start('H', giveUpMs(timers))];
  if (!reliable) effects.push(start('G', timers.t1Ms));
  return { state: { name: 'completed', response, resendMs: timers.t1Ms }, effects };
}

function completed(
  state: InviteServerState & { name: 'completed' },
  input: ServerInput,
  { timers, reliable }: Conditions,
): InviteServerStep {
  switch (input.on) {
    case 'request':
      return stay(state, { do: 'send', response: state.response });
    case 'ack':
      if (reliable) return stay(TERMINATED); // Timer I is zero
      return stay({ name: 'confirmed' }, stop('G'), stop('H'), start('I', timers.t4Ms));
    case 'timer': {
      if (input.timer === 'H') return stay(TERMINATED, { do: 'report-ack-timeout' });
      if (input.timer !== 'G') return stay(state);
      const resendMs = Math.min(state.resendMs * 2, timers.t2Ms);
      return stay({ ...state, resendMs }, { do: 'send', response: state.response }, start('G', resendMs));
    }
    case 'transport-error':
      return stay(TERMINATED, { do: 'report-transport-failure' });
    case 'respond': // too late (§17.2.1)
      return stay(state);
  }
}

function accepted(state: InviteServerState, input: ServerInput): InviteServerStep {
  switch (input.on) {
    case 'respond':
      return input.response.status >= 200 && input.response.status < 300
        ? stay(state, { do: 'send', response: input.response })
        : stay(state);
    case 'ack':
      return stay(state, { do: 'pass-ack' });
    case 'timer':
      return input.timer === 'L' ? stay(TERMINATED) : stay(state);
    case 'transport-error': // reported, but the next copy of the 2xx may get through (RFC 6026 §7.1)
      return stay(state, { do: 'report-transport-failure' });
    case 'request':
      return stay(state);
  }
}
