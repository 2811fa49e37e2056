import { describe, expect, test } from 'vitest';
import { MAX_FLOW_DEPTH } from '../../../src/core/ivr/limits.js';
import { AssertionFailed } from '../../../src/lib/assert.js';
import { catalogueOf, flowOf, MONDAY_MS, next, start, tell } from '../../support/flow-caller.js';

const BYE = '  bye: { do: hangup }\n';

describe('a menu', () => {
  const menu = flowOf(`
  first:
    do: menu
    say: Pulse 1 o asterisco.
    wrong-key: No existe.
    no-key: No le oigo.
    keys: { 1: one, '*': star }
    tries: 3
    otherwise: bye
  one: { do: queue, queue: support }
  star: { do: queue, queue: sales }
${BYE}`);

  test('goes where the key points', () => {
    expect(tell(menu, ['*']).transcript).toEqual(['es: Pulse 1 o asterisco.', '< *', 'queue sales']);
  });

  test('asks again with the reason, as often as it says, and then goes on', () => {
    expect(tell(menu, ['7', 'silence', '#']).transcript).toEqual([
      'es: Pulse 1 o asterisco.',
      '< 7',
      'es: No existe.',
      'es: Pulse 1 o asterisco.',
      '< silence',
      'es: No le oigo.',
      'es: Pulse 1 o asterisco.',
      '< #',
      'end: served (flow-finished)',
    ]);
  });

  test('names its keys in the trace', () => {
    expect(tell(menu, ['7', '1']).trace).toEqual([
      { kind: 'flow-entered', flow: 'test', revision: 'r1', language: 'es' },
      { kind: 'step', flow: 'test', step: 'first', outcome: 'wrong-key:7' },
      { kind: 'step', flow: 'test', step: 'first', outcome: 'key:1' },
    ]);
  });

  test('is asked anew, with all its tries, when the caller comes back', () => {
    const back = flowOf(`
  first: { do: menu, say: Menú., keys: { 1: aside }, tries: 2, otherwise: bye }
  aside: { do: say, say: Aparte., next: first }
${BYE}`);
    const { transcript } = tell(back, ['9', '1', '9', '1', 'silence']);
    expect(transcript.at(-1)).toBe('es: Menú.');
  });
});

describe('a gather', () => {
  const gather = flowOf(
    `
  first:
    do: gather
    say: Su código.
    try-again: Otra vez.
    into: code
    min: 3
    max: 5
    tries: 2
    next: repeat
    otherwise: bye
  repeat: { do: say, say: 'Ha marcado {{ code | spell }}.', next: bye }
${BYE}`,
    "variables: { code: '' }",
  );

  test('keeps the digits with their zeros and can say them one by one', () => {
    expect(tell(gather, ['0071']).transcript).toContain('es: Ha marcado 0, 0, 7, 1.');
  });

  test('traces how many digits, never which', () => {
    const { trace } = tell(gather, ['98', '98765']);
    expect(trace.map((line) => (line.kind === 'step' ? line.outcome : line.kind))).toEqual([
      'flow-entered',
      'wrong-length:2',
      'digits:5',
      'said',
      'served',
    ]);
    expect(JSON.stringify(trace)).not.toContain('98');
  });

  test('takes enough digits without a terminator', () => {
    const { session } = start(gather);
    const after = next(gather, session, { kind: 'time-out', digits: '123' });
    expect(after.ask).toMatchObject({ prompts: [{ text: 'Ha marcado 1, 2, 3.' }] });
  });

  test('gives up after its tries', () => {
    expect(tell(gather, ['1', 'silence']).transcript.slice(1)).toEqual([
      '< 1',
      'es: Otra vez.',
      'es: Su código.',
      '< silence',
      'end: served (flow-finished)',
    ]);
  });
});

describe('conditions and variables', () => {
  const branch = (when: string, head = '') =>
    tell(
      flowOf(
        `
  first: { do: branch, cases: [{ when: ${JSON.stringify(when)}, next: yes }], otherwise: no }
  yes: { do: hangup, say: Sí. }
  no: { do: hangup, say: No. }
`,
        head,
      ),
      [],
    ).transcript[0];

  test.each([
    ['call.from.startsWith("+34") && call.name == "Eva"', 'es: Sí.'],
    ['call.from == ""', 'es: No.'],
    ['now.weekday == 1 && now.hour == 9', 'es: Sí.'],
    ['now.date == "2026-01-05" && now.time == "09:30"', 'es: Sí.'],
    ['tries + 1 == 3', 'es: Sí.'],
    ['share * 2.0 > 1.0', 'es: No.'],
    ['vip', 'es: Sí.'],
    ['language in ["es", "ca"]', 'es: Sí.'],
    // Not computable: not true, and no harm done.
    ['int(code) > 0', 'es: No.'],
    ['1 / (tries - 2) == 0', 'es: No.'],
  ])('%s → %s', (when, answer) => {
    expect(branch(when, "variables: { tries: 2, share: 0.5, vip: true, code: '' }")).toBe(answer);
  });

  test('set computes from what is there and leaves what it cannot compute', () => {
    const catalogue = flowOf(
      `
  first:
    do: set
    values: { tries: { cel: tries + 1 }, code: { cel: 'string(tries)' }, number: { cel: int(word) }, word: hola }
    next: told
  told: { do: hangup, say: '{{ tries }} {{ code }} {{ number }} {{ word }}' }
`,
      "variables: { tries: 2, code: '', number: 7, word: x }",
    );
    const story = tell(catalogue, []);
    expect(story.transcript[0]).toBe('es: 3 2 7 hola');
    expect(story.trace[1]).toMatchObject({ step: 'first', outcome: 'not-computed:number' });
  });

  test('a variable cannot grow without end', () => {
    const catalogue = flowOf(
      `
  first: { do: menu, say: '{{ text | size }}', keys: { 1: double }, otherwise: bye }
  double: { do: set, values: { text: { cel: text + text } }, next: first }
${BYE}`,
      'variables: { text: 12345678 }'.replace('12345678', "'12345678'"),
    );
    const { transcript } = tell(
      catalogue,
      Array.from({ length: 12 }, () => '1'),
    );
    expect(transcript.at(-1)).toBe('es: 256');
  });
});

