import { describe, expect, it } from 'vitest';
import { type InviteServerState, inviteServer } from '../../../../src/switch/sip/transaction/invite-server.js';
import {
  type NonInviteServerState,
  nonInviteServer,
  startNonInviteServer,
} from '../../../../src/switch/sip/transaction/non-invite-server.js';
import type { ServerInput, TimerName } from '../../../../src/switch/sip/transaction/step.js';
import { DEFAULT_TIMERS } from '../../../../src/switch/sip/transaction/timers.js';
import { expectTable, only, response, wordsFor } from './machine-table.js';

const timer = (name: TimerName): ServerInput => ({ on: 'timer', timer: name });

const INPUTS: Record<string, ServerInput> = {
  'request again': { on: 'request' },
  ack: { on: 'ack' },
  '180': { on: 'respond', response: response(180) },
  '200': { on: 'respond', response: response(200) },
  '486': { on: 'respond', response: response(486) },
  G: timer('G'),
  H: timer('H'),
  I: timer('I'),
  J: timer('J'),
  L: timer('L'),
  unanswered: timer('unanswered'),
  'transport error': { on: 'transport-error' },
};

const UDP = { timers: DEFAULT_TIMERS, reliable: false };
const TCP = { timers: DEFAULT_TIMERS, reliable: true };

const INVITE_STATES: Record<string, InviteServerState> = {
  new: { name: 'proceeding', last: undefined },
  ringing: { name: 'proceeding', last: response(180) },
  completed: { name: 'completed', response: response(486), resendMs: 500 },
  'completed long ago': { name: 'completed', response: response(486), resendMs: 4_000 },
  accepted: { name: 'accepted' },
  confirmed: { name: 'confirmed' },
  terminated: { name: 'terminated' },
};

const PROCEEDING = {
  '180': 'proceeding, send 180',
  '200': 'accepted, send 200, start L 32000',
  '486': 'completed, send 486, start H 32000, start G 500',
  'transport error': 'terminated, report-transport-failure',
};

describe('INVITE server transaction (RFC 3261 §17.2.1, RFC 6026)', () => {
  it('over udp', () => {
    expectTable({
      states: INVITE_STATES,
      inputs: INPUTS,
      step: (state, input) => inviteServer(state, input, UDP),
      expected: {
        new: PROCEEDING,
        ringing: { 'request again': 'proceeding, send 180', ...PROCEEDING },
        completed: {
          'request again': 'completed, send 486',
          ack: 'confirmed, stop G, stop H, start I 5000',
          G: 'completed, send 486, start G 1000',
          H: 'terminated, report-ack-timeout',
          'transport error': 'terminated, report-transport-failure',
        },
        'completed long ago': {
          'request again': 'completed, send 486',
          ack: 'confirmed, stop G, stop H, start I 5000',
          G: 'completed, send 486, start G 4000',
          H: 'terminated, report-ack-timeout',
          'transport error': 'terminated, report-transport-failure',
        },
        accepted: {
          ack: 'accepted, pass-ack',
          '200': 'accepted, send 200',
          L: 'terminated',
          'transport error': 'accepted, report-transport-failure',
        },
        confirmed: { I: 'terminated' },
        terminated: {},
      },
    });
  });

  it('over tcp: no Timer G, and Timer I is zero', () => {
    expectTable({
      states: only(INVITE_STATES, 'ringing', 'completed'),
      inputs: only(INPUTS, '486', 'ack'),
      step: (state, input) => inviteServer(state, input, TCP),
      expected: {
        ringing: { '486': 'completed, send 486, start H 32000' },
        completed: { ack: 'terminated' },
      },
    });
  });
});

describe('non-INVITE server transaction (RFC 3261 §17.2.2)', () => {
  const states: Record<string, NonInviteServerState> = {
    trying: { name: 'trying' },
    proceeding: { name: 'proceeding', last: response(100) },
    completed: { name: 'completed', response: response(200) },
    terminated: { name: 'terminated' },
  };
  const pending = {
    '180': 'proceeding, send 180',
    '200': 'completed, send 200, stop unanswered, start J 32000',
    '486': 'completed, send 486, stop unanswered, start J 32000',
    unanswered: 'terminated',
    'transport error': 'terminated, report-transport-failure',
  };

  it('begins by limiting how long an answer makes sense (RFC 4320)', () => {
    expect(wordsFor(startNonInviteServer(UDP))).toBe('trying, start unanswered 32000');
  });

  it('over udp', () => {
    expectTable({
      states,
      inputs: INPUTS,
      step: (state, input) => nonInviteServer(state, input, UDP),
      expected: {
        trying: pending,
        proceeding: { 'request again': 'proceeding, send 100', ...pending },
        completed: {
          'request again': 'completed, send 200',
          J: 'terminated',
          'transport error': 'terminated, report-transport-failure',
        },
        terminated: {},
      },
    });
  });

  it('over tcp: Timer J is zero', () => {
    expect(wordsFor(nonInviteServer({ name: 'trying' }, { on: 'respond', response: response(200) }, TCP))).toBe(
      'terminated, send 200',
    );
  });
});
