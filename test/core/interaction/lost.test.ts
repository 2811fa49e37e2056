// Customers who were not served: from when on they are lost, and what gets them back.
import { describe, expect, test } from 'vitest';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { recoveryFigures } from '../../../src/core/interaction/lost/figures.js';
import { type LostSummary, summaryOf } from '../../../src/core/interaction/summary.js';
import * as told from '../../support/record.js';
import { at, record, type Told } from '../../support/record.js';

const call = (segment: string): InteractionEvent => ({
  type: 'call-arrived',
  data: { segment, callId: segment, from: '+34600123123', to: '1001', trunk: 'lab', node: 'n1' },
});
const wait = (segment: string, queue = 'support'): InteractionEvent => ({
  type: 'queued',
  data: { segment, entry: `e-${segment}`, queue, priority: 5, seniorityMs: at(1), kind: 'call' },
});
const ended = (segment: string, result: string, talkedMs = 0): InteractionEvent => ({
  type: 'call-ended',
  data: { segment, by: 'customer', result: result as 'served', reason: 'hung-up', talkedMs },
});
const back = (segment: string): InteractionEvent => ({
  type: 'call-dialled',
  data: { segment, to: '+34600123123', purpose: 'callback', node: 'n1', callback: 'cb1', agent: 'ana' },
});
const over = (result: string, reason: string): InteractionEvent => ({
  type: 'callback-ended',
  data: { callback: 'cb1', result: result as 'refused', reason },
});
const overflowed: InteractionEvent = {
  type: 'overflowed',
  data: { entry: '', queue: 'full', to: 'message', cause: 'queue-full' },
};
const lostOf = (...story: readonly Told[]) => fold(record(story)).lost;
const abandoned: readonly Told[] = [
  [0, call('s1')],
  [1, wait('s1')],
  [60, ended('s1', 'abandoned')],
];

describe('served in another matter', () => {
  const elsewhere = (by: 'call' | 'callback' | 'message'): InteractionEvent => ({
    type: 'recovered-elsewhere',
    data: { interaction: 'i2', segment: 's9', by },
  });

  test.each(['call', 'callback', 'message'] as const)('by %s: got back', (by) => {
    expect(lostOf(...abandoned, [90, elsewhere(by)])).toMatchObject({
      ...{ state: 'recovered', atMs: at(60), recoveredAtMs: at(90), by, recoveredIn: 's9' },
    });
  });

  test('who was never lost, or said no, is not got back', () => {
    expect(lostOf([0, call('s1')], [1, elsewhere('call')])).toBeUndefined();
    const declined: Told = [70, over('refused', 'customer-declined')];
    const offered: Told = [65, { type: 'callback-offered', data: { callback: 'cb1', message: 'm', queue: 'support' } }];
    expect(lostOf(...abandoned, offered, declined, [90, elsewhere('call')])).toMatchObject({ state: 'declined' });
  });
});

describe('a customer is lost', () => {
  test.each(['abandoned', 'failed', 'refused', 'voicemail', 'message-sent', 'callback-promised'])('%s', (result) => {
    const lost = lostOf([0, call('s1')], [1, wait('s1')], [60, ended('s1', result)]);
    expect(lost).toEqual({ state: 'open', queue: 'support', atMs: at(60), segment: 's1', result, calls: 1 });
  });

  test.each(['short-abandoned', 'served', 'forwarded'])('not: %s', (result) => {
    expect(lostOf([0, call('s1')], [1, wait('s1')], [60, ended('s1', result)])).toBeUndefined();
  });

  test('also before a full queue, where nobody waits; not by hanging up in a menu', () => {
    expect(lostOf([0, call('s1')], [1, overflowed], [2, ended('s1', 'refused')])).toMatchObject({ queue: 'full' });
    expect(lostOf([0, call('s1')], [2, ended('s1', 'abandoned')])).toBeUndefined();
  });

  test('once, however often they call in vain', () => {
    const again: Told[] = [
      [90, call('s2')],
      [91, wait('s2', 'sales')],
      [120, ended('s2', 'abandoned')],
    ];
    expect(lostOf(...abandoned, ...again)).toMatchObject({ state: 'open', queue: 'support', atMs: at(60), calls: 2 });
  });
});

