// `bot`: a talk in turns with a bot, within bounds of turns and time; it may ask only for what the flow allows.
//
//   enter ──▶ reply awaited ──say──▶ person awaited ──written, typed, silence──▶ reply awaited …
//                  └──action or done──▶ goodbye is said ──▶ the step it leads to
import { assert } from '../../../lib/assert.js';
import type { Answer, Ask } from '../ask.js';
import type { Move, StepContext } from '../flow.js';
import { compileAddress, compileHeaders } from '../outside/endpoint.js';
import { fits } from '../outside/take.js';
import type { Scope } from '../scope.js';
import { stepKind } from '../step-kind.js';
import type { Value, Variable } from '../value.js';
import { type BotInput, type BotReply, MAX_TURN_CHARS, readReply } from './bot-contract.js';
import { botKeys } from './bot-keys.js';
import type { BotPlace } from './bot-place.js';
import { compileRules } from './compile-rules.js';

/** Between two keys of one input. */
const INTER_DIGIT_MS = 3_000;

const about = {
  summary:
    'Talks with a bot in turns: it gets what the caller writes or types, and answers with text or an allowed action.',
  example: `
do: bot
rules:
  greeting: { es: 'Escriba factura o persona.', en: 'Write invoice or person.' }
  answers:
    - words: { es: [persona, agente], en: [person, agent] }
      keys: [0]
      say: { es: Le paso., en: Putting you through. }
      action: { queue: support }
  otherwise: { es: 'No le he entendido.', en: 'I did not understand.' }
actions: { queue: { support: support } }
next: sales
failed: support`,
  keys: botKeys,
};

interface Allowed {
  readonly step: ReadonlyMap<string, string>;
  readonly queue: ReadonlyMap<string, string>;
  readonly hangup: string | undefined;
  readonly set: ReadonlyMap<string, Variable>;
}

export const bot = stepKind(about, (keys, scope) => {
  const allowed = compileActions(keys.actions, scope);
  const place = compilePlace(keys, allowed, scope);
  const facts = Object.entries(keys.facts).map(([name, raw]) => ({
    name,
    value: scope.value(['facts', name], raw, ['string', 'int', 'double', 'bool']),
  }));
  const next = scope.exit(['next'], keys.next);
  const failed = scope.exit(['failed'], keys.failed);
  const fail = (why: string): Move => ({ kind: 'go', to: failed, outcome: `failed:${why}` });

  const takeTurn = (at: StepContext, turn: number, startedMs: number, input: BotInput): Move => {
    if (turn > keys.turns) return fail('too-many-turns');
    if (at.nowMs - startedMs > keys.total) return fail('too-long');
    const where = place(at);
    if (where === undefined) return fail('not-computed');
    const told = facts.flatMap(({ name, value }) => {
      const known = value?.evaluate(at.facts);
      return known === undefined ? [] : [[name, known] as const];
    });
    const { language } = at;
    const ask: Ask = {
      kind: 'bot',
      bot: where,
      turn: { contract: 1, ...input, turn, channel: 'voice', language, facts: Object.fromEntries(told) },
      timeOutMs: keys['turn-time'],
    };
    return { kind: 'ask', ask, memory: { awaits: 'reply', turn, startedMs } };
  };

  const onReply = (at: StepContext, answer: Answer & { kind: 'bot' }): Move => {
    if (answer.outcome === 'failed') return fail(answer.reason);
    const reply = readReply(answer.reply);
    if (reply === undefined) return fail('bad-reply');
    const values = valuesOf(reply, allowed);
    const wanted = leadsTo(reply, allowed, next);
    if (values === undefined || wanted === 'not-allowed') return fail('not-allowed');
    const prompts = saying(reply, at, scope.header.languages);
    if (wanted !== undefined) {
      if (prompts.length === 0) return { kind: 'go', ...wanted, values };
      return { kind: 'ask', ask: { kind: 'play', prompts }, values, memory: { awaits: 'goodbye', ...wanted } };
    }
    const { digits: max } = reply.listen;
    const ask: Ask = { kind: 'listen', prompts, max, waitMs: keys.wait, interDigitMs: INTER_DIGIT_MS };
    return { kind: 'ask', ask, values, memory: { ...at.memory, awaits: 'person' } };
  };

  return {
    listens: true,
    enter: (at) => takeTurn(at, 1, at.nowMs, { event: 'start' }),
    answer(answer, at) {
      if (answer.kind === 'bot') return onReply(at, answer);
      const { turn, startedMs, to, outcome } = at.memory;
      if (answer.kind === 'played') return { kind: 'go', to: String(to), outcome: String(outcome) };
      return takeTurn(at, Number(turn) + 1, Number(startedMs), inputOf(answer));
    },
  };
});

