import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RUN_LIMITS } from '../../../src/core/document/run-limits.js';
import type { Ask } from '../../../src/core/ivr/ask.js';
import type { FlowCatalogue } from '../../../src/core/ivr/session.js';
import { namesInCentre } from '../../../src/core/routing/keys/names-in-centre.js';
import { answerOf, catalogueOf, filesIn, next, start } from '../../support/flow-caller.js';

const text = readFileSync('ivr-flows/centre.yaml', 'utf8');
const sample = catalogueOf(filesIn('ivr-flows'), namesInCentre({ file: 'centre.yaml', text, revision: '' }));

const deed = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...'0123456789*#') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('silence', 'no', 'served', 'left', 'empty', 'queued', 'connected', 'promised'),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9*#]{1,9}$/) },
);

const STEPS = 'menu gather confirm say branch queue set voicemail message survey callback hours'.split(' ');

/** A flow of random steps that all exist: mostly nonsense, always compilable or refused. */
const randomFlow = fc
  .array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(9), fc.nat(9)), { minLength: 2, maxLength: 10 })
  .map((steps) => {
    const target = (index: number) => `s${index % steps.length}`;
    const lines = steps.map(([kind, a, b], index) => `  s${index}: ${stepText(kind, target(a), target(b))}`);
    return `version: 1\nname: test\nlanguages: [es]\nstart: s0\nvariables: { n: 0, code: '' }\nsteps:\n${lines.join('\n')}\n`;
  });

function stepText(kind: string, a: string, b: string): string {
  switch (kind) {
    case 'menu':
      return `{ do: menu, say: Menú., keys: { 1: ${a}, '#': ${b} }, tries: 2, otherwise: ${b} }`;
    case 'gather':
      return `{ do: gather, say: Número., into: code, max: 4, next: ${a}, otherwise: ${b} }`;
    case 'confirm':
      return `{ do: gather, say: Número., confirm: '{{ typed }}', into: code, max: 4, next: ${a}, otherwise: ${b} }`;
    case 'survey':
      return `{ do: survey, survey: nps, say: ¿Qué tal?, into: n, next: ${a}, otherwise: ${b} }`;
    case 'callback':
      return `{ do: callback, queue: support, say: Sí., times: { 1: soon, 2: time, 3: tomorrow }, ask-time: Hora., confirm-number: Bien., ask-number: Número., promised: Hecho., next: ${a}, otherwise: ${b} }`;
    case 'hours':
      return `{ do: hours, hours: office, open: ${a}, closed: ${b} }`;
    case 'branch':
      return `{ do: branch, cases: [{ when: 'n > 3 || code == "1"', next: ${a} }], otherwise: ${b} }`;
    case 'queue':
      return `{ do: queue, queue: support, next: ${a}, otherwise: ${b} }`;
    case 'set':
      return `{ do: set, values: { n: { cel: n + 1 }, code: { cel: code + code } }, next: ${a} }`;
    case 'voicemail':
      return `{ do: voicemail, say: Hable., next: ${a}, otherwise: ${b} }`;
    case 'message':
      return `{ do: message, text: { es: '{{ n }}' }, next: ${a} }`;
    default:
      return `{ do: say, say: '{{ code }}.', next: ${a} }`;
  }
}

/** Answers until the end or until there are no more deeds; checks each state on the way. */
function walk(catalogue: FlowCatalogue, flow: string, deeds: readonly string[]): { asks: Ask[]; traced: string } {
  let progress = start(catalogue, { flow });
  const asks = [progress.ask];
  let traced = JSON.stringify(progress.trace);
  for (const [index, does] of deeds.entries()) {
    expect(JSON.parse(JSON.stringify(progress.session))).toEqual(progress.session);
    if (progress.session.state === 'ended') {
      expect(progress.ask.kind).toBe('hangup');
      break;
    }
    expect(progress.ask.kind).not.toBe('hangup');
    expect(index).toBeLessThan(3 * DEFAULT_RUN_LIMITS.steps);
    progress = next(catalogue, progress.session, answerOf(progress.ask, does));
    asks.push(progress.ask);
    traced += JSON.stringify(progress.trace);
  }
  return { asks, traced };
}

describe('whatever the caller does', () => {
  test('the sample menu asks for something or ends', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => void walk(sample, 'main', deeds)),
      { numRuns: 300 },
    );
  });

  test('a random flow that compiles ends within its limits', () => {
    fc.assert(
      fc.property(randomFlow, fc.array(deed, { minLength: 1, maxLength: 8 }), (text, some) => {
        const compiled = tryCompile(text);
        fc.pre(compiled !== undefined);
        const many = Array.from(
          { length: 2 * DEFAULT_RUN_LIMITS.steps },
          (_, index) => some[index % some.length] ?? 'silence',
        );
        const { asks } = walk(compiled, 'test', many);
        expect(asks.length).toBeLessThanOrEqual(DEFAULT_RUN_LIMITS.steps + 2);
        expect(asks.at(-1)?.kind).toBe('hangup');
      }),
      { numRuns: 25 },
    );
  });

  test('digits that were asked for are not in the trace', () => {
    const secret = fc.stringMatching(/^[0-9]{6,12}$/);
    const gather = tryCompile(`version: 1
name: test
languages: [es]
start: ask
variables: { card: '' }
steps:
  ask: { do: gather, say: Tarjeta., into: card, min: 8, max: 10, tries: 3, next: copy, otherwise: bye }
  copy: { do: set, values: { card: { cel: card + card } }, next: check }
  check: { do: branch, cases: [{ when: int(card) > 0, next: ask }], otherwise: bye }
  bye: { do: hangup }
`);
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 5 }), (cards) => {
        fc.pre(gather !== undefined);
        const { traced } = walk(gather, 'test', cards);
        for (const card of cards) expect(traced).not.toContain(card);
      }),
      { numRuns: 100 },
    );
  });
});

function tryCompile(text: string): FlowCatalogue | undefined {
  try {
    return catalogueOf([{ file: 'test.yaml', text, revision: '' }]);
  } catch {
    // Unreachable steps or loops without a key: refused, as it should be.
    return undefined;
  }
}

test('no text makes the compiler throw, and each mistake has a place', () => {
  const pieces = [
    'steps:',
    'do: menu',
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a',
    '*a',
    '!t',
    '|',
    '>',
    '#',
    '1',
    '{{',
    '%',
    '\t',
    'é',
  ];
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 120 }).map((parts) => parts.join(''));
  const good = filesIn('ivr-flows')[0]?.text ?? '';
  const cut = fc
    .tuple(fc.nat(good.length), fc.nat(80), fc.constantFrom(...pieces))
    .map(([from, length, piece]) => `${good.slice(0, from)}${piece}${good.slice(from + length)}`);
  fc.assert(
    fc.property(fc.oneof(soup, cut), (text) => {
      const message = messageOf(() => catalogueOf([{ file: 'test.yaml', text, revision: '' }]));
      for (const line of message.split('\n')) expect(line).toMatch(/^test\.yaml:[1-9]\d*:[1-9]\d*: \S/);
    }),
    { numRuns: 300 },
  );
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error && error.constructor === Error
      ? error.message
      : `not a list of mistakes: ${String(error)}`;
  }
  return 'test.yaml:1:1: good';
}
