// Steps that ask several things: digits that are confirmed, surveys, call-backs; and opening hours with holidays.
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../../src/core/document/issue.js';
import { DEFAULT_RUN_LIMITS } from '../../../src/core/document/run-limits.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { AROUND, catalogueOf, flowOf, tell } from '../../support/flow-caller.js';

const BYE = '  bye: { do: hangup }\n';

function outcomes(story: ReturnType<typeof tell>): string[] {
  return story.trace.flatMap((line) => (line.kind === 'step' && line.step === 'first' ? [line.outcome] : []));
}

describe('a gather that is confirmed', () => {
  const flow = flowOf(
    `
  first:
    do: gather
    say: Su código.
    confirm: 'Ha marcado {{ typed | spell }}.'
    into: code
    min: 3
    max: 5
    tries: 2
    next: told
    otherwise: bye
  told: { do: hangup, say: 'Código {{ code }}.' }
${BYE}`,
    "variables: { code: '' }",
  );

  test('reads back what was typed and takes it with 1', () => {
    const story = tell(flow, ['071', '1']);
    expect(story.transcript).toEqual([
      'es: Su código.',
      '< 071',
      'es: Ha marcado 0, 7, 1.',
      '< 1',
      'es: Código 071.',
      'end: served (flow-finished)',
    ]);
    expect(outcomes(story)).toEqual(['digits:3', 'confirmed']);
    expect(JSON.stringify(story.trace)).not.toContain('071');
  });

  test('asks again with 2, as often as it asks at all', () => {
    const again = tell(flow, ['071', '2', '072', '1']);
    expect(again.transcript.at(-2)).toBe('es: Código 072.');
    const enough = tell(flow, ['071', '2', '072', '2']);
    expect(outcomes(enough)).toEqual(['digits:3', 'not-confirmed', 'digits:3', 'not-confirmed']);
    expect(enough.transcript.at(-1)).toBe('end: served (flow-finished)');
  });

  test('silence and other keys are asked again, and then given up', () => {
    expect(outcomes(tell(flow, ['071', 'silence', '7']))).toEqual(['digits:3', 'time-out', 'wrong-key']);
    expect(outcomes(tell(flow, ['071', '7', '1']))).toEqual(['digits:3', 'wrong-key', 'confirmed']);
  });

  test('each question has tries of its own', () => {
    expect(tell(flow, ['1', '071', '9', '1']).transcript.at(-2)).toBe('es: Código 071.');
  });
});

describe('a survey', () => {
  const flow = (survey: string, more = '') =>
    flowOf(
      `  first: { do: survey, survey: ${survey}, say: ¿Qué tal?, next: bye, otherwise: no${more} }
  no: { do: hangup, result: refused }
${BYE}`,
      'variables: { score: 5 }',
    );

  test.each([
    ['csat', '5', 5],
    ['csat', '1', 1],
    ['nps', '0', 0],
    ['nps', '10', 10],
    ['fcr', '1', 1],
    ['fcr', '2', 0],
  ])('%s: %s is an answer, told as a fact of its own', (survey, key, score) => {
    const story = tell(flow(survey), [key]);
    expect(story.trace.slice(1)).toEqual([
      { kind: 'step', flow: 'test', step: 'first', outcome: 'answered' },
      { kind: 'survey-answered', name: 'first', survey, score },
      { kind: 'step', flow: 'test', step: 'bye', outcome: 'served' },
    ]);
  });

  test.each([
    ['csat', '0'],
    ['csat', '6'],
    ['nps', '11'],
    ['fcr', '3'],
    ['csat', 'silence'],
  ])('%s: %s is none, and is asked once more', (survey, key) => {
    const story = tell(flow(survey), [key, key]);
    expect(story.transcript.filter((line) => line === 'es: ¿Qué tal?')).toHaveLength(2);
    expect(story.transcript.at(-1)).toBe('end: refused (flow-finished)');
    expect(story.trace.some(({ kind }) => kind === 'survey-answered')).toBe(false);
  });

  test('its answer can decide, and has a name for reports', () => {
    const story = tell(flow('fcr', ', into: score, as: solved'), ['2']);
    expect(story.trace).toContainEqual({ kind: 'survey-answered', name: 'solved', survey: 'fcr', score: 0 });
    expect(story.last.session.frames[0]?.variables['score']).toBe(0);
  });
});

