// Variables by type, inputs, results and languages that stand in: what they do, and what is told of mistakes in them.
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../../src/core/document/issue.js';
import { inSpanish } from '../../../src/core/document/spanish/spanish.js';
import { answerByRules } from '../../../src/core/ivr/bot/rule-bot.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { titleOfStep } from '../../../src/core/ivr/step-title.js';
import { checkEntries } from '../../../src/core/ivr/variable/entry.js';
import { advance } from '../../../src/core/ivr/walk.js';
import { AROUND, catalogueOf, flowFile, flowOf, MONDAY_MS, start, tell, toldOf } from '../../support/flow-caller.js';

const BYE = '  bye: { do: hangup }\n';

describe('variables by type', () => {
  const head = `variables:
  name: { type: text }
  tries: { type: int, first: 2 }
  share: { type: number, first: 1 }
  vip: { type: bool }`;

  test('begin with nothing, or with what is said', () => {
    const flow = flowOf("  first: { do: hangup, say: '{{ name }}|{{ tries }}|{{ share }}|{{ vip }}' }", head);
    expect(tell(flow, []).transcript[0]).toBe('es: |2|1|false');
  });

  test('are computed with as their type says: a number with a fraction stays one', () => {
    const flow = flowOf(
      `  first: { do: branch, cases: [{ when: 'share * 0.5 < 1.0 && tries + 1 == 3', next: bye }], otherwise: no }
  no: { do: hangup, say: No. }
${BYE}`,
      head,
    );
    expect(tell(flow, []).transcript).toEqual(['end: served (flow-finished)']);
  });

  test.each([
    ['{ type: int, first: 1.5 }', 'test.yaml:5:37: this is no int (type and value have to go together)'],
    ['{ type: whole }', 'test.yaml:5:17: this has to be the first value'],
    ['{ type: secret, first: x }', "test.yaml:5:33: 'first' is not known here"],
    ['[1]', 'test.yaml:5:17: this has to be the first value'],
  ])('%s is a mistake', (declared, issue) => {
    const [first = ''] = toldOf(flowFile('test', `variables: { a: ${declared} }`, BYE.replace('bye', 'first')));
    expect(first.slice(0, issue.length)).toBe(issue);
  });
});

describe('inputs and results', () => {
  const sub = flowFile(
    'sub',
    `inputs: { order: { type: text }, share: { type: number, default: 0.5 }, vip: false }
results: [found]
variables: { found: 0, mine: 0 }`,
    `  first: { do: set, values: { found: { cel: size(order) } }, next: back }
  back: { do: return }
`,
  );
  const caller = (give: string, take: string) =>
    flowFile(
      'test',
      "variables: { n: 0, order: '12345' }",
      `  first: { do: flow, flow: sub, give: { ${give} }, take: { ${take} }, next: bye }
  bye: { do: hangup, say: '{{ n }}' }
`,
    );

  test('what is given goes in, what is a result comes out', () => {
    const catalogue = catalogueOf([sub, caller('order: { cel: order }', 'n: found')]);
    expect(tell(catalogue, []).transcript[0]).toBe('es: 5');
  });

  test.each([
    ['', 'n: found', "test.yaml:7:28: 'sub' has to be given 'order' (add give: { order: … })"],
    ["order: '', mine: 1", 'n: found', "'mine' is no input of 'sub' (known: order, share, vip)"],
    ["order: '', shar: 1", 'n: found', "'sub' has no variable 'shar' (did you mean 'share'?)"],
    ['order: 7', 'n: found', "'order' of 'sub' holds a text, not a whole number (declare both alike)"],
    ["order: ''", 'n: mine', "'mine' is no result of 'sub' (known: found)"],
  ])('give { %s }, take { %s } is a mistake', (give, take, issue) => {
    expect(toldOf(sub, caller(give, take)).join('\n')).toContain(issue);
  });

  test('a whole number goes where a number is wanted', () => {
    expect(toldOf(sub, caller("order: '', share: 1", 'n: found'))).toEqual([]);
  });

  test.each([
    ['inputs: { a: 1 }\nvariables: { a: 1 }', "'a' is also under variables"],
    ['results: [a]', "there is no variable 'a'"],
    ['inputs: { a: { type: secret, default: x } }', "'default' is not known here"],
  ])('%s is a mistake', (head, issue) => {
    expect(toldOf(flowFile('test', head, BYE.replace('bye', 'first'))).join('\n')).toContain(issue);
  });

  test('a number gives its flow what it needs, checked with the flows', () => {
    const compiled = compileFlows([sub], AROUND);
    if (!compiled.ok) throw new Error('the flow is good');
    const text =
      "numbers:\n  1000: { to: { flow: sub } }\n  1001: { to: { flow: sub, give: { order: 'x', vip: 1 } } }\n";
    const numbers = [
      { number: '1000', entry: { kind: 'flow', flow: 'sub' } },
      { number: '1001', entry: { kind: 'flow', flow: 'sub', give: { order: 'x', vip: 1 } } },
      { number: '1002', entry: { kind: 'queue' } },
    ];
    expect(checkEntries({ file: 'centre.yaml', text, revision: '' }, numbers, compiled.value).map(formatIssue)).toEqual(
      [
        "centre.yaml:2:23: 'sub' has to be given 'order' (add give: { order: … })",
        "centre.yaml:3:53: 'vip' of 'sub' holds true or false, not a whole number (declare both alike)",
      ],
    );
    const story = tell(catalogueOf([sub]), [], { flow: 'sub', give: { order: 'abc' } });
    expect(story.last.session.frames[0]?.variables).toMatchObject({ order: 'abc', found: 3, vip: false });
  });
});

