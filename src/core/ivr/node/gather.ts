// `gather`: asks for digits and keeps them in a variable. The trace only counts them; secret ones are nowhere else.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, whole } from '../../document/shape.js';
import { askKey } from '../dialogue/collecting.js';
import type { Move, StepContext } from '../flow.js';
import { MAX_TRIES } from '../limits.js';
import { type PromptPart, promptSchema, renderPrompts } from '../prompt.js';
import type { Scope } from '../scope.js';
import { stepKind, stepName } from '../step-kind.js';
import { Secret } from '../variable/secret.js';

const MAX_DIGITS = 32;
/** For the key that says whether it is right. */
const CONFIRMATION_WAIT_MS = 7_000;

const shape = {
  say: promptSchema.describe('The question.'),
  into: z
    .string()
    .describe(
      "The variable that takes the digits; it holds a text, as they may begin with 0: declare it as ''. With `secure` one of the type `secret`.",
    ),
  secure: z
    .literal(true, { error: 'this can only be true' })
    .optional()
    .describe(
      'Nobody sees the digits: no log, no record, no listener, silence in a recording. Only an `http` step can send them; they are gone when the flow ends.',
    ),
  confirm: promptSchema
    .optional()
    .describe(
      'Reads back what was typed, `{{ typed | spell }}`: 1 it is right, 2 once more. Without it nothing is read back.',
    ),
  min: whole(0, MAX_DIGITS).default(1).describe('So many digits at least.'),
  max: whole(1, MAX_DIGITS).describe('So many at most; with the last one the step goes on.'),
  terminator: z.enum(['#', '*', 'none']).default('#').describe('The key that ends the input before `max`.'),
  'try-again': promptSchema.optional().describe('Said before the question is repeated.'),
  wait: duration(500, 60_000).prefault('7s').describe('For the first digit.'),
  'wait-between': duration(500, 20_000).prefault('3s').describe('For each one after it.'),
  tries: whole(1, MAX_TRIES).default(3).describe('How often it asks.'),
  'barge-in': z.boolean().default(true).describe('Digits typed while it speaks count, and end the speaking.'),
  next: stepName.describe('Enough digits were typed.'),
  otherwise: stepName.describe('Not in so many tries.'),
};

const about = {
  summary:
    'Asks for digits and keeps them in a variable. No log has them; the record keeps them as what was answered, unless they are `secure`.',
  example: `
do: gather
say: { es: 'Marque su número de pedido.', en: 'Please type your order number.' }
into: order
min: 4
max: 8
try-again: { es: No lo hemos entendido., en: We did not get that. }
next: found
otherwise: support`,
  keys: shape,
};

export const gather = stepKind(about, (keys, scope) => {
  const question = scope.prompt(['say'], keys.say);
  const tryAgain = scope.prompt(['try-again'], keys['try-again']);
  const confirmation = scope.prompt(['confirm'], keys.confirm, ['typed']);
  checkTarget(keys, scope);
  if (keys.min > keys.max) scope.issue(['min'], 'min is more than max', `at most ${keys.max}`);
  const next = scope.exit(['next'], keys.next);
  const otherwise = scope.exit(['otherwise'], keys.otherwise);
  const collect = (first: readonly PromptPart[], at: StepContext) =>
    ({
      kind: 'collect',
      purpose: 'gather',
      prompts: renderPrompts([...first, ...question], at),
      min: keys.min,
      max: keys.max,
      terminators: keys.terminator === 'none' ? '' : keys.terminator,
      firstDigitMs: keys.wait,
      interDigitMs: keys['wait-between'],
      bargeIn: keys['barge-in'],
      ...(keys.secure === undefined ? {} : { secure: true as const }),
    }) as const;
  const taken = (digits: string, outcome: string): Move => {
    if (keys.secure) return { kind: 'go', to: next, outcome, secrets: { [keys.into]: new Secret(digits) } };
    return { kind: 'go', to: next, outcome, values: { [keys.into]: digits } };
  };
  const confirm = (typed: string, at: StepContext) =>
    askKey(renderPrompts(confirmation, at, { typed }), CONFIRMATION_WAIT_MS);
  const confirmed = (typed: string, key: string, at: StepContext): Move => {
    if (key === '1') return taken(typed, 'confirmed');
    const rounds = Number(at.memory['rounds'] ?? 0) + 1;
    if (key === '2' && rounds < keys.tries) {
      return { kind: 'ask', ask: collect([], at), memory: { rounds }, outcome: 'not-confirmed' };
    }
    const outcome = key === '2' ? 'not-confirmed' : key === '' ? 'time-out' : 'wrong-key';
    if (key === '2' || at.failures + 1 >= keys.tries) return { kind: 'go', to: otherwise, outcome };
    return { kind: 'ask-again', ask: confirm(typed, at), outcome };
  };
  const pressed = Math.max(1, keys.min) + (keys.confirm === undefined ? 0 : 1);
  return {
    listens: true,
    prices: { next: { keys: pressed }, otherwise: { waitMs: keys.tries * keys.wait, times: keys.tries } },
    enter: (at) => ({ kind: 'ask', ask: collect([], at) }),
    answer(answer, at) {
      assert(answer.kind === 'digits' || answer.kind === 'time-out', 'a gather is answered by keys');
      const { typed } = at.memory;
      if (typed !== undefined) return confirmed(String(typed), answer.digits, at);
      const count = answer.digits.length;
      // Digits in plenty before the time-out are an answer: not everybody ends with the terminator.
      const enough = count >= keys.min && count <= keys.max && (answer.kind === 'digits' || count > 0);
      if (enough && keys.confirm !== undefined) {
        const memory = { ...at.memory, typed: answer.digits };
        return { kind: 'ask', ask: confirm(answer.digits, at), memory, outcome: `digits:${count}` };
      }
      if (enough) return taken(answer.digits, keys.secure ? 'secret' : `digits:${count}`);
      const outcome = answer.kind === 'time-out' && count === 0 ? 'time-out' : `wrong-length:${count}`;
      return at.failures + 1 >= keys.tries
        ? { kind: 'go', to: otherwise, outcome }
        : { kind: 'ask-again', ask: collect(tryAgain, at), outcome };
    },
  };
});

function checkTarget(keys: z.output<z.ZodObject<typeof shape>>, scope: Scope): void {
  if (keys.secure) {
    scope.secret(['into'], keys.into);
    if (keys.confirm !== undefined)
      scope.issue(['confirm'], 'what is secret cannot be read back', 'leave it out', 'key');
    return;
  }
  if (scope.header.secrets.has(keys.into)) {
    scope.issue(['into'], `'${keys.into}' is secret`, 'add secure: true');
    return;
  }
  const variable = scope.variable(['into'], keys.into);
  if (variable !== undefined && variable.type !== 'string') {
    scope.issue(['into'], `'${keys.into}' does not hold a text`, "digits may begin with 0: declare it as ''");
  }
}
