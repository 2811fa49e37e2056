import { describe, expect, it } from 'vitest';
import type { Destination } from '../../../src/core/acd/queue.js';
import type { Reply } from '../../../src/core/callback/reply.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { answerReply, MAX_HELP_MESSAGES } from '../../../src/core/policy/customer-reply.js';
import { MAX_TEXT_CHARS, renderText, textIn } from '../../../src/core/policy/message-text.js';
import { MAX_OVERFLOWS, overflow } from '../../../src/core/policy/overflow.js';
import { e164, messageAddress } from '../../../src/core/policy/recipient.js';
import { returningCaller, SAME_MATTER_MS } from '../../../src/core/policy/returning-caller.js';
import { queue } from '../../support/floor.js';
import * as told from '../../support/record.js';
import { at, record, type Told } from '../../support/record.js';

const rule = { attemptDelaysMs: [0, 900_000], offerValidMs: 3_600_000, nextOpenMs: (atMs: number) => atMs };
const promised: readonly Told[] = [...told.abandonedWithOffer, [60, told.requested(600, 10)]];
const inQueue: readonly Told[] = [...promised, [600, told.queued('e2', 10, { segment: 's2', kind: 'callback' })]];

describe('a customer’s answer', () => {
  const answer = (story: readonly Told[], reply: Reply, seconds = 100) =>
    answerReply({ interaction: fold(record(story)), reply, number: '+34600123456', rule }, at(seconds));
  const yes = (dueS: number, seconds = 100): Reply => ({
    kind: 'accept',
    dueAtMs: at(dueS),
    when: dueS > seconds ? 'later' : 'now',
    adjusted: false,
  });

  it('yes: a call-back at the place of the first wait, confirmed', () => {
    expect(answer(told.abandonedWithOffer, yes(100))).toEqual({
      events: [
        {
          type: 'callback-requested',
          data: {
            callback: 'cb1',
            number: '+34600123456',
            queue: 'support',
            dueAtMs: at(100),
            seniorityMs: at(10),
            priority: 5,
            source: 'message',
          },
        },
      ],
      consent: 'given',
      answer: 'callback-confirmed',
    });
  });

  it('another time: the promise is moved, and its place in the queue given up', () => {
    expect(answer(inQueue, yes(5_000, 601), 601)).toMatchObject({
      events: [{ type: 'callback-requested', data: { dueAtMs: at(5_000), seniorityMs: at(10) } }],
      leaves: 'e2',
      answer: 'callback-confirmed-later',
    });
  });

  it('the same yes again, while it is on its way, changes nothing', () => {
    expect(answer(inQueue, yes(601, 601), 601)).toEqual({ events: [], answer: 'callback-confirmed' });
  });

  it('no: what was offered or promised ends', () => {
    expect(answer(told.abandonedWithOffer, { kind: 'decline' })).toMatchObject({
      events: [{ type: 'callback-ended', data: { result: 'refused' } }],
      answer: 'callback-declined',
    });
    expect(answer(inQueue, { kind: 'decline' }, 601)).toMatchObject({
      events: [{ type: 'callback-ended', data: { result: 'cancelled' } }],
      leaves: 'e2',
    });
  });

  it('stop: consent is withdrawn, with or without a call-back', () => {
    expect(answer(promised, { kind: 'stop' })).toMatchObject({
      events: [{ data: { result: 'cancelled', reason: 'consent-withdrawn' } }],
      consent: 'withdrawn',
      answer: 'consent-withdrawn',
    });
    expect(answer(told.recovered, { kind: 'stop' }, 900)).toEqual({
      events: [],
      consent: 'withdrawn',
      answer: 'consent-withdrawn',
    });
  });

  it('anything else gets help, but not for ever', () => {
    const help: InteractionEvent = {
      type: 'message-queued',
      data: {
        segment: 'h',
        message: 'h',
        channel: 'sandbox',
        to: 'x',
        purpose: 'information',
        text: '?',
        language: 'es',
      },
    };
    const helped = (times: number): Told[] =>
      Array.from({ length: times }, (_, n) => [70 + n, { ...help, data: { ...help.data, segment: `h${n}` } }] as Told);
    const reply: Reply = { kind: 'not-understood' };
    const story = told.abandonedWithOffer;
    expect(answer([...story, ...helped(MAX_HELP_MESSAGES - 1)], reply)).toEqual({
      events: [],
      answer: 'reply-not-understood',
    });
    expect(answer([...story, ...helped(MAX_HELP_MESSAGES)], reply)).toEqual({ events: [] });
  });

  it('too late: says so when the customer was never served, and nothing when all is done', () => {
    const lapsed: InteractionEvent = {
      type: 'callback-ended',
      data: { callback: 'cb1', result: 'cancelled', reason: 'offer-lapsed' },
    };
    expect(answer([...told.abandonedWithOffer, [90, lapsed]], yes(100))).toEqual({
      events: [],
      answer: 'callback-expired',
    });
    expect(answer(told.recovered, yes(900, 900), 900)).toEqual({ events: [] });
    expect(answer(told.recovered, { kind: 'decline' }, 900)).toEqual({ events: [] });
  });
});

