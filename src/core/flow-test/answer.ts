// What a script says to what a flow asks: the answer, the end of the story, or why they do not fit.
import type { Answer, Ask } from '../ivr/ask.js';
import { answerByRules } from '../ivr/bot/rule-bot.js';
import type { Now } from '../ivr/facts.js';
import { STRANGER } from '../ivr/outside/customer.js';
import { httpAnswer } from '../ivr/outside/take.js';
import { WEB_FAILURES, type WebFailure } from '../ivr/outside/web-request.js';
import type { CaseEnd, FlowCase, ScriptItem, Stub } from './case.js';
import { matchesText, sayAsk, sayHeard, targetName } from './hearing.js';

export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'end'; readonly end: CaseEnd; readonly outcome?: string }
  | { readonly kind: 'misfit'; readonly expected: string; readonly instead: readonly string[] };

type Decision = Exclude<Ask, { kind: 'play' | 'hangup' | 'http' | 'customer' | 'bot' }>;

/** `now`: on the clock of the centre. `item`: the next line of the script, which is neither something heard nor time that goes by. */
export function replyOf(ask: Decision, item: ScriptItem, now: Pick<Now, 'date' | 'time'>): Reply {
  const misfit: Reply = { kind: 'misfit', expected: sayItem(item), instead: [`the flow ${sayAsk(ask)}`] };
  switch (ask.kind) {
    case 'collect':
      if (item.kind === 'silence') return answered({ kind: 'time-out', digits: '' });
      return item.kind === 'presses' ? pressed(ask, item.keys) : misfit;
    case 'listen':
      if (item.kind === 'silence') return answered({ kind: 'time-out', digits: '' });
      if (item.kind === 'writes') return answered({ kind: 'written', text: item.text });
      return item.kind === 'presses' ? pressed({ min: 1, max: ask.max, terminators: '' }, item.keys) : misfit;
    case 'queue': {
      if (item.kind !== 'queue' || item.queue !== ask.queue) return misfit;
      if (item.outcome === undefined) return left(`in queue ${ask.queue}`);
      const reason = item.outcome === 'served' ? 'served' : item.reason;
      if (item.outcome === 'not-served' && ask.overflow === 'queue') {
        return { kind: 'end', end: { result: 'overflow', reason }, outcome: 'not-served' };
      }
      return answered({ kind: 'queue', outcome: item.outcome, reason });
    }
    case 'forward':
      if (item.kind !== 'forward' || item.to.kind !== ask.to.kind || targetName(item.to) !== targetName(ask.to)) {
        return misfit;
      }
      if (item.outcome === undefined) return left(`forwarded to ${targetName(ask.to)}`);
      return answered({ kind: 'forward', outcome: item.outcome, reason: item.reason });
    case 'voicemail':
      return item.kind === 'voicemail' ? answered({ kind: 'voicemail', outcome: item.outcome }) : misfit;
    case 'message':
      if (item.kind !== 'message' || !matchesText(item.text, ask.text)) return misfit;
      if (item.outcome === undefined) return left('with a message');
      return answered({ kind: 'message', outcome: item.outcome, reason: item.reason });
    case 'callback': {
      if (item.kind !== 'callback' || item.queue !== ask.queue) return misfit;
      if (item.outcome === undefined) return left(`with a call-back of queue ${ask.queue} asked for`);
      if (item.outcome === 'refused') return answered({ kind: 'callback', outcome: 'refused', reason: item.reason });
      const { date, time } = ask.when.kind === 'at' ? ask.when : now;
      return answered({ kind: 'callback', outcome: 'promised', date, time });
    }
  }
}

/** The keys as the collector of a leg takes them: to the most that are asked for, or to a key that ends the input. */
function pressed(
  { min, max, terminators }: Pick<Ask & { kind: 'collect' }, 'min' | 'max' | 'terminators'>,
  keys: string,
): Reply {
  const end = [...keys].findIndex((key) => terminators.includes(key));
  const digits = keys.slice(0, end < 0 ? max : Math.min(end, max));
  const used = end >= 0 && end <= max ? end + 1 : digits.length;
  if (used < keys.length) {
    const expected = `the keys ${keys} to be taken`;
    return {
      kind: 'misfit',
      expected,
      instead: [`the flow takes ${keys.slice(0, used)}; what follows needs a line of its own`],
    };
  }
  const complete = digits.length === max || (end >= 0 && digits.length >= min);
  return answered(complete ? { kind: 'digits', digits } : { kind: 'time-out', digits });
}

/** What an outside system says to the step that asks; undefined: nothing is written for it. */
export function stubbed(
  ask: Ask & { kind: 'http' | 'bot' | 'customer' },
  stub: Stub | undefined,
  customer: FlowCase['customer'],
): Answer | undefined {
  switch (ask.kind) {
    case 'customer':
      if (stub?.kind === 'fails') return { kind: 'customer', outcome: 'failed', reason: stub.reason };
      return { kind: 'customer', outcome: 'found', customer: { ...STRANGER, ...customer } };
    case 'http':
      if (stub?.kind === 'http') return httpAnswer(ask, stub.status, stub.body);
      return stub?.kind === 'fails' ? { kind: 'http', outcome: 'failed', reason: webFailure(stub.reason) } : undefined;
    case 'bot':
      if (stub?.kind === 'bot') return { kind: 'bot', outcome: 'answered', reply: stub.reply };
      if (stub?.kind === 'fails') return { kind: 'bot', outcome: 'failed', reason: stub.reason };
      // The bot of rules is part of the flow.
      if (ask.bot.via !== 'rules') return undefined;
      return { kind: 'bot', outcome: 'answered', reply: answerByRules(ask.bot.rules, ask.turn) };
  }
}

/** A test is compiled with reasons that there are. */
function webFailure(reason: string): WebFailure {
  return WEB_FAILURES.find((known) => known === reason) ?? 'unreachable';
}

function answered(answer: Answer): Reply {
  return { kind: 'answer', answer };
}

function left(where: string): Reply {
  return { kind: 'end', end: { result: 'open', reason: where } };
}

export function sayItem(item: ScriptItem): string {
  switch (item.kind) {
    case 'hears':
      return `to hear ${sayHeard(item)}`;
    case 'presses':
      return `that ${item.keys} can be pressed`;
    case 'writes':
      return 'that a line can be written';
    case 'silence':
      return 'that the caller may be silent';
    case 'hangs-up':
      return 'that the caller can hang up';
    case 'waits':
      return 'that the call goes on';
    case 'queue':
      return `queue ${item.queue}`;
    case 'forward':
      return `to be forwarded to ${item.to.kind} ${targetName(item.to)}`;
    case 'voicemail':
      return 'that a message can be left';
    case 'message':
      return `the message: ${item.text}`;
    case 'callback':
      return `a call-back of queue ${item.queue}`;
    case 'ends':
      return `the end: ${item.result}${item.reason === undefined ? '' : ` (${item.reason})`}`;
  }
}