describe('languages that stand in', () => {
  const text = (fallBack: string, say: string) => ({
    file: 'test.yaml',
    text: `version: 1\nname: test\nlanguages: [es, en, ca]\n${fallBack}\nstart: first\nsteps:\n  first: { do: hangup, say: ${say} }\n`,
    revision: '',
  });
  const ca = (say: string) => {
    const catalogue = catalogueOf([text('fall-back: { ca: es }', say)]);
    return tell(catalogue, [], { languages: ['ca'] }).transcript[0];
  };

  test('a text that is missing is said in the other language, by its voice', () => {
    expect(ca('{ es: Hola., en: Hello. }')).toBe('es: Hola.');
    expect(ca('{ es: Hola., en: Hello., ca: Bon dia. }')).toBe('ca: Bon dia.');
  });

  test('a recording is looked for in the language of the caller first', () => {
    const catalogue = catalogueOf([text('fall-back: { ca: [en, es] }', '{ recorded: hola, es: Hola., en: Hello. }')]);
    expect(tell(catalogue, [], { languages: ['ca'] }).last.ask).toMatchObject({
      prompts: [{ name: 'hola', language: 'ca', fallbackText: 'Hello.', fallbackLanguage: 'en' }],
    });
  });

  test('a message that stands in is sent in its own language', () => {
    const steps = `  first: { do: message, text: { es: Hola., en: Hello. }, next: bye }\n${BYE}`;
    const head = 'version: 1\nname: test\nlanguages: [es, en, ca]\nfall-back: { ca: en }\nstart: first\nsteps:\n';
    const catalogue = catalogueOf([{ file: 'test.yaml', text: head + steps, revision: '' }]);
    expect(start(catalogue, { languages: ['ca'] }).ask).toMatchObject({
      kind: 'message',
      text: 'Hello.',
      language: 'en',
    });
  });

  describe('for a bot of rules', () => {
    const robot = (words: string, languages = 'es, en, ca') => ({
      file: 'test.yaml',
      text: `version: 1
name: test
languages: [${languages}]
fall-back: { ca: es }
start: first
person: { none: a bot is all there is }
steps:
  first:
    do: bot
    rules:
      greeting: { es: Hola, en: Hello, ca: Bon dia }
      answers: [{ words: ${words}, say: { es: Vence el 5, en: Due }, done: true }]
      otherwise: { es: No le entiendo, en: Sorry }
    next: bye
    failed: bye
${BYE}`,
      revision: '',
    });

    test('its words are understood, its answers are said by its voice', () => {
      const catalogue = catalogueOf([robot('{ es: [factura], en: [bill] }')]);
      const greeted = start(catalogue, { languages: ['ca'] });
      if (greeted.ask.kind !== 'bot' || greeted.ask.bot.via !== 'rules') throw new Error('the bot is asked');
      expect(greeted.ask.bot.rules.greeting).toEqual({ say: 'Bon dia' });
      const reply = answerByRules(greeted.ask.bot.rules, { event: 'text', text: 'una factura' });
      expect(reply).toMatchObject({ say: 'Vence el 5', language: 'es' });
      const said = advance(catalogue, greeted.session, { kind: 'bot', outcome: 'answered', reply }, MONDAY_MS);
      expect(said.ask).toMatchObject({ prompts: [{ text: 'Vence el 5', language: 'es' }] });
      const strange = { ...reply, language: 'de' };
      const inCatalan = advance(
        catalogue,
        greeted.session,
        { kind: 'bot', outcome: 'answered', reply: strange },
        MONDAY_MS,
      );
      expect(inCatalan.ask).toMatchObject({ prompts: [{ language: 'ca' }] });
    });

    test('an answer that nobody can get in a language is told', () => {
      const issues = toldOf(robot('{ es: [factura] }'));
      expect(issues.join('\n')).toContain("nobody gets this answer in 'en' (add words of that language, or keys)");
    });
  });

  test('it is told as a warning, and as an error where nothing stands in', () => {
    expect(toldOf(text('fall-back: { ca: es }', '{ es: Hola., en: Hello. }'))).toEqual([
      "test.yaml:4:14: warning: a text is missing in 'ca' and said in 'es': line 7 (add ca: …)",
    ]);
    expect(toldOf(text('', '{ es: Hola., en: Hello. }')).join()).toContain("the text in 'ca' is missing (add ca: …)");
    expect(toldOf(text('fall-back: { ca: es }', '{ es: Hola. }')).join()).toContain("the text in 'en' is missing");
  });

  test.each([
    ['fall-back: { gl: es }', "this flow does not speak 'gl'"],
    ['fall-back: { ca: [ca] }', "'ca' stands in for itself"],
    ['fall-back: { ca: es, es: en, en: ca }', 'every text might be missing'],
  ])('%s is a mistake', (fallBack, issue) => {
    expect(toldOf(text(fallBack, '{ es: a, en: b, ca: c }')).join('\n')).toContain(issue);
  });
});