describe('a customer who rings in', () => {
  const open = (story: readonly Told[], id = 'i1') => fold(record(story, id));

  it('while a call-back is promised comes back to that matter and place, and the call-back is not needed', () => {
    const interaction = open(inQueue);
    expect(returningCaller([interaction], at(700))).toEqual({
      interaction,
      events: [{ type: 'callback-ended', data: { callback: 'cb1', result: 'superseded', reason: 'customer-called' } }],
      leaves: 'e2',
      place: { seniorityMs: at(10), priority: 5, queue: 'support' },
    });
  });

  it('while one is only offered, too', () => {
    expect(returningCaller([open(told.abandonedWithOffer)], at(100))).toMatchObject({
      events: [{ data: { result: 'superseded' } }],
      place: { seniorityMs: at(10), queue: 'support' },
    });
  });

  it('a promise wins over an offer, and an offer over a matter just left', () => {
    const idle = open(
      [
        [500, told.opened],
        [501, told.ended('abandoned')],
      ],
      'idle',
    );
    const offer = open(told.abandonedWithOffer, 'offer');
    const promise = open(promised, 'promise');
    const found = (...all: ReturnType<typeof open>[]) => returningCaller(all, at(502))?.interaction.id;
    expect([found(idle, offer, promise), found(idle, offer), found(idle), found()]).toEqual([
      'promise',
      'offer',
      'idle',
      undefined,
    ]);
  });

  it('long after a matter was left it is a new one', () => {
    const idle = open([[0, told.opened]]);
    expect(returningCaller([idle], at(0) + SAME_MATTER_MS)).toEqual({ interaction: idle, events: [] });
    expect(returningCaller([idle], at(0) + SAME_MATTER_MS + 1)).toBeUndefined();
  });

  it('hung up in the queue a moment ago: has the old place for a minute, or as long as the centre says', () => {
    const left: Told[] = [
      [0, told.opened],
      [1, told.arrived()],
      [10, told.queued('e1', 10)],
      [40, told.left('e1', 'caller-hung-up', 30)],
      [40, told.ended('abandoned')],
    ];
    const place = { seniorityMs: at(10), priority: 5, queue: 'support' };
    const interaction = open(left);
    const back = (seconds: number, withinMs?: number) => returningCaller([interaction], at(seconds), withinMs)?.place;
    expect([back(100), back(101), back(131, 90_000), back(130, 90_000)]).toEqual([place, undefined, undefined, place]);
    expect(back(41, 0)).toBeUndefined();
  });

  it.each(['max-wait', 'exit-key', 'connected'] as const)(
    'who left the queue by %s has no place to come back to',
    (reason) => {
      const story: Told[] = [
        [0, told.opened],
        [1, told.arrived()],
        [10, told.queued('e1', 10)],
        [40, told.left('e1', reason, 30)],
        [41, told.ended('refused')],
      ];
      expect(returningCaller([open(story)], at(42))?.place).toBeUndefined();
    },
  );

  it('is somebody else while a call from the same number goes on', () => {
    expect(returningCaller([open([...promised, [300, told.arrived('s5')]])], at(301))).toBeUndefined();
  });
});

