// Which answer of the bot that ships fits what is written or typed.
import { describe, expect, test } from 'vitest';
import { answerByRules, type RuleBot } from '../../../../src/core/ivr/bot/rule-bot.js';

const BOT: RuleBot = {
  greeting: { say: 'hello' },
  answers: [
    { words: ['factur*', 'mi recibo'], keys: ['1'], reply: { say: 'invoice' } },
    { words: ['persona', 'sí', '*'], keys: ['0', '12'], reply: { say: 'person' } },
  ],
  otherwise: { say: 'what?' },
};

const said = (text: string) => answerByRules(BOT, { event: 'text', text }).say;

describe('written', () => {
  test.each([
    ['factura', 'invoice'],
    ['Mi FACTURACIÓN, por favor', 'invoice'],
    ['refactura', 'what?'],
    ['¿mi   recibo?', 'invoice'],
    ['mi otro recibo', 'what?'],
    ['una persona', 'person'],
    ['personal', 'what?'],
    ['si', 'person'],
    ['SÍ', 'person'],
    ['siempre', 'what?'],
    [' 12 ', 'person'],
    ['112', 'what?'],
    ['', 'what?'],
    ['factura de una persona', 'invoice'],
  ])('%j: %s', (text, answer) => {
    expect(said(text)).toBe(answer);
  });
});

test('typed, silent, and at the start', () => {
  expect(answerByRules(BOT, { event: 'digits', digits: '1' }).say).toBe('invoice');
  expect(answerByRules(BOT, { event: 'digits', digits: '11' }).say).toBe('what?');
  expect(answerByRules(BOT, { event: 'silence' }).say).toBe('what?');
  expect(answerByRules(BOT, { event: 'start' }).say).toBe('hello');
});
