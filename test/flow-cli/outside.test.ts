// Walking a flow in the terminal: what is typed for other systems, the record, bots and a written line.
import { expect, test } from 'vitest';
import { answerOfItself, type OutsideAsk, outsideAnswer } from '../../src/core/flow-test/by-hand.js';

const HTTP: OutsideAsk = {
  kind: 'http',
  request: { method: 'GET', url: 'https://crm.example.com/', headers: [] },
  take: [{ name: 'name', type: 'string', at: '/name' }],
  timeOutMs: 1_000,
  retries: 0,
  meanwhile: { kind: 'nothing' },
};
const LISTEN: OutsideAsk = { kind: 'listen', prompts: [], max: 2, waitMs: 1, interDigitMs: 1 };
const turn = {
  contract: 1,
  turn: 1,
  event: 'text',
  text: 'hola',
  channel: 'voice',
  language: 'es',
  facts: {},
} as const;
const answers = [{ words: ['hola'], keys: [], reply: { say: 'Buenas' } }];
const rules = { greeting: {}, answers, otherwise: {} };
const RULES: OutsideAsk = { kind: 'bot', bot: { via: 'rules', rules }, turn, timeOutMs: 1 };
const BOT: OutsideAsk = { ...RULES, bot: { via: 'http', request: HTTP.request } };

test.each<[OutsideAsk, string, object]>([
  [HTTP, '{"name":"Eva"}', { outcome: 'answered', status: 200, taken: { values: { name: 'Eva' } } }],
  [HTTP, '{}', { outcome: 'answered', status: 200, taken: { wrong: 'name' } }],
  [HTTP, '404', { outcome: 'answered', status: 404 }],
  [HTTP, 'no', { outcome: 'failed', reason: 'unreachable' }],
  [{ kind: 'customer' }, '', { outcome: 'found', customer: { known: false, name: '' } }],
  [
    { kind: 'customer' },
    '{"name":"Eva"}',
    { outcome: 'found', customer: { known: true, name: 'Eva', days_since: -1 } },
  ],
  [{ kind: 'customer' }, 'no', { outcome: 'failed' }],
  [BOT, 'Dígame', { outcome: 'answered', reply: { say: 'Dígame' } }],
  [BOT, '{"done":true}', { outcome: 'answered', reply: { done: true } }],
  [BOT, 'no', { outcome: 'failed' }],
  [LISTEN, '', { kind: 'time-out' }],
  [LISTEN, '123', { kind: 'digits', digits: '12' }],
  [LISTEN, '1 factura', { kind: 'written', text: '1 factura' }],
])('%#: %j', (ask, typed, answer) => {
  expect(outsideAnswer(ask, typed)).toMatchObject(answer);
});

test('the bot of rules answers by itself, others do not', () => {
  expect(answerOfItself(RULES)).toEqual({ kind: 'bot', outcome: 'answered', reply: { say: 'Buenas' } });
  expect(answerOfItself(BOT)).toBeUndefined();
});