describe('overflow', () => {
  const to = (destination: Destination, number = '+34600123456', visited: readonly string[] = ['support']) => {
    const support = queue('support', { overflow: destination });
    return overflow({ queue: support, queues: new Map([['sales', queue('sales')]]), visited, number });
  };

  it.each<[Destination, object]>([
    [
      { kind: 'queue', queue: 'sales' },
      { type: 'move-to-queue', queue: 'sales' },
    ],
    [
      { kind: 'queue', queue: 'gone' },
      { type: 'hang-up', instead: 'unknown-queue' },
    ],
    [{ kind: 'voicemail' }, { type: 'take-voicemail', queue: 'support' }],
    [{ kind: 'message' }, { type: 'send-message' }],
    [{ kind: 'callback' }, { type: 'promise-callback', number: '+34600123456', queue: 'support' }],
    [
      { kind: 'number', number: '915551234' },
      { type: 'forward', number: '915551234' },
    ],
    [
      { kind: 'agent', agent: 'ana' },
      { type: 'ring-agent', agent: 'ana' },
    ],
    [{ kind: 'hangup' }, { type: 'hang-up' }],
  ])('%j', (destination, command) => {
    expect(to(destination)).toEqual(command);
  });

  it('promises nothing to a caller without a number', () => {
    expect(to({ kind: 'callback' }, 'anonymous')).toEqual({ type: 'hang-up', instead: 'no-number' });
    expect(to({ kind: 'message' }, '')).toEqual({ type: 'hang-up', instead: 'no-number' });
  });

  it('does not go round in circles, nor on for ever', () => {
    const there: Destination = { kind: 'queue', queue: 'sales' };
    expect(to(there, '1', ['sales', 'support'])).toEqual({ type: 'hang-up', instead: 'loop' });
    const many = Array.from({ length: MAX_OVERFLOWS + 1 }, (_, n) => `q${n}`);
    expect(to(there, '1', many)).toEqual({ type: 'hang-up', instead: 'loop' });
    expect(to(there, '1', many.slice(1))).toEqual({ type: 'move-to-queue', queue: 'sales' });
  });
});

describe('numbers', () => {
  it('are read as dialled in the country of the centre', () => {
    expect(e164('600 12 34 56', 'ES')).toBe('+34600123456');
    expect(e164('+1 202-555-0123', 'es')).toBe('+12025550123');
    expect(['1001', 'sip:x', '', '600'].map((number) => e164(number, 'ES'))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(e164('600123456', 'nowhere')).toBeUndefined();
  });

  it('take messages when they may be mobile', () => {
    expect(messageAddress('600123456', 'whatsapp', 'ES')).toBe('+34600123456');
    expect(messageAddress('+12025550123', 'sms', 'ES')).toBe('+12025550123');
    expect(messageAddress('915551234', 'sms', 'ES')).toBeUndefined();
    expect(messageAddress('anonymous', 'sandbox', 'ES')).toBeUndefined();
  });
});

describe('canned texts', () => {
  it('are filled in with the values given, on one line', () => {
    expect(renderText('Hola {{ name }}:\n ref. {{ reference }}', { name: 'Ana', reference: 'H-1' })).toBe(
      'Hola Ana: ref. H-1',
    );
    expect(renderText('{% if late %}Tarde{% else %}Ahora{% endif %}{{ missing }}', {})).toBe('Ahora');
  });

  it('see nothing but those values', () => {
    expect(renderText('{{ constructor }}{{ name.constructor }}{{ name.toString }}|', { name: 'x' })).toBe('|');
    expect(renderText('{{ a }}', { a: '{{ b }}', b: 'no' })).toBe('{{ b }}');
  });

  it.each(['{% for i in (1..9) %}x{% endfor %}', "{% include 'x' %}", "{% render '/etc/passwd' %}", '{{ a | nope }}'])(
    'cannot do more than that: %s',
    (template) => {
      expect(() => renderText(template, {})).toThrow();
    },
  );

  it('have a longest length', () => {
    expect(renderText('{{ a }}', { a: 'x'.repeat(5_000) })).toHaveLength(MAX_TEXT_CHARS);
  });

  it('come in the customer’s language, else in the centre’s', () => {
    const versions = { es: 'hola', en: 'hello' };
    expect(['en', 'en-GB', 'fr'].map((language) => textIn(versions, language, 'es'))).toEqual([
      'hello',
      'hello',
      'hola',
    ]);
    expect(textIn(undefined, 'es', 'es')).toBeUndefined();
  });
});
