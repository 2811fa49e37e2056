import { describe, it } from 'vitest';
import { type InviteClientState, inviteClient } from '../../../../src/switch/sip/transaction/invite-client.js';
import {
  type NonInviteClientState,
  nonInviteClient,
} from '../../../../src/switch/sip/transaction/non-invite-client.js';
import type { ClientInput, TimerName } from '../../../../src/switch/sip/transaction/step.js';
import { DEFAULT_TIMERS } from '../../../../src/switch/sip/transaction/timers.js';
import { expectTable, only, response } from './machine-table.js';

const timer = (name: TimerName): ClientInput => ({ on: 'timer', timer: name });

const INPUTS: Record<string, ClientInput> = {
  start: { on: 'start' },
  '100': { on: 'response', response: response(100) },
  '200': { on: 'response', response: response(200) },
  '486': { on: 'response', response: response(486) },
  cancel: { on: 'cancel' },
  A: timer('A'),
  B: timer('B'),
  D: timer('D'),
  E: timer('E'),
  F: timer('F'),
  K: timer('K'),
  M: timer('M'),
  'timer cancel': timer('cancel'),
  'transport error': { on: 'transport-error' },
};

const INVITE_STATES: Record<string, InviteClientState> = {
  idle: { name: 'idle' },
  calling: { name: 'calling', resendMs: 2_000, cancel: 'none' },
  'calling, to be cancelled': { name: 'calling', resendMs: 500, cancel: 'wanted' },
  proceeding: { name: 'proceeding', cancel: 'none' },
  'proceeding, cancelled': { name: 'proceeding', cancel: 'sent' },
  completed: { name: 'completed' },
  accepted: { name: 'accepted' },
  terminated: { name: 'terminated' },
};

const NON_INVITE_STATES: Record<string, NonInviteClientState> = {
  idle: { name: 'idle' },
  trying: { name: 'trying', resendMs: 500 },
  'trying for long': { name: 'trying', resendMs: 4_000 },
  proceeding: { name: 'proceeding' },
  completed: { name: 'completed' },
  terminated: { name: 'terminated' },
};

describe('INVITE client transaction (RFC 3261 §17.1.1, RFC 6026)', () => {
  it('over udp', () => {
    expectTable({
      states: INVITE_STATES,
      inputs: INPUTS,
      step: (state, input) => inviteClient(state, input, { timers: DEFAULT_TIMERS, reliable: false }),
      expected: {
        idle: { start: 'calling, send-request, start B 32000, start A 500' },
        calling: {
          '100': 'proceeding, stop A, stop B, pass-up 100',
          '200': 'accepted, stop A, stop B, start M 32000, pass-up 200',
          '486': 'completed, stop A, stop B, send-ack 486, start D 32000, pass-up 486',
          cancel: 'calling',
          A: 'calling, send-request, start A 4000',
          B: 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        'calling, to be cancelled': {
          '100': 'proceeding, stop A, stop B, send-cancel, start cancel 32000, pass-up 100',
          '200': 'accepted, stop A, stop B, start M 32000, pass-up 200',
          '486': 'completed, stop A, stop B, send-ack 486, start D 32000, pass-up 486',
          cancel: 'calling',
          A: 'calling, send-request, start A 1000',
          B: 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        proceeding: {
          '100': 'proceeding, pass-up 100',
          '200': 'accepted, stop cancel, start M 32000, pass-up 200',
          '486': 'completed, stop cancel, send-ack 486, start D 32000, pass-up 486',
          cancel: 'proceeding, send-cancel, start cancel 32000',
          'timer cancel': 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        'proceeding, cancelled': {
          '100': 'proceeding, pass-up 100',
          '200': 'accepted, stop cancel, start M 32000, pass-up 200',
          '486': 'completed, stop cancel, send-ack 486, start D 32000, pass-up 486',
          'timer cancel': 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        completed: { '486': 'completed, send-ack 486', D: 'terminated', 'transport error': 'terminated' },
        accepted: { '200': 'accepted, pass-up 200', M: 'terminated' },
        terminated: {},
      },
    });
  });

  it('over tcp: no Timer A, and Timer D is zero', () => {
    expectTable({
      states: only(INVITE_STATES, 'idle', 'calling'),
      inputs: only(INPUTS, 'start', '486'),
      step: (state, input) => inviteClient(state, input, { timers: DEFAULT_TIMERS, reliable: true }),
      expected: {
        idle: { start: 'calling, send-request, start B 32000' },
        calling: { '486': 'terminated, stop A, stop B, send-ack 486, pass-up 486' },
      },
    });
  });
});

describe('non-INVITE client transaction (RFC 3261 §17.1.2)', () => {
  it('over udp', () => {
    expectTable({
      states: NON_INVITE_STATES,
      inputs: INPUTS,
      step: (state, input) => nonInviteClient(state, input, { timers: DEFAULT_TIMERS, reliable: false }),
      expected: {
        idle: { start: 'trying, send-request, start F 32000, start E 500' },
        trying: {
          '100': 'proceeding, pass-up 100',
          '200': 'completed, stop E, stop F, start K 5000, pass-up 200',
          '486': 'completed, stop E, stop F, start K 5000, pass-up 486',
          E: 'trying, send-request, start E 1000',
          F: 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        'trying for long': {
          '100': 'proceeding, pass-up 100',
          '200': 'completed, stop E, stop F, start K 5000, pass-up 200',
          '486': 'completed, stop E, stop F, start K 5000, pass-up 486',
          E: 'trying, send-request, start E 4000',
          F: 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        proceeding: {
          '100': 'proceeding, pass-up 100',
          '200': 'completed, stop E, stop F, start K 5000, pass-up 200',
          '486': 'completed, stop E, stop F, start K 5000, pass-up 486',
          E: 'proceeding, send-request, start E 4000',
          F: 'terminated, fail timeout',
          'transport error': 'terminated, fail transport',
        },
        completed: { K: 'terminated' },
        terminated: {},
      },
    });
  });

  it('over tcp: no Timer E, and Timer K is zero', () => {
    expectTable({
      states: only(NON_INVITE_STATES, 'idle', 'trying'),
      inputs: only(INPUTS, 'start', '200'),
      step: (state, input) => nonInviteClient(state, input, { timers: DEFAULT_TIMERS, reliable: true }),
      expected: {
        idle: { start: 'trying, send-request, start F 32000' },
        trying: { '200': 'terminated, stop E, stop F, pass-up 200' },
      },
    });
  });
});
