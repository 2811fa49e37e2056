// The http step without a network: what it asks for, what it takes from answers, and every way in which it fails.
import { describe, expect, test } from 'vitest';
import type { Answer, Ask } from '../../../../src/core/ivr/ask.js';
import { compileFlows } from '../../../../src/core/ivr/compile.js';
import { httpAnswer } from '../../../../src/core/ivr/outside/take.js';
import type { FlowCatalogue } from '../../../../src/core/ivr/session.js';
import { Secret } from '../../../../src/core/ivr/variable/secret.js';
import { advance, startSession } from '../../../../src/core/ivr/walk.js';

const AROUND = {
  queues: new Set(['support']),
  agents: new Set<string>(),
  hours: new Set<string>(),
  texts: new Map<string, Record<string, string>>(),
  secrets: new Set(['CRM_TOKEN']),
  webHosts: new Map(
    [
      { host: 'crm.example.com', port: 443, insecure: false, private: false },
      { host: 'lab.example.com', port: 8080, insecure: true, private: true },
    ].map((host) => [`${host.host}:${host.port}`, host]),
  ),
};

const NEXT = { next: 'ok', failed: 'bad' };

function flowWith(step: object): string {
  return JSON.stringify({
    version: 1,
    name: 'main',
    languages: ['en'],
    start: 'ask',
    variables: { account: '', limit: 0, rate: 0.5, vip: false },
    steps: {
      ask: { do: 'http', ...NEXT, ...step },
      ok: { do: 'hangup', say: '{{ account }}|{{ limit }}|{{ rate }}|{{ vip }}' },
      bad: { do: 'queue', queue: 'support' },
      ...(JSON.stringify(step).includes('unknown') ? { unknown: { do: 'hangup', say: 'unknown' } } : {}),
    },
  });
}

function compiled(step: object) {
  return compileFlows([{ file: 'main.yaml', text: flowWith(step), revision: 'r' }], AROUND);
}

