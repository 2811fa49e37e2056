// What whoever walks a flow by hand answers: keys, what becomes of the call, and for the world outside.
import type { Answer, Ask } from '../ivr/ask.js';
import { answerByRules } from '../ivr/bot/rule-bot.js';
import type { Now } from '../ivr/facts.js';
import { type CustomerFacts, STRANGER } from '../ivr/outside/customer.js';
import { httpAnswer } from '../ivr/outside/take.js';

/** Why something failed that nobody did. */
const REASON = 'as-told';

export type OutsideAsk = Extract<Ask, { kind: 'http' | 'customer' | 'bot' | 'listen' }>;

export function isOutside(ask: Ask): ask is OutsideAsk {
  return ask.kind === 'http' || ask.kind === 'customer' || ask.kind === 'bot' || ask.kind === 'listen';
}

/** The bot of rules needs nobody. */
export function answerOfItself(ask: OutsideAsk): Answer | undefined {
  if (ask.kind !== 'bot' || ask.bot.via !== 'rules') return undefined;
  return { kind: 'bot', outcome: 'answered', reply: answerByRules(ask.bot.rules, ask.turn) };
}

export function outsideQuestion(ask: OutsideAsk): string {
  switch (ask.kind) {
    case 'http':
      return `  ${ask.request.method} ${ask.request.url}\n  its answer (JSON, a status such as 404, or no): `;
    case 'customer':
      return '  who calls? (Enter = a stranger, JSON such as {"name":"Eva"}, or no): ';
    case 'bot':
      return '  what says the bot? (text, JSON, or no): ';
    case 'listen':
      return '  keys or a line (Enter = silence): ';
  }
}

export function outsideAnswer(ask: OutsideAsk, typed: string): Answer {
  const failed = /^(no|n|fail)$/i.test(typed);
  switch (ask.kind) {
    case 'http': {
      if (failed) return { kind: 'http', outcome: 'failed', reason: 'unreachable' };
      const status = /^\d{3}$/.test(typed) ? Number(typed) : 200;
      return httpAnswer(ask, status, jsonIn(typed));
    }
    case 'customer': {
      if (failed) return { kind: 'customer', outcome: 'failed', reason: REASON };
      const told = Object(jsonIn(typed)) as Partial<CustomerFacts>;
      return { kind: 'customer', outcome: 'found', customer: { ...STRANGER, known: typed !== '', ...told } };
    }
    case 'bot':
      if (failed) return { kind: 'bot', outcome: 'failed', reason: REASON };
      return { kind: 'bot', outcome: 'answered', reply: jsonIn(typed) ?? { say: typed } };
    case 'listen':
      if (typed === '') return { kind: 'time-out', digits: '' };
      if (/^[0-9*#]+$/.test(typed)) return { kind: 'digits', digits: typed.slice(0, ask.max) };
      return { kind: 'written', text: typed };
  }
}

/** undefined when it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type InsideAsk = Exclude<Ask, OutsideAsk | { kind: 'play' | 'hangup' }>;

/** Keys, or whether it went well: `no`, `n` and `fail` say that it did not. */
export function insideAnswer(ask: InsideAsk, typed: string, now: Pick<Now, 'date' | 'time'>): Answer {
  const good = !/^(no|n|fail)$/i.test(typed);
  switch (ask.kind) {
    case 'collect': {
      const digits = typed.replace(/[^0-9*#]/g, '').slice(0, ask.max);
      return digits.length < Math.max(1, ask.min) ? { kind: 'time-out', digits } : { kind: 'digits', digits };
    }
    case 'queue':
      return { kind: 'queue', outcome: good ? 'served' : 'not-served', reason: REASON };
    case 'forward':
      return { kind: 'forward', outcome: good ? 'connected' : 'failed', reason: REASON };
    case 'voicemail':
      return { kind: 'voicemail', outcome: good ? 'left' : 'empty' };
    case 'message':
      return { kind: 'message', outcome: good ? 'queued' : 'declined', reason: REASON };
    case 'callback': {
      if (!good) return { kind: 'callback', outcome: 'refused', reason: REASON };
      const { date, time } = ask.when.kind === 'at' ? ask.when : now;
      return { kind: 'callback', outcome: 'promised', date, time };
    }
  }
}
