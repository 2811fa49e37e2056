import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/core/interaction/interaction.js';
import { isShortAbandon, type RecoveryQuestion, recover } from '../../../src/core/policy/abandoned-call.js';
import type { RecoveryPolicy } from '../../../src/core/routing/centre.js';
import * as told from '../../support/record.js';
import { at, record, type Told } from '../../support/record.js';

const policy: RecoveryPolicy = {
  shortAbandonMs: 5_000,
  channel: 'sms',
  coolDownMs: 15 * 60_000,
  consent: 'implied',
  attemptDelaysMs: [0],
  offerValidMs: 3_600_000,
  text: 'callback-offer',
};
const recipient = { number: '+34600123456', consent: 'unknown', language: 'es' } as const;

const abandoned: readonly Told[] = told.abandonedWithOffer.slice(0, 7);

function question(story: readonly Told[], change: Partial<RecoveryQuestion> = {}): RecoveryQuestion {
  return {
    interaction: fold(record(story)),
    segment: 's1',
    cause: 'abandoned',
    recipient,
    policy,
    country: 'ES',
    queueTitle: () => 'Soporte',
    ...change,
  };
}

function gaveUpAfter(waitedS: number): readonly Told[] {
  return [
    [0, told.opened],
    [0, told.arrived()],
    [10, told.queued('e1', 10)],
    [10 + waitedS, told.left('e1', 'caller-hung-up', waitedS)],
    [10 + waitedS, told.ended('abandoned')],
  ];
}

describe('an abandoned call', () => {
  it('becomes one message that offers a call-back at the caller’s place', () => {
    expect(recover(question(abandoned), at(56))).toEqual({
      type: 'offer-callback',
      channel: 'sms',
      to: '+34600123456',
      language: 'es',
      text: 'callback-offer',
      variables: { reference: 'H-7K3Q-X2PD', queue: 'Soporte' },
      place: { queue: 'support', priority: 5, seniorityMs: at(10) },
    });
  });

  it('keeps the first seniority and the last queue of one who was moved around', () => {
    const moved: readonly Told[] = [
      [0, told.opened],
      [0, told.arrived()],
      [10, told.queued('e1', 10)],
      [40, told.left('e1', 'overflow', 30)],
      [40, told.queued('e2', 40, { queue: 'sales', priority: 3 })],
      [60, told.left('e2', 'caller-hung-up', 20)],
      [60, told.ended('abandoned')],
    ];
    expect(recover(question(moved), at(60))).toMatchObject({
      place: { queue: 'sales', priority: 3, seniorityMs: at(10) },
    });
  });

  it('is short below the limit and missed from the limit on', () => {
    expect([4_999, 5_000].map((waitedMs) => isShortAbandon(waitedMs, policy))).toEqual([true, false]);
    expect(recover(question(gaveUpAfter(4)), at(20))).toEqual({ type: 'decline', reason: 'short-abandon' });
    expect(recover(question(gaveUpAfter(5)), at(20))).toMatchObject({ type: 'offer-callback' });
  });

  const customer = (change: Partial<RecoveryQuestion['recipient']>) => ({ recipient: { ...recipient, ...change } });

  it.each<[string, readonly Told[], Partial<RecoveryQuestion>, string]>([
    [
      'talked to an agent',
      [
        [0, told.opened],
        [0, told.arrived()],
        [1, told.queued('e1', 1)],
        [9, told.connected('e1', 8)],
        [99, told.ended('served')],
      ],
      {},
      'served',
    ],
    ['left a voicemail', [...gaveUpAfter(30).slice(0, 4), [50, told.ended('voicemail')]], {}, 'served'],
    ['is in another call of the same matter', [...abandoned, [55, told.arrived('s2')]], {}, 'in-call'],
    [
      'never came to a queue',
      [
        [0, told.opened],
        [0, told.arrived()],
        [60, told.ended('abandoned')],
      ],
      {},
      'never-queued',
    ],
    ['was offered one already', told.abandonedWithOffer, {}, 'already-pending'],
    ['was promised one already', [...told.abandonedWithOffer, [60, told.requested(60, 10)]], {}, 'already-pending'],
    ['withheld the number', abandoned, customer({ number: '' }), 'anonymous-caller'],
    ['is called anonymous by the trunk', abandoned, customer({ number: 'Anonymous' }), 'anonymous-caller'],
    ['asked for no more messages', abandoned, customer({ consent: 'withdrawn' }), 'consent-withdrawn'],
    ['never consented where that is needed', abandoned, { policy: { ...policy, consent: 'required' } }, 'no-consent'],
    [
      'had a message a moment ago',
      abandoned,
      customer({ lastMessageAtMs: at(56) - policy.coolDownMs + 1 }),
      'cool-down',
    ],
    ['called from a fixed line', abandoned, customer({ number: '+34915551234' }), 'not-messageable'],
    ['called from an extension', abandoned, customer({ number: '1001' }), 'not-messageable'],
    ['called from no number at all', abandoned, customer({ number: 'sipp' }), 'not-messageable'],
  ])('of one who %s brings no message', (_name, story, change, reason) => {
    expect(recover(question(story, change), at(56))).toEqual({ type: 'decline', reason });
  });

  it('of one whose talk was cut off by a fault brings one, however short the wait was', () => {
    const cutOff: readonly Told[] = [
      [0, told.opened],
      [0, told.arrived()],
      [1, told.queued('e1', 1)],
      [2, told.connected('e1', 1)],
      [50, told.ended('failed')],
    ];
    expect(recover(question(cutOff), at(56))).toMatchObject({ type: 'offer-callback', place: { seniorityMs: at(1) } });
  });

  it.each<[string, Partial<RecoveryQuestion>]>([
    ['after the cool-down', customer({ lastMessageAtMs: at(56) - policy.coolDownMs })],
    [
      'with consent where that is needed',
      { ...customer({ consent: 'given' }), policy: { ...policy, consent: 'required' } },
    ],
    ['with a national number', customer({ number: '600123456' })],
  ])('brings one %s', (_name, change) => {
    expect(recover(question(abandoned, change), at(56))).toMatchObject({ type: 'offer-callback', to: '+34600123456' });
  });

  it('in the sandbox any number will do', () => {
    const sandbox = { ...policy, channel: 'sandbox' } as const;
    const extension = { policy: sandbox, recipient: { ...recipient, number: '1001' } };
    expect(recover(question(abandoned, extension), at(56))).toMatchObject({ channel: 'sandbox', to: '1001' });
  });

  it('lost with its node, or sent away by an overflow, is never too short to be answered', () => {
    expect(recover(question(gaveUpAfter(1), { cause: 'node-lost' }), at(20))).toMatchObject({ type: 'offer-callback' });
    const talking = gaveUpAfter(9).slice(0, 3);
    const cut = [
      ...talking,
      [20, told.connected('e1', 10)],
      [30, told.ended('failed', { reason: 'node-lost' })],
    ] as const;
    expect(recover(question(cut, { cause: 'node-lost' }), at(30))).toMatchObject({ type: 'offer-callback' });
    const stillThere = gaveUpAfter(1).slice(0, 4);
    expect(recover(question(stillThere, { cause: 'overflow' }), at(20))).toMatchObject({ type: 'offer-callback' });
  });
});