describe('a call-back', () => {
  const STEP = `
  first:
    do: callback
    queue: support
    say: Ofrecemos.
    times: { 1: soon, 2: time, 3: tomorrow, 9: 'no' }
    ask-time: ¿Hora?
    confirm-number: "Al {{ callback.number | phone: 'ES' }}?"
    ask-number: ¿Número?
    wrong-key: No vale.
    promised: '{% if callback.soon %}Pronto{% else %}El {{ callback.date | date }} a {{ callback.time | time }}{% endif %}.'
    tries: 2
    otherwise: no
    next: bye
  no: { do: hangup, result: refused }
${BYE}`;
  const flow = flowOf(STEP);
  const NUMBER = 'es: Al seis cero cero, uno dos, tres uno, dos tres?';

  test('as soon as somebody is free, at the number of the call', () => {
    const story = tell(flow, ['1', '1', 'promised']);
    expect(story.transcript).toEqual([
      'es: Ofrecemos.',
      '< 1',
      NUMBER,
      '< 1',
      'call back +34600123123 for support: soon',
      '< promised',
      'es: Pronto.',
      'end: served (flow-finished)',
    ]);
    expect(outcomes(story)).toEqual(['chosen:soon', 'number-confirmed', 'promised', 'told']);
  });

  test.each([
    ['1730', 'at 2026-01-05 17:30', 'a time that is still to come is today'],
    ['0900', 'at 2026-01-06 09:00', 'one that has passed is tomorrow'],
    ['0930', 'at 2026-01-06 09:30', 'now has passed'],
  ])('at %s: %s (%s)', (typed, wish) => {
    const story = tell(flow, ['2', typed, '1']);
    expect(story.transcript.at(-1)).toBe(`call back +34600123123 for support: ${wish}`);
  });

  test('tomorrow at this hour, across the end of a month', () => {
    const nowMs = Date.parse('2026-01-31T10:15:00Z');
    expect(tell(flow, ['3', '1'], { nowMs }).transcript.at(-1)).toContain('at 2026-02-01 11:15');
  });

  test('says when it will be, which may be later than was wished for', () => {
    const story = tell(flow, ['2', '1730', '1', 'promised 2026-01-07 09:00']);
    expect(story.transcript.at(-2)).toBe('es: El miércoles, siete de enero a las nueve de la mañana.');
  });

  test('as soon as somebody is free is not said when that is another day', () => {
    const story = tell(flow, ['1', '1', 'promised 2026-01-07 09:00']);
    expect(story.transcript.at(-2)).toContain('El miércoles');
  });

  test('at another number, read back before it is taken', () => {
    const story = tell(flow, ['1', '2', '911234567', '2', '911234568', '1']);
    expect(story.transcript.slice(-3)).toEqual([
      'es: Al nueve uno uno, dos tres, cuatro cinco, seis ocho?',
      '< 1',
      'call back 911234568 for support: soon',
    ]);
    expect(JSON.stringify(story.trace)).not.toContain('9112345');
  });

  test('a caller without a number is asked for one', () => {
    const call = { from: '', name: '', to: '1000', reference: 'H-1' };
    expect(tell(flow, ['1'], { call }).transcript.at(-1)).toBe('es: ¿Número?');
  });

  test('that cannot be promised is not told as one', () => {
    const story = tell(flow, ['1', '1', 'refused']);
    expect(story.transcript.slice(-1)).toEqual(['end: refused (flow-finished)']);
    expect(outcomes(story).at(-1)).toBe('refused:as-told');
  });

  test.each([
    [['9'], 'declined'],
    [['7', '7'], 'wrong-answer'],
    [['silence', 'silence'], 'time-out'],
    [['2', '2560', '9999'], 'wrong-answer'],
    [['1', 'silence', '3'], 'wrong-answer'],
    [['1', '2', '12', '1'], 'wrong-answer'],
  ])('%j: not wanted, or not understood', (keys, outcome) => {
    const story = tell(flow, keys);
    expect(outcomes(story).at(-1)).toBe(outcome);
    expect(story.transcript.at(-1)).toBe('end: refused (flow-finished)');
  });

  test('without a next step the call ends with the promise', () => {
    const last = flowOf(STEP.replace('    next: bye\n', '').replace(BYE, ''));
    expect(tell(last, ['1', '1', 'promised']).transcript.slice(-2)).toEqual([
      'es: Pronto.',
      'end: callback-promised (callback-promised)',
    ]);
  });

  test('who changes the number for ever comes to the limit of steps', () => {
    const deeds = Array.from({ length: DEFAULT_RUN_LIMITS.steps + 2 }, (_, index) =>
      index % 2 === 0 ? '2' : '911234567',
    );
    expect(outcomes(tell(flow, ['1', ...deeds])).at(-1)).toBe('too-many-steps');
  });

  test('mistakes are told', () => {
    const compile = (from: string, to: string) => {
      const text = `version: 1\nname: test\nlanguages: [es]\nstart: first\nsteps:${STEP.replace(from, to)}`;
      const compiled = compileFlows([{ file: 'test.yaml', text, revision: '' }], AROUND);
      return compiled.ok ? [] : compiled.issues.map(formatIssue);
    };
    expect(compile('    ask-time: ¿Hora?\n', '')).toEqual([
      'test.yaml:10:12: nothing asks for the time (add ask-time: …)',
    ]);
    expect(compile('queue: support', 'queue: suport').join()).toContain("the centre has no queue 'suport'");
    expect(compile('1: soon', '11: soon').join()).toContain('a key of the telephone');
    expect(compile('¿Hora?', '"{{ callback.date }}"').join()).toContain("'callback.date' is not known in texts");
  });
});

describe('opening hours', () => {
  const steps = (holiday: string) => `
  first: { do: hours, hours: office, open: one, closed: two${holiday} }
  one: { do: hangup, say: Abierto. }
  two: { do: hangup, say: Cerrado. }
  three: { do: hangup, say: Fiesta. }
`;
  const at = (text: string, open: boolean, off: boolean) => {
    const source = `version: 1\nname: test\nlanguages: [es]\nstart: first\nsteps:${text}`;
    const files = [{ file: 'test.yaml', text: source, revision: '' }];
    const story = tell(
      catalogueOf(
        files,
        AROUND,
        () => open,
        () => off,
      ),
      [],
    );
    return [story.transcript[0], outcomes(story)[0]];
  };

  test('a holiday has a way of its own, or goes where closed goes', () => {
    const own = steps(', holiday: three');
    expect(at(own, false, true)).toEqual(['es: Fiesta.', 'holiday']);
    expect(at(own, false, false)).toEqual(['es: Cerrado.', 'closed']);
    expect(at(own, true, true)).toEqual(['es: Abierto.', 'open']);
    const none = steps('').replace(/ {2}three.*\n/, '');
    expect(at(none, false, true)).toEqual(['es: Cerrado.', 'holiday']);
  });
});