describe('texts for some callers', () => {
  const flow = flowOf(
    `  first:
    do: hangup
    say:
      - { when: vip, es: 'Cliente preferente.' }
      - { when: 'tries > 1', recorded: again, es: Otra vez. }
      - Hola.
`,
    'variables: { vip: false, tries: 2 }',
  );

  test('are said when their condition is true', () => {
    expect(tell(flow, []).transcript.slice(0, -1)).toEqual(['es: [again] Otra vez.', 'es: Hola.']);
  });

  test('a condition that is none is a mistake at its place', () => {
    const issues = toldOf(flowFile('test', '', '  first: { do: hangup, say: [{ when: vop, es: Hola. }] }\n'));
    expect(issues).toEqual(["test.yaml:7:38: 'vop' is not a known variable (known: call, now, language, customer)"]);
  });
});

describe('the title of a step', () => {
  const titled = (title: string) =>
    flowFile('test', '', `  first: { do: say, title: ${title}, say: Hola., next: bye }\n${BYE}`);
  const titledOf = (steps: string) => {
    const { flows } = flowOf(steps);
    return (place: string, language: string) => titleOfStep((name) => flows.get(name), place, language);
  };
  const read = (title: string, language: string) =>
    titledOf(`  first: { do: say, title: ${title}, say: Hola., next: bye }\n${BYE}`)('test/first', language);

  test.each([
    ['Saludo', 'es', 'Saludo'],
    ['Saludo', 'en', 'Saludo'],
    ['{ es: Saludo, en: Greeting }', 'en', 'Greeting'],
    ['{ es: Saludo, en: Greeting }', 'en-GB', 'Greeting'],
    ['{ es: Saludo }', 'en', 'Saludo'],
    ['{ pt-BR: Saudação }', 'pt-BR', 'Saudação'],
    ['{}', 'es', undefined],
    ['" Saludo "', 'es', 'Saludo'],
  ])('%s, read in %s, is %s', (title, language, shown) => {
    expect(read(title, language)).toBe(shown);
  });

  test('is of a step that is there, and changes nothing of what is recorded', () => {
    const steps = `  first: { do: say, title: Saludo, as: greeting, say: Hola., next: bye }\n${BYE}`;
    const titleOf = titledOf(steps);
    expect(['test/first', 'test/bye', 'gone/first'].map((place) => titleOf(place, 'es'))).toEqual([
      'Saludo',
      undefined,
      undefined,
    ]);
    expect(tell(flowOf(steps), []).trace[1]).toEqual({
      kind: 'step',
      flow: 'test',
      step: 'first',
      outcome: 'said',
      name: 'greeting',
    });
  });

  test.each([
    [`'${'x'.repeat(81)}'`, 'this is too much', 'at most 80'],
    ["' '", 'this is too little', 'at least 1'],
    [`{ es: '${'x'.repeat(81)}' }`, 'this is too much', 'at most 80'],
    ['{ spanish: Saludo }', "a language is written as 'es', 'en' or 'pt-BR'", ''],
    ['[Saludo]', 'this has to be a text', ''],
    [
      `{ ${Array.from({ length: 21 }, (_, at) => `a${String.fromCharCode(97 + at)}: x`).join(', ')} }`,
      'at most 20 languages',
      '',
    ],
  ])('%s is a mistake', (title, message, advice) => {
    const compiled = compileFlows([titled(title)], AROUND);
    const issues = compiled.ok ? [] : compiled.issues;
    expect(issues[0]).toMatchObject({ line: 7, message, advice });
    expect(inSpanish(message)).toBeDefined();
  });
});

test('a step is called in reports as it says', () => {
  const flow = flowOf(`  first: { do: say, as: greeting, say: Hola., next: bye }\n${BYE}`);
  expect(tell(flow, []).trace.slice(1)).toEqual([
    { kind: 'step', flow: 'test', step: 'first', outcome: 'said', name: 'greeting' },
    { kind: 'step', flow: 'test', step: 'bye', outcome: 'served' },
  ]);
});