function inputOf(answer: Answer): BotInput {
  if (answer.kind === 'written') return { event: 'text', text: answer.text.slice(0, MAX_TURN_CHARS) };
  assert(answer.kind === 'digits' || answer.kind === 'time-out', 'a caller writes, types, or does not');
  return answer.digits === '' ? { event: 'silence' } : { event: 'digits', digits: answer.digits };
}

function saying(reply: BotReply, at: StepContext, spoken: readonly string[]) {
  const language = reply.language !== undefined && spoken.includes(reply.language) ? reply.language : at.language;
  const text = reply.say.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return text === '' ? [] : [{ kind: 'text', text, language } as const];
}

/** Where the reply sends the caller; undefined: nowhere, the talk goes on. */
function leadsTo(
  { action = {}, done }: BotReply,
  allowed: Allowed,
  next: string,
): { readonly to: string; readonly outcome: string } | 'not-allowed' | undefined {
  const asked = [
    ...(action.step === undefined ? [] : [{ to: allowed.step.get(action.step), outcome: `step:${action.step}` }]),
    ...(action.queue === undefined ? [] : [{ to: allowed.queue.get(action.queue), outcome: `queue:${action.queue}` }]),
    ...(action.hangup === undefined ? [] : [{ to: allowed.hangup, outcome: 'hangup' }]),
  ];
  const [one, another] = asked;
  if (one === undefined) return done ? { to: next, outcome: 'done' } : undefined;
  if (another !== undefined || one.to === undefined) return 'not-allowed';
  return { to: one.to, outcome: one.outcome };
}

function valuesOf({ action }: BotReply, allowed: Allowed): Readonly<Record<string, Value>> | undefined {
  const values = action?.set ?? {};
  const good = Object.entries(values).every(([name, value]) => {
    const variable = allowed.set.get(name);
    return variable !== undefined && fits(value, variable.type);
  });
  return good ? values : undefined;
}

function compileActions(
  raw: { step: object; queue: object; hangup?: string | undefined; set: string[] },
  scope: Scope,
): Allowed {
  const ways = (kind: 'step' | 'queue') =>
    new Map(
      Object.entries<string>({ ...raw[kind] }).map(([word, to]) => {
        if (kind === 'queue') scope.named('queues', ['actions', 'queue', word], word, 'key');
        return [word, scope.exit(['actions', kind, word], to)];
      }),
    );
  const set = raw.set.flatMap((name, index) => {
    const variable = scope.variable(['actions', 'set', index], name);
    return variable === undefined ? [] : [[name, variable] as const];
  });
  const hangup = scope.optionalExit(['actions', 'hangup'], raw.hangup);
  return { step: ways('step'), queue: ways('queue'), hangup, set: new Map(set) };
}

function compilePlace(
  keys: {
    url?: string | undefined;
    headers: Parameters<typeof compileHeaders>[1];
    rules?: Parameters<typeof compileRules>[0] | undefined;
  },
  allowed: Allowed,
  scope: Scope,
): (at: StepContext) => BotPlace | undefined {
  const { url, rules } = keys;
  if (url === undefined && rules !== undefined) {
    const compiled = compileRules(
      rules,
      scope,
      (reply) => leadsTo(reply, allowed, '') !== 'not-allowed' && valuesOf(reply, allowed) !== undefined,
    );
    return (at) => ({ via: 'rules', rules: compiled(at) });
  }
  if (url === undefined || rules !== undefined) {
    scope.issue([], 'a bot is in exactly one place', 'either url or rules');
    return () => undefined;
  }
  const overSocket = url.startsWith('ws');
  const address = compileAddress(['url'], url, overSocket ? ['wss:', 'ws:'] : ['https:', 'http:'], scope);
  const headers = compileHeaders(['headers'], keys.headers, scope);
  return (at) => {
    const rendered = address(at);
    if (rendered === undefined) return undefined;
    return overSocket
      ? { via: 'websocket', request: { method: 'GET', url: rendered, headers } }
      : { via: 'http', request: { method: 'POST', url: rendered, headers } };
  };
}
