// Tests of flows, played: what passes, what fails, where, and what was heard instead.
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../../src/core/document/issue.js';
import { matchesText } from '../../../src/core/flow-test/hearing.js';
import type { Played } from '../../../src/core/flow-test/play.js';
import { playSuite } from '../../../src/core/flow-test/suite.js';
import { compileTests, MAX_CASES_PER_FILE, MAX_SCRIPT_ITEMS } from '../../../src/core/flow-test/test-file.js';
import { catalogueOf, MADRID } from '../../support/flow-caller.js';
import { sampleCentre } from '../../support/sample-centre.js';

const FLOW = `version: 1
name: main
languages: [es, en]
start: hello
fallback: person
variables: { account: '', tries: 0 }
steps:
  hello: { do: say, say: { es: Hola {{ call.from }}, en: Hello }, next: ask }
  ask:
    do: gather
    say: { recorded: number-please, es: Su número, en: Your number }
    into: account
    min: 2
    max: 4
    tries: 2
    next: clock
    otherwise: person
  clock: { do: hours, hours: office, open: count, closed: bye }
  count: { do: set, values: { tries: { cel: tries + 1 } }, served: true, next: out }
  out: { do: forward, to: { agent: ana }, otherwise: note }
  note: { do: message, text: { es: 'Hola {{ account }}', en: Hello }, next: leave, otherwise: person }
  leave: { do: voicemail, say: { es: Diga, en: Say }, next: bye, otherwise: bye }
  person: { do: queue, queue: support, otherwise: bye }
  bye: { do: hangup, say: { es: Adiós, en: Bye }, reason: done }
`.replace('Hola {{ call.from }}', "'Hola {{ call.from }}'");

const catalogue = catalogueOf([{ file: 'main.yaml', text: FLOW, revision: 'r' }], undefined, (_, atMs) => {
  const hour = new Date(atMs + 3_600_000).getUTCHours();
  return hour >= 9 && hour < 19;
});
const centre = sampleCentre();

function compile(cases: string, head = 'version: 1') {
  const text = `${head}\ncases:\n${cases}`;
  return compileTests({ file: 'main.test.yaml', text, revision: '' }, { centre, flows: catalogue.flows });
}

/** The first case of these, played. */
function play(cases: string): Played {
  const compiled = compile(cases);
  if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
  const [file] = playSuite(catalogue, MADRID, [{ file: 'main.test.yaml', cases: compiled.value }]).files;
  const [played] = file?.cases ?? [];
  if (played === undefined) throw new Error('nothing was played');
  return played;
}

const script = (...lines: string[]) => `  - case: c\n    script:\n${lines.map((line) => `      - ${line}\n`).join('')}`;

describe('what passes', () => {
  test('everything a caller can meet, in order', () => {
    const played = play(
      `${script(
        'hears: { es: Hola +34600123123 }',
        'hears: { recorded: number-please, es: Su número }',
        "presses: '12#'",
        'forward: { agent: ana }\n        outcome: failed\n        reason: busy',
        'message: Hola 12\n        outcome: queued',
        'hears: Diga',
        'voicemail: left',
        'hears: …',
        'ends: { result: voicemail, reason: done }',
      )}    expect: { variables: { account: '12', tries: 1 }, served: true, language: es }\n`,
    );
    expect(played.failure).toBeUndefined();
    expect(played.end).toEqual({ result: 'voicemail', reason: 'done' });
  });

  test.each([
    ['09:30', 'forward: { agent: ana }'],
    ['19:30', 'hears: Adiós'],
  ])('at %s on the clock of the centre: %s', (at, line) => {
    const text = script("presses: '1234'", line).replace('case: c', `case: c\n    at: 2026-01-05 ${at}`);
    expect(play(text).failure).toBeUndefined();
  });

  test('time goes by when the script waits', () => {
    const text = script('waits: 40m', "presses: '1234'", 'hears: Adiós').replace(
      'case: c',
      'case: c\n    at: 2026-01-05 18:30',
    );
    expect(play(text).failure).toBeUndefined();
  });

  test('who hangs up hears nothing more, and was served only from the step on that says so', () => {
    const early = play(script('hears: Hola…', 'hangs-up', 'ends: abandoned'));
    expect([early.failure, early.story.filter(({ kind }) => kind === 'heard').length]).toEqual([undefined, 1]);
    const late = play(
      script("presses: '1234'", 'forward: { agent: ana }\n        outcome: failed', 'hangs-up', 'ends: served'),
    );
    expect(late.failure).toBeUndefined();
  });

  test('a queue that decides itself is an overflow; with a way in the flow, the flow goes on', () => {
    const text = script(
      'silence',
      'silence',
      'queue: support\n        outcome: not-served',
      'hears: Adiós',
      'ends: served',
    );
    expect(play(text).failure).toBeUndefined();
  });
});