describe('texts', () => {
  test("hold what the network said, without its line breaks, and nothing of JavaScript's", () => {
    const catalogue = flowOf("  first: { do: hangup, say: 'Hola {{ call.name }}.' }");
    const call = { from: '', name: 'Eva\r\nX-Evil: 1\u0000{{ call.from }}', to: '1000', reference: 'H-1' };
    expect(tell(catalogue, [], { call }).transcript[0]).toBe('es: Hola Eva X-Evil: 1 {{ call.from }}.');
  });

  test('recordings carry the text that stands in for them; empty texts are not played', () => {
    const catalogue = flowOf(
      `
  first: { do: play, play: welcome, instead: { es: 'Hola {{ call.name }}.' }, next: empty }
  empty: { do: say, say: ['{{ nothing }}', { recorded: tune }], next: bye }
${BYE}`,
      "variables: { nothing: '' }",
    );
    expect(tell(catalogue, []).transcript).toEqual([
      'es: [welcome] Hola Eva.',
      'es: [tune]',
      'end: served (flow-finished)',
    ]);
  });
});

describe('what leaves the flow', () => {
  test('a queue decides for itself unless the flow does', () => {
    const catalogue = flowOf(`
  first: { do: queue, queue: sales, priority: 2, otherwise: second, next: bye }
  second: { do: queue, queue: support }
${BYE}`);
    const first = start(catalogue);
    expect(first.ask).toEqual({ kind: 'queue', queue: 'sales', priority: 2, overflow: 'flow' });
    const story = tell(catalogue, ['not-served', 'not-served']);
    expect(story.transcript.slice(2)).toEqual(['queue support', '< not-served', 'end: refused (as-told)']);
    expect(start(flowOf('  first: { do: queue, queue: support }')).ask).toEqual({
      kind: 'queue',
      queue: 'support',
      overflow: 'queue',
    });
  });

  test.each([
    ['connected', 'end: forwarded (as-told)'],
    ['failed', 'end: failed (as-told)'],
    ['refused', 'end: refused (as-told)'],
  ])('a forward that is %s', (outcome, end) => {
    const catalogue = flowOf('  first: { do: forward, to: { number: +34911234567 }, ring: 30s }');
    expect(start(catalogue).ask).toMatchObject({ to: { kind: 'number', number: '+34911234567' }, ringMs: 30_000 });
    expect(tell(catalogue, [outcome]).transcript.at(-1)).toBe(end);
  });

  test.each([
    ['left', 'end: voicemail (voicemail-left)'],
    ['empty', 'end: abandoned (voicemail-empty)'],
    ['failed', 'end: failed (voicemail-failed)'],
  ])('a voicemail that is %s', (outcome, end) => {
    const catalogue = flowOf('  first: { do: voicemail, say: Hable., queue: sales, at-most: 1m }');
    expect(start(catalogue).ask).toMatchObject({ queue: 'sales', maxMs: 60_000, terminators: '#' });
    expect(tell(catalogue, [outcome]).transcript.at(-1)).toBe(end);
  });

  test.each([
    ['queued', 'end: message-sent (as-told)'],
    ['declined', 'end: refused (as-told)'],
  ])('a message that is %s', (outcome, end) => {
    const catalogue = flowOf(
      "  first: { do: message, text: { es: 'Hola {{ call.name }}.' }, purpose: callback-offer, queue: sales }",
    );
    expect(start(catalogue).ask).toMatchObject({ text: 'Hola Eva.', purpose: 'callback-offer', queue: 'sales' });
    expect(tell(catalogue, [outcome]).transcript.at(-1)).toBe(end);
  });

  test('a canned text of the centre', () => {
    expect(start(flowOf('  first: { do: message, canned: missed-call }')).ask).toMatchObject({ text: 'Hola' });
  });
});