function mistakes(step: object): string[] {
  const flows = compiled(step);
  return flows.ok ? [] : flows.issues.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

function begin(step: object, from = '+34600000001') {
  const flows = compiled(step);
  if (!flows.ok) throw new Error(flows.issues.map(({ message }) => message).join('\n'));
  const catalogue: FlowCatalogue = { flows: flows.value, isOpen: () => true, isHoliday: () => false };
  const call = { from, name: '', to: '1000', reference: 'H-1' };
  const progress = startSession(catalogue, { flow: 'main', call, languages: [], nowMs: 0, timeZone: 'UTC' });
  return { catalogue, progress };
}

function asked(step: object, from?: string): Ask & { kind: 'http' } {
  const { ask } = begin(step, from).progress;
  if (ask.kind !== 'http') throw new Error(`asked for ${ask.kind}`);
  return ask;
}

/** Where the walk goes on after that answer, and with which outcome. */
function answered(
  step: object,
  answer: (ask: Ask & { kind: 'http' }) => Answer,
): { readonly at: string; readonly said: string; readonly outcome: string } {
  const { catalogue, progress } = begin(step);
  if (progress.ask.kind !== 'http') throw new Error(`asked for ${progress.ask.kind}`);
  const { ask, trace } = advance(catalogue, progress.session, answer(progress.ask), 0);
  const [line] = trace;
  const said = ask.kind === 'hangup' ? ask.prompts.map((prompt) => ('text' in prompt ? prompt.text : '')).join('') : '';
  return { at: ask.kind, said, outcome: line?.kind === 'step' ? line.outcome : '' };
}

/** What another system says to what is asked. */
const json =
  (status: number, body: unknown) =>
  (ask: Ask & { kind: 'http' }): Answer =>
    httpAnswer(ask, status, body);
const URL_OF_CRM = 'https://crm.example.com/customers';

describe('what is sent', () => {
  test('values in the address stay in their place', () => {
    const url = `${URL_OF_CRM}/{{ call.from }}?q={{ call.name }}`;
    expect(asked({ url }, '+34 6/0?0#&').request.url).toBe(`${URL_OF_CRM}/%2B34%206%2F0%3F0%23%26?q=`);
  });

  test.each(['..', '.', '%2e%2E'])('a number %s does not climb out of the folder', (from) => {
    const { ask } = begin({ url: `${URL_OF_CRM}/{{ call.from }}/notes` }, from).progress;
    if (from.includes('%')) expect(ask).toMatchObject({ request: { url: `${URL_OF_CRM}/%252e%252E/notes` } });
    else expect(ask.kind).toBe('queue');
  });

  test('a body of values and expressions, as JSON', () => {
    const body = { from: { cel: 'call.from' }, list: [1, true, null, { cel: 'limit + 1' }], deep: { a: 'x' } };
    const { request } = asked({ url: URL_OF_CRM, method: 'POST', body });
    expect(JSON.parse(String(request.body))).toEqual({
      from: '+34600000001',
      list: [1, true, null, 1],
      deep: { a: 'x' },
    });
  });

  test('a body that cannot be computed is a failure, and nobody is asked', () => {
    const { progress } = begin({ url: URL_OF_CRM, method: 'POST', body: { n: { cel: '1 / limit' } } });
    expect(progress.ask.kind).toBe('queue');
    expect(progress.trace).toContainEqual({ kind: 'step', flow: 'main', step: 'ask', outcome: 'failed:not-computed' });
  });

  test('secrets are named, not told', () => {
    const headers = { authorization: { secret: 'CRM_TOKEN', before: 'Bearer ' }, 'x-kind': 'voice' };
    expect(asked({ url: URL_OF_CRM, headers }).request.headers).toEqual([
      { name: 'authorization', secret: 'CRM_TOKEN', before: 'Bearer ' },
      { name: 'x-kind', value: 'voice' },
    ]);
  });
});

test('what was typed in secret goes into the body, and is to be seen nowhere else', () => {
  const text = `
version: 1
name: main
languages: [en]
start: pin
variables: { pin: { type: secret } }
steps:
  pin: { do: gather, say: Your PIN, into: pin, secure: true, max: 4, next: ask, otherwise: bad }
  ask:
    do: http
    method: POST
    url: ${URL_OF_CRM}
    body: { pin: { secret: pin }, from: { cel: call.from } }
    next: bad
    failed: bad
  bad: { do: queue, queue: support }`;
  const flows = compileFlows([{ file: 'main.yaml', text, revision: 'r' }], AROUND);
  if (!flows.ok) throw new Error(flows.issues.map(({ message }) => message).join('\n'));
  const catalogue: FlowCatalogue = { flows: flows.value, isOpen: () => true, isHoliday: () => false };
  const call = { from: '1', name: '', to: '1000', reference: 'H-1' };
  const { session } = startSession(catalogue, { flow: 'main', call, languages: [], nowMs: 0, timeZone: 'UTC' });
  const { ask, ...rest } = advance(catalogue, session, { kind: 'digits', digits: '4071' }, 0);
  if (ask.kind !== 'http') throw new Error(`asked for ${ask.kind}`);
  const { body } = ask.request;
  expect(body instanceof Secret && body.reveal()).toBe('{"pin":"4071","from":"1"}');
  expect(JSON.stringify([ask, rest])).not.toContain('4071');
});

describe('what is taken from the answer', () => {
  const take = { account: '/customer/id', limit: '/limits/0', rate: '/rate', vip: '/vip' };
  const step = { url: URL_OF_CRM, take };
  const GOOD = { customer: { id: 'C-1' }, limits: [3], rate: 2, vip: true };

  test('values by pointer into variables of their type', () => {
    expect(answered(step, json(200, GOOD))).toEqual({ at: 'hangup', said: 'C-1|3|2|true', outcome: '2xx' });
  });

  test.each([
    ['account', { ...GOOD, customer: { id: 4711 } }],
    ['account', { ...GOOD, customer: { id: 'x'.repeat(501) } }],
    ['limit', { ...GOOD, limits: [1.5] }],
    ['limit', { ...GOOD, limits: ['3'] }],
    ['rate', { ...GOOD, rate: null }],
    ['vip', { ...GOOD, vip: 'yes' }],
    ['vip', { customer: { id: '' }, limits: [1], rate: 1 }],
  ])('a wrong %s is a failure, and nothing is taken', (name, body) => {
    expect(answered(step, json(200, body))).toMatchObject({ at: 'queue', outcome: `failed:wrong-answer:${name}` });
  });

  test('what may be missing has a value of its own', () => {
    const or = { url: URL_OF_CRM, take: { account: { at: '/id', or: 'none' }, limit: '/n' } };
    expect(answered(or, json(200, { n: 2 })).said).toBe('none|2|0.5|false');
  });

  test('an answer without a body is enough when nothing is taken', () => {
    expect(answered({ url: URL_OF_CRM }, json(204, undefined))).toMatchObject({ at: 'hangup', outcome: '2xx' });
  });

  test('a status may have its own way; the others are a failure', () => {
    const ways = { url: URL_OF_CRM, status: { 404: 'unknown' } };
    expect(answered(ways, json(404, {}))).toEqual({ at: 'hangup', said: 'unknown', outcome: 'status:404' });
    expect(answered(ways, json(403, {}))).toMatchObject({ at: 'queue', outcome: 'failed:4xx' });
    expect(answered(ways, json(503, {}))).toMatchObject({ at: 'queue', outcome: 'failed:5xx' });
  });

  test('no answer is a failure with its reason', () => {
    const answer: Answer = { kind: 'http', outcome: 'failed', reason: 'time-out' };
    expect(answered(step, () => answer)).toMatchObject({ at: 'queue', outcome: 'failed:time-out' });
  });
});

describe('mistakes of the file', () => {
  test.each<[string, object, string]>([
    ['no way for failures', { url: URL_OF_CRM, failed: undefined }, "'failed' is missing"],
    [
      'a host that nobody allowed',
      { url: 'https://evil.example.com/' },
      'the centre does not allow requests to evil.example.com:443',
    ],
    [
      'an allowed host, another port',
      { url: 'https://crm.example.com:8443/' },
      'the centre does not allow requests to crm.example.com:8443',
    ],
    ['a host that is filled in', { url: 'https://{{ call.from }}/' }, 'this address has no plain host'],
    [
      'a host that is filled in half',
      { url: 'https://crm.example.com{{ call.from }}/' },
      'this address has no plain host',
    ],
    ['a name and password', { url: 'https://crm.example.com@evil.example.com/' }, 'this address has no plain host'],
    ['no TLS', { url: 'http://crm.example.com:443/' }, "'http://' is not secure"],
    [
      'a filter that would undo the escaping',
      { url: `${URL_OF_CRM}/{{ call.from | raw }}` },
      'this address cannot be filled in',
    ],
    ['a value that nobody knows', { url: `${URL_OF_CRM}/{{ acount }}` }, "'acount' is not known in texts"],
    [
      'a secret in the file',
      { url: URL_OF_CRM, headers: { authorization: 'Bearer abc' } },
      'a secret does not stand in a flow',
    ],
    [
      'a secret that is not there',
      { url: URL_OF_CRM, headers: { authorization: { secret: 'CRM' } } },
      "there is no secret 'CRM'",
    ],
    ['a header of ours', { url: URL_OF_CRM, headers: { host: 'x' } }, "'host' is written by Hilo"],
    [
      'a header with a line end',
      { url: URL_OF_CRM, headers: { 'x-a': 'a\r\nb: c' } },
      'a header is plain text on one line',
    ],
    ['a body of GET', { url: URL_OF_CRM, body: { a: 1 } }, 'a GET has no body'],
    [
      'a POST that is sent twice',
      { url: URL_OF_CRM, method: 'POST', retries: 1 },
      'a POST that is sent twice may be done twice',
    ],
    ['a variable that is not declared', { url: URL_OF_CRM, take: { name: '/n' } }, "there is no variable 'name'"],
    ['a wrong reserve', { url: URL_OF_CRM, take: { limit: { at: '/n', or: 'x' } } }, "'limit' holds a whole number"],
    [
      'a body with too many values',
      { url: URL_OF_CRM, method: 'POST', body: { a: Array(200).fill(1) } },
      'this body is too large',
    ],
  ])('%s', (_, step, message) => {
    expect(mistakes(step)).toContain(message);
  });

  test('a POST may be repeated when the file says so', () => {
    expect(mistakes({ url: URL_OF_CRM, method: 'POST', retries: 1, repeatable: true })).toEqual([]);
  });

  test('a host without TLS is allowed where the centre says so', () => {
    expect(mistakes({ url: 'http://lab.example.com:8080/' })).toEqual([]);
  });
});