describe('what fails says where, what was expected and what there was', () => {
  test.each([
    [['hears: Hola', "presses: '12'"], 5, 'to hear Hola', 'es: Hola +34600123123'],
    [['hears: { en: Hola… }', "presses: '12'"], 5, 'to hear en: Hola…', 'es: Hola +34600123123'],
    [['hears: Hola…', "presses: '12'"], 6, 'that 12 can be pressed', 'es: [number-please] Su número'],
    [['hears: Hola…', 'hears: …', 'hears: Adiós'], 7, 'to hear Adiós', 'the flow waits for 2 to 4 digits'],
    [['queue: support'], 5, 'queue support', 'the flow waits for 2 to 4 digits'],
    [
      ["presses: '12345'"],
      5,
      'the keys 12345 to be taken',
      'the flow takes 1234; what follows needs a line of its own',
    ],
    [["presses: '1#'", 'silence', 'queue: sales'], 7, 'queue sales', 'the flow puts the caller in queue support'],
    [
      ["presses: '1234'", 'forward: { agent: bruno }'],
      6,
      'to be forwarded to agent bruno',
      'the flow forwards to agent ana',
    ],
    [['hangs-up', 'ends: served'], 6, 'the end: served', 'the end: abandoned (caller-hung-up)'],
    [['hangs-up', 'ends: abandoned', 'silence'], 7, 'that the caller may be silent', 'the call is over'],
  ])('%j', (lines, line, expected, instead) => {
    const { failure } = play(script(...lines));
    expect(failure).toMatchObject({ line, column: 9, expected, instead: [instead] });
  });

  test.each([
    ['variables: { tries: 2 }', 'tries = 2', 'tries = 0'],
    ['language: en', 'language en', 'language es'],
    ['served: true', 'served: true', 'served: false'],
  ])('expect %s', (expect_, expected, instead) => {
    const { failure } = play(`${script('hangs-up')}    expect: { ${expect_} }\n`);
    expect(failure).toMatchObject({ line: 6, column: 5, expected, instead: [instead] });
  });
});