describe('the opening hours', () => {
  const steps = `version: 1
name: test
languages: [es]
start: first
steps:
  first: { do: hours, hours: office, open: open, closed: closed }
  open: { do: hangup, say: Abierto. }
  closed: { do: hangup, say: Cerrado. }
`;
  test('are asked for the moment of the step', () => {
    const asked: unknown[] = [];
    const catalogue = catalogueOf([{ file: 'test.yaml', text: steps, revision: '' }], undefined, (hours, atMs) => {
      asked.push([hours, atMs]);
      return false;
    });
    expect(tell(catalogue, []).transcript[0]).toBe('es: Cerrado.');
    expect(asked).toEqual([['office', MONDAY_MS]]);
  });
});

describe('sub-flows', () => {
  const main = `version: 1
name: test
languages: [es]
start: ask
variables: { account: '', tries: 2 }
steps:
  ask: { do: flow, flow: ask-number, give: { tries: { cel: tries - 1 } }, take: { account: number }, next: told }
  told: { do: hangup, say: 'Cliente {{ account }}, {{ tries }}.' }
`;
  const sub = `version: 1
name: ask-number
languages: [es]
start: ask
variables: { number: '0', tries: 9 }
steps:
  ask: { do: gather, say: 'Quedan {{ tries }}.', into: number, max: 9, next: done, otherwise: done }
  done: { do: return }
`;
  const catalogue = catalogueOf([
    { file: 'test.yaml', text: main, revision: 'r1' },
    { file: 'ask-number.yaml', text: sub, revision: 'r2' },
  ]);

  test('are given values, give some back, and keep the rest to themselves', () => {
    const story = tell(catalogue, ['4711']);
    expect(story.transcript).toEqual([
      'es: Quedan 1.',
      '< 4711',
      'es: Cliente 4711, 2.',
      'end: served (flow-finished)',
    ]);
    expect(story.trace).toEqual([
      { kind: 'flow-entered', flow: 'test', revision: 'r1', language: 'es' },
      { kind: 'step', flow: 'test', step: 'ask', outcome: 'flow:ask-number' },
      { kind: 'flow-entered', flow: 'ask-number', revision: 'r2', language: 'es' },
      { kind: 'step', flow: 'ask-number', step: 'ask', outcome: 'digits:4' },
      { kind: 'step', flow: 'ask-number', step: 'done', outcome: 'return' },
      { kind: 'step', flow: 'test', step: 'ask', outcome: 'returned' },
      { kind: 'step', flow: 'test', step: 'told', outcome: 'served' },
    ]);
  });

  test('return at the top ends the call', () => {
    expect(tell(catalogue, ['1'], { flow: 'ask-number' }).transcript.at(-1)).toBe('end: served (flow-finished)');
  });

  test('cannot be nested without end', () => {
    const files = Array.from({ length: MAX_FLOW_DEPTH + 1 }, (_, level) => ({
      file: `level-${level}.yaml`,
      revision: '',
      text: `version: 1
name: level-${level}
languages: [es]
start: down
${level === 0 ? 'fallback: person\n' : ''}steps:
  down: { do: ${level === MAX_FLOW_DEPTH ? 'hangup' : `flow, flow: level-${level + 1}, next: down-again`} }
${level === MAX_FLOW_DEPTH ? '' : '  down-again: { do: return }\n'}${level === 0 ? '  person: { do: queue, queue: support }\n' : ''}`,
    }));
    const story = tell(catalogueOf(files), ['served'], { flow: 'level-0' });
    expect(story.transcript[0]).toBe('queue support');
    expect(story.trace).toContainEqual({
      kind: 'step',
      flow: `level-${MAX_FLOW_DEPTH - 1}`,
      step: 'down',
      outcome: 'flows-too-deep',
    });
  });
});

describe('mistakes of the program throw', () => {
  const catalogue = flowOf(`  first: { do: menu, say: Menú., keys: { 1: bye }, otherwise: bye }\n${BYE}`);

  test('an answer that the ask cannot have', () => {
    const { session } = start(catalogue);
    expect(() => next(catalogue, session, { kind: 'played' })).toThrow(AssertionFailed);
  });

  test('an answer after the end', () => {
    const { last } = tell(catalogue, ['1']);
    expect(() => next(catalogue, last.session, { kind: 'played' })).toThrow('the session has ended');
  });

  test('a flow that is not there', () => {
    expect(() => start(catalogue, { flow: 'other' })).toThrow("there is no flow 'other'");
  });
});

test('the caller hears the first language of theirs that the flow has', () => {
  const text = `version: 1
name: test
languages: [es, en]
start: first
steps:
  first: { do: hangup, say: { es: Hola., en: Hello. } }
`;
  const catalogue = catalogueOf([{ file: 'test.yaml', text, revision: '' }]);
  const first = (languages: string[]) => tell(catalogue, [], { languages }).transcript[0];
  expect([first([]), first(['de', 'en', 'es']), first(['de'])]).toEqual(['es: Hola.', 'en: Hello.', 'es: Hola.']);
});
