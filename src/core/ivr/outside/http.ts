// `http`: asks another system, and keeps what its JSON answer says in variables. What goes wrong has a way of its own.
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, nameSchema, strict, textFor, whole } from '../../document/shape.js';
import type { Meanwhile } from '../ask.js';
import { TYPE_WORDS } from '../expression.js';
import type { Move, StepContext } from '../flow.js';
import { MAX_VALUE_CHARS } from '../limits.js';
import { type PromptPart, promptSchema, type RawPart, renderPrompts } from '../prompt.js';
import type { Scope } from '../scope.js';
import { stepKind, stepName } from '../step-kind.js';
import type { Variable } from '../value.js';
import { compileAddress, compileHeaders, headersSchema } from './endpoint.js';
import { bodySchema, compileBody } from './json-body.js';
import { jsonPointer } from './json-pointer.js';
import { fits, isSuccess, type Target } from './take.js';

const MAX_RETRIES = 5;
const MAX_TAKEN = 30;

/** To send these twice does what to send them once does (RFC 9110 §9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'PUT', 'DELETE'];
const BODILESS = ['GET', 'HEAD'];

const taken = z.union([
  jsonPointer.transform((at) => ({ at, or: undefined })),
  strict({
    at: jsonPointer.describe('JSON pointer into the answer.'),
    or: z
      .union([z.string().max(MAX_VALUE_CHARS), z.number(), z.boolean()])
      .optional()
      .describe('What is taken when there is nothing.'),
  }),
]);

const shape = {
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET').describe('As in HTTP.'),
  url: z
    .string()
    .describe('`https://…`; what is filled in is escaped. The host stands in `http: hosts:` of centre.yaml.'),
  headers: headersSchema.describe(
    'Lower-case names. A secret is named, never written: `authorization: { secret: CRM_TOKEN, before: "Bearer " }` ' +
      'takes HILO_SECRET_CRM_TOKEN of the environment.',
  ),
  body: bodySchema.optional().describe('JSON: values as written, or computed with `{ cel: … }`.'),
  take: z
    .record(z.string(), taken)
    .default({})
    .describe(
      'Variable: JSON pointer (RFC 6901) into the answer, e.g. `name: /customer/name`. A value of another type, or none, ' +
        'is a failure, unless `{ at: /name, or: "" }` says what to take then.',
    ),
  'time-out': duration(100, 30_000).prefault('3s').describe('For each try.'),
  retries: whole(0, MAX_RETRIES)
    .default(0)
    .describe('Tries after the first, a little later each time, when there is no answer or it is 429 or 5xx.'),
  repeatable: z.literal(true).optional().describe('This POST or PATCH may be sent twice: needed for `retries`.'),
  meanwhile: z
    .union([strict({ music: nameSchema.describe('Name of the music.') }), promptSchema])
    .optional()
    .describe('Heard while it takes longer than half a second: texts, again every few seconds, or `{ music: moh }`.'),
  status: z
    .record(z.string().regex(/^[45]\d\d$/, { error: 'a status that is no success, e.g. 404' }), stepName)
    .default({})
    .describe('Ways for single statuses that mean something: `{ 404: unknown-customer }`.'),
  next: stepName.describe('Answered with 2xx, and everything in `take` was there.'),
  failed: textFor('the name of a step, for when the other system does not answer')
    .meta({ title: 'step' })
    .describe('Everything else.'),
};

const about = {
  summary: 'Asks another system by HTTP, and keeps what its JSON answer says in variables.',
  example: `
do: http
url: 'https://crm.example.com/customers/{{ call.from }}'
headers: { authorization: { secret: CRM_TOKEN, before: 'Bearer ' } }
take: { vip: /customer/vip }
time-out: 2s
retries: 1
meanwhile: { es: 'Un momento, por favor.', en: One moment please. }
status: { 404: sales }
next: support
failed: support`,
  keys: shape,
};

export const http = stepKind(about, (keys, scope) => {
  const { method } = keys;
  const url = compileAddress(['url'], keys.url, ['https:', 'http:'], scope);
  const headers = compileHeaders(['headers'], keys.headers, scope);
  const body = keys.body === undefined ? undefined : compileBody(['body'], keys.body, scope);
  if (body !== undefined && BODILESS.includes(method)) scope.issue(['body'], `a ${method} has no body`, 'method: POST');
  if (keys.retries > 0 && !IDEMPOTENT.includes(method) && keys.repeatable === undefined) {
    const advice = 'retries: 0, or repeatable: true when that does no harm';
    scope.issue(['retries'], `a ${method} that is sent twice may be done twice`, advice);
  }
  const meanwhile = compileMeanwhile(keys.meanwhile, scope);
  const take = compileTake(keys.take, scope);
  const ways = new Map(
    Object.entries(keys.status).map(([code, to]) => [Number(code), scope.exit(['status', code], to)]),
  );
  const next = scope.exit(['next'], keys.next);
  const failed = scope.exit(['failed'], keys.failed);
  const fail = (why: string): Move => ({ kind: 'go', to: failed, outcome: `failed:${why}` });
  return {
    // Of a system that says nothing.
    prices: { failed: { waitMs: keys['time-out'] * (keys.retries + 1) } },
    enter(at) {
      const address = url(at);
      const sent = body?.(at);
      if (address === undefined || (body !== undefined && sent === undefined)) return fail('not-computed');
      const request = { method, url: address, headers, ...(sent === undefined ? {} : { body: sent }) };
      const { 'time-out': timeOutMs, retries } = keys;
      return { kind: 'ask', ask: { kind: 'http', request, take, timeOutMs, retries, meanwhile: meanwhile(at) } };
    },
    answer(answer) {
      assert(answer.kind === 'http', 'a request is answered by its outcome');
      if (answer.outcome === 'failed') return fail(answer.reason);
      const way = ways.get(answer.status);
      if (way !== undefined) return { kind: 'go', to: way, outcome: `status:${answer.status}` };
      const statusClass = `${Math.floor(answer.status / 100)}xx`;
      if (!isSuccess(answer.status)) return fail(statusClass);
      const { taken } = answer;
      return 'wrong' in taken
        ? fail(`wrong-answer:${taken.wrong}`)
        : { kind: 'go', to: next, outcome: statusClass, values: taken.values };
    },
  };
});

function compileMeanwhile(
  raw: { readonly music: string } | readonly RawPart[] | undefined,
  scope: Scope,
): (at: StepContext) => Meanwhile {
  if (raw === undefined) return () => ({ kind: 'nothing' });
  if ('music' in raw) return () => ({ kind: 'music', name: raw.music });
  const parts: readonly PromptPart[] = scope.prompt(['meanwhile'], raw);
  return (at) => ({ kind: 'prompts', prompts: renderPrompts(parts, at) });
}

function compileTake(raw: z.output<typeof shape.take>, scope: Scope): Target[] {
  const entries = Object.entries(raw);
  if (entries.length > MAX_TAKEN) scope.issue(['take'], 'too much is taken', `at most ${MAX_TAKEN}`);
  return entries.flatMap(([name, { at, or }]) => {
    const variable: Variable | undefined = scope.variable(['take', name], name, 'key');
    if (variable === undefined) return [];
    if (or !== undefined && !fits(or, variable.type)) {
      scope.issue(['take', name, 'or'], `'${name}' holds ${TYPE_WORDS[variable.type]}`, 'another value');
    }
    return [{ name, type: variable.type, at, ...(or === undefined ? {} : { or }) }];
  });
}