describe('mistakes in a test have their place', () => {
  const mistakes = (cases: string, head?: string): string[] => {
    const compiled = compile(cases, head);
    return compiled.ok ? [] : compiled.issues.map((issue) => formatIssue(issue).slice('main.test.yaml:'.length));
  };
  test.each([
    [
      'a word that is none',
      script('hear: Hola'),
      "5:9: 'hear' is nothing a test can do or hear (did you mean 'hears'?)",
    ],
    ['a key that is none', script("presses: 'a'"), '5:18: keys of the telephone are 0-9, * and #'],
    [
      'nothing to hear',
      script('hears: { es: Hola, en: Hello }'),
      "5:16: this is nothing to hear (a text, {es: text}, or {recorded: name, in: es}; '…' stands for anything)",
    ],
    [
      'an end that is none',
      script('ends: well'),
      expect.stringMatching(/^5:15: this is no end of a call \(one of: served/),
    ],
    [
      'a time that is none',
      script('silence').replace('case: c', 'case: c\n    at: tomorrow'),
      "4:9: 'tomorrow' is not a time (e.g. 2026-01-05 09:30)",
    ],
    [
      'a flow that is not there',
      script('silence').replace('case: c', 'case: c\n    flow: mian'),
      "4:11: there is no flow 'mian' (did you mean 'main'?)",
    ],
    [
      'a number without a flow',
      script('silence').replace('case: c', 'case: c\n    number: 1001'),
      expect.stringMatching(/^4:13: no flow answers the number 1001/),
    ],
    [
      'a variable that is not there',
      `${script('silence')}    expect: { variables: { acount: 1 } }\n`,
      "6:28: 'main' has no variable 'acount' (did you mean 'account'?)",
    ],
    [
      'a fact that is none',
      script('silence').replace('case: c', 'case: c\n    customer: { nam: Eva }'),
      expect.stringMatching(/^4:17: nothing is known of a customer called 'nam'/),
    ],
    [
      'a stub for no step',
      script('silence').replace('case: c', 'case: c\n    answers: { look: { status: 200 } }'),
      expect.stringMatching(/^4:16: there is no step 'look'/),
    ],
    [
      'a stub for a step that asks nobody',
      script('silence').replace('case: c', 'case: c\n    answers: { ask: { status: 200 } }'),
      "4:16: step 'ask' asks no other system (leave it out)",
    ],
    [
      'a secret',
      script('silence').replace('case: c', 'case: c\n    note: Bearer 9c1185a5c5e9fc54'),
      expect.stringMatching(/^4:11: this looks like a token/),
    ],
    [
      'forwarded to nobody, or to two',
      script('forward: { agent: ana, queue: sales }'),
      '5:18: exactly one of: agent, queue, number',
    ],
    [
      'two cases of one name',
      `${script('silence')}${script('silence')}`,
      "6:11: 'c' is here twice (name it otherwise)",
    ],
    ['no cases', '', expect.stringMatching(/^2:/)],
    [
      'too long a script',
      script(...Array.from({ length: MAX_SCRIPT_ITEMS + 1 }, () => 'silence')),
      `5:7: at most ${MAX_SCRIPT_ITEMS} lines`,
    ],
    [
      'too many cases',
      Array.from({ length: MAX_CASES_PER_FILE + 1 }, () => '  - {}\n').join(''),
      `3:3: at most ${MAX_CASES_PER_FILE} cases`,
    ],
  ])('%s', (_, cases, mistake) => {
    expect(mistakes(cases)[0]).toEqual(mistake);
  });

  test('a flow that is not there is told once, where it is named', () => {
    const cases = `${script('silence')}${script('silence').replace('case: c', 'case: d')}`;
    expect(mistakes(cases, 'version: 1\nflow: mian')).toEqual(["2:7: there is no flow 'mian' (did you mean 'main'?)"]);
  });

  test('another version is refused', () => {
    expect(mistakes(script('silence'), 'version: 2')).toContain(
      '1:10: this version is not known: Hilo reads version 1',
    );
  });
});

describe('what other systems answer', () => {
  const asking = catalogueOf([
    {
      file: 'main.yaml',
      revision: 'r',
      text: `version: 1
name: main
languages: [es, en]
start: who
variables: { debt: 0 }
steps:
  who: { do: customer, next: look, otherwise: look }
  look:
    do: http
    url: 'https://crm.example.com/{{ call.from }}'
    take: { debt: /debt }
    status: { 404: bye }
    next: tell
    failed: look-again
  look-again: { do: goto, next: bye }
  tell: { do: say, say: { es: 'Debe {{ debt }}, {{ customer.name }}', en: Pay }, next: bye }
  bye: { do: hangup, say: { es: Adiós, en: Bye } }
`,
    },
  ]);
  const story = (head: string, ...lines: string[]) => {
    const text = `version: 1\ncases:\n${script(...lines).replace('case: c', `case: c\n${head}`)}`;
    const compiled = compileTests({ file: 'main.test.yaml', text, revision: '' }, { centre, flows: asking.flows });
    if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
    return playSuite(asking, MADRID, [{ file: 'main.test.yaml', cases: compiled.value }]);
  };
  const stepsOf = (result: ReturnType<typeof story>) =>
    result.files[0]?.cases[0]?.trace.flatMap((line) => (line.kind === 'step' ? [`${line.step} ${line.outcome}`] : []));

  test('customer and request by the name of their steps', () => {
    const result = story(
      '    customer: { name: Eva }\n    answers: { look: { body: { debt: 12 } } }',
      'hears: { es: Debe 12, Eva }'.replace('Debe 12, Eva', "'Debe 12, Eva'"),
      'hears: Adiós',
    );
    expect(result.files[0]?.cases[0]?.failure).toBeUndefined();
    expect(stepsOf(result)).toEqual(['who known', 'look 2xx', 'tell said', 'bye served']);
    const look = result.coverage[0]?.steps.find(({ step }) => step === 'look');
    expect(look).toEqual({ step: 'look', taken: ['2xx'], open: ['failed', 'status:404'] });
  });

  test('a stranger, another status, and a system that fails', () => {
    expect(stepsOf(story('    answers: { look: { status: 404 } }', 'hears: Adiós'))?.slice(0, 2)).toEqual([
      'who unknown',
      'look status:404',
    ]);
    const away = story('    answers: { who: { fails: away }, look: { fails: time-out } }', 'hears: Adiós');
    expect(stepsOf(away)?.slice(0, 2)).toEqual(['who failed:away', 'look failed:time-out']);
  });

  test('a request fails only with what requests fail with', () => {
    expect(() => story('    answers: { look: { fails: time-ot } }', 'hears: Adiós')).toThrow(
      "4:22: a request does not fail with 'time-ot' (did you mean 'time-out'?)",
    );
  });

  test('an answer of another kind than is asked for is a mistake', () => {
    expect(() => story('    answers: { look: { reply: { say: Hola } } }', 'hears: Adiós')).toThrow(
      '4:22: this is no answer to http ({ status: 200, body: … } or { fails: … })',
    );
    expect(() => story('    answers: { who: { status: 200 } }', 'hears: Adiós')).toThrow(
      '4:21: this is no answer to customer (customer: { name: … } beside answers or { fails: … })',
    );
  });

  test('what is not written fails, and says what to write', () => {
    const failure = story('    name: Eva', 'hears: Adiós').files[0]?.cases[0]?.failure;
    expect(failure).toMatchObject({
      expected: 'answers: { look: { status: 200, body: … } }',
      instead: ["step 'look' asks: http, and nothing is written for it"],
    });
  });
});

describe('coverage', () => {
  test('names what was not taken', () => {
    const compiled = compile(
      script("presses: '1#'", "presses: '12#'", 'forward: { agent: ana }\n        outcome: connected'),
    );
    if (!compiled.ok) throw new Error('it compiles');
    const { coverage } = playSuite(catalogue, MADRID, [{ file: 'f', cases: compiled.value }]);
    const steps = new Map(coverage[0]?.steps.map(({ step, taken, open }) => [step, { taken, open }]));
    expect(steps.get('ask')).toEqual({
      taken: ['digits', 'wrong-length again'],
      open: ['time-out again', 'otherwise'],
    });
    expect(steps.get('clock')).toEqual({ taken: ['open'], open: ['closed'] });
    expect(steps.get('out')).toEqual({ taken: ['connected'], open: ['failed', 'refused'] });
    expect(steps.get('person')).toEqual({ taken: [], open: ['served', 'not-served'] });
    expect(coverage[0]).toMatchObject({ flow: 'main', taken: 6 });
  });
});

test.each([
  ['Hola', 'Hola', true],
  ['Hola', 'Hola a todos', false],
  ['Hola…', 'Hola a todos', true],
  ['…todos', 'Hola  a todos', true],
  ['Hola … todos', 'Hola a todos', true],
  ['…a…', 'Hola a todos', true],
  ['…xyz…', 'Hola a todos', false],
  ['a…a', 'a', false],
  ['…', 'Hola', true],
])('%j and %j: %s', (pattern, said, fits) => {
  expect(matchesText(pattern, said)).toBe(fits);
});