describe('served in writing', () => {
  const wrote: InteractionEvent = {
    type: 'message-received',
    data: { segment: 'm1', message: 'm1', channel: 'whatsapp', from: '+34600123123', text: 'Hola' },
  };
  const answered: InteractionEvent = {
    type: 'message-queued',
    data: {
      ...{ segment: 'm2', message: 'm2', channel: 'whatsapp', to: '+34600123123', purpose: 'reply' },
      ...{ text: 'Ya está', language: 'es', agent: 'ana' },
    },
  };
  const closed: InteractionEvent = {
    type: 'work-finished',
    data: { entry: 'w1', agent: 'ana', kind: 'message', tookMs: 1 },
  };
  const failed: InteractionEvent = { type: 'message-status', data: { message: 'm2', status: 'failed' } };

  test('an answer, and the conversation is closed: got back', () => {
    expect(lostOf(...abandoned, [70, wrote], [80, answered], [85, closed])).toEqual({
      ...{ state: 'recovered', queue: 'support', atMs: at(60), segment: 's1', result: 'abandoned', calls: 1 },
      ...{ recoveredAtMs: at(85), by: 'message', recoveredIn: 'm2' },
    });
  });

  test.each<[string, readonly Told[]]>([
    [
      'it is not closed yet',
      [
        [70, wrote],
        [80, answered],
      ],
    ],
    [
      'nobody answered',
      [
        [70, wrote],
        [85, closed],
      ],
    ],
    [
      'the answer did not arrive',
      [
        [70, wrote],
        [80, answered],
        [82, failed],
        [85, closed],
      ],
    ],
    [
      'the customer has never written',
      [
        [80, answered],
        [85, closed],
      ],
    ],
    [
      'a call-back is promised',
      [
        [70, wrote],
        [75, told.requested(600, 10)],
        [80, answered],
        [85, closed],
      ],
    ],
  ])('not when %s', (_name, story) => {
    expect(lostOf(...abandoned, ...story)).toMatchObject({ state: 'open' });
  });

  test('not by what was written before', () => {
    const before: Told[] = [
      [0, wrote],
      [1, answered],
      [2, call('s1')],
      [3, wait('s1')],
      [60, ended('s1', 'abandoned')],
    ];
    expect(lostOf(...before, [85, closed])).toMatchObject({ state: 'open' });
  });
});

describe('and is got back', () => {
  test('by a call-back in which they talk', () => {
    const story: Told[] = [...abandoned, [100, back('s2')], [200, ended('s2', 'served', 30_000)]];
    expect(lostOf(...story)).toMatchObject({
      state: 'recovered',
      by: 'callback',
      recoveredAtMs: at(200),
      recoveredIn: 's2',
      atMs: at(60),
    });
  });

  test('by calling again', () => {
    const story: Told[] = [...abandoned, [100, call('s2')], [200, ended('s2', 'served', 30_000)]];
    expect(lostOf(...story)).toMatchObject({ state: 'recovered', by: 'call' });
  });

  test.each([
    ['nobody answered', ended('s2', 'no-answer')],
    ['the talk was cut off', ended('s2', 'failed', 30_000)],
  ])('not by a call-back when %s', (_name, end) => {
    expect(lostOf(...abandoned, [100, back('s2')], [200, end])).toMatchObject({ state: 'open', atMs: at(60) });
  });

  test('a no is a no, until they ask again; an offer that nobody answered is none', () => {
    const offered = told.abandonedWithOffer;
    expect(lostOf(...offered, [100, over('refused', 'customer-declined')])).toMatchObject({ state: 'declined' });
    expect(lostOf(...offered, [100, over('cancelled', 'offer-lapsed')])).toMatchObject({ state: 'open' });
    expect(lostOf(...offered, [100, over('refused', 'x')], [110, told.requested(600, 10)])).toMatchObject({
      state: 'open',
    });
  });

  test('lost again after being recovered: a new loss', () => {
    const served: Told[] = [...abandoned, [100, call('s2')], [200, ended('s2', 'served', 30_000)]];
    const again: Told[] = [
      [300, call('s3')],
      [301, wait('s3')],
      [400, ended('s3', 'abandoned')],
    ];
    expect(lostOf(...served, ...again)).toMatchObject({ state: 'open', atMs: at(400), calls: 1 });
  });

  test('the row by which the matter is found says so', () => {
    const story: Told[] = [...abandoned, [100, back('s2')], [200, ended('s2', 'served', 1)]];
    expect(summaryOf(fold(record(abandoned))).lost).toEqual({ state: 'open', queue: 'support', atMs: at(60) });
    expect(summaryOf(fold(record(story))).lost).toMatchObject({ state: 'recovered', by: 'callback' });
  });
});

test('the figures: lost = recovered + declined + open, by queue', () => {
  const row = (change: Partial<LostSummary>): LostSummary => ({ state: 'open', queue: 'support', atMs: 0, ...change });
  const recovered = (by: 'call' | 'callback', recoveredAtMs: number): LostSummary =>
    row({ state: 'recovered', by, recoveredAtMs });
  const rows = [row({}), recovered('call', 100), recovered('callback', 300), row({ state: 'declined' })];
  expect(recoveryFigures([...rows, row({ queue: 'sales' }), row({ queue: 'other', state: 'declined' })])).toEqual([
    { queue: 'other', lost: 1, recovered: 0, byCallback: 0, byCall: 0, byMessage: 0, declined: 1, open: 0 },
    {
      queue: 'sales',
      lost: 1,
      recovered: 0,
      byCallback: 0,
      byCall: 0,
      byMessage: 0,
      declined: 0,
      open: 1,
      recoveredShare: 0,
    },
    {
      ...{ queue: 'support', lost: 4, recovered: 2, byCallback: 1, byCall: 1, byMessage: 0, declined: 1, open: 1 },
      recoveredShare: 2 / 3,
      averageRecoveryMs: 200,
    },
  ]);
});
