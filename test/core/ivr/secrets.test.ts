// What is typed in secret: where it goes, from flow to flow too, and that it stands nowhere else.
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../../src/core/document/issue.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { checkEntries } from '../../../src/core/ivr/variable/entry.js';
import { Secret } from '../../../src/core/ivr/variable/secret.js';
import { advance } from '../../../src/core/ivr/walk.js';
import { AROUND, catalogueOf, flowFile, flowOf, MONDAY_MS, start, toldOf } from '../../support/flow-caller.js';

const BYE = '  bye: { do: hangup }\n';

describe('secret digits', () => {
  const flow = flowOf(
    `
  first: { do: gather, say: Su tarjeta., into: card, max: 16, secure: true, next: menu, otherwise: bye }
  menu: { do: menu, say: Uno., keys: { 1: bye }, otherwise: bye }
${BYE}`,
    'variables: { card: { type: secret } }',
  );
  const TYPED = '4111111111111111';

  test('are asked for in secret and stand nowhere but where they are used', () => {
    const first = start(flow);
    expect(first.ask).toMatchObject({ kind: 'collect', secure: true });
    const after = advance(flow, first.session, { kind: 'digits', digits: TYPED }, MONDAY_MS);
    expect(after.session.frames[0]?.secrets['card']?.reveal()).toBe(TYPED);
    expect(after.trace).toEqual([{ kind: 'step', flow: 'test', step: 'first', outcome: 'secret' }]);
    expect(JSON.stringify(after)).not.toContain('4111');
    expect(`${after.session.frames[0]?.secrets['card']}`).toBe('[secret]');
  });

  test('are gone when the call ends, and from a session that was written down', () => {
    const first = start(flow);
    const typed = advance(flow, first.session, { kind: 'digits', digits: TYPED }, MONDAY_MS);
    const ended = advance(flow, typed.session, { kind: 'digits', digits: '1' }, MONDAY_MS);
    expect(ended.session).toMatchObject({ state: 'ended', frames: [{ secrets: {} }] });
    expect(JSON.parse(JSON.stringify(typed.session)).frames[0].secrets.card).toBe('[secret]');
  });

  test('are gone when their sub-flow comes back', () => {
    const sub = flowFile(
      'sub',
      'variables: { card: { type: secret } }',
      `  first: { do: gather, say: Tarjeta., into: card, max: 4, secure: true, next: back, otherwise: back }
  back: { do: return }
`,
    );
    const main = flowFile(
      'test',
      '',
      `  first: { do: flow, flow: sub, next: menu }\n  menu: { do: menu, say: Uno., keys: { 1: bye }, otherwise: bye }\n${BYE}`,
    );
    const catalogue = catalogueOf([main, sub]);
    const back = advance(catalogue, start(catalogue).session, { kind: 'digits', digits: '1234' }, MONDAY_MS);
    expect(back.session.frames).toMatchObject([{ flow: 'test', secrets: {} }]);
  });

  describe('in sub-flows', () => {
    const ask = flowFile(
      'ask',
      'results: [card]\nvariables: { card: { type: secret } }',
      `  first: { do: gather, say: Tarjeta., into: card, max: 4, secure: true, next: back, otherwise: back }
  back: { do: return }
`,
    );
    const pay = flowFile(
      'pay',
      'inputs: { card: { type: secret } }',
      `  first: { do: http, method: POST, url: 'https://crm.example.com/pay', body: { card: { secret: card } }, next: back, failed: back }
  back: { do: return }
`,
    );
    const main = (give = 'card: { secret: typed }', take = 'typed: card') =>
      flowFile(
        'test',
        "variables: { typed: { type: secret }, name: '' }",
        `  first: { do: flow, flow: ask, take: { ${take} }, next: pay }
  pay: { do: flow, flow: pay, give: { ${give} }, next: menu }
  menu: { do: menu, say: Uno., keys: { 1: bye }, otherwise: bye }
${BYE}`,
      );

    test('come out as a result and go in as an input, and stand nowhere on the way', () => {
      const catalogue = catalogueOf([main(), ask, pay]);
      const typed = advance(catalogue, start(catalogue).session, { kind: 'digits', digits: '4711' }, MONDAY_MS);
      const { ask: asked } = typed;
      if (asked.kind !== 'http') throw new Error('the card is sent');
      const { body } = asked.request;
      expect(body instanceof Secret ? body.reveal() : body).toBe('{"card":"4711"}');
      expect(JSON.stringify(typed)).not.toContain('4711');
      const failed = advance(
        catalogue,
        typed.session,
        { kind: 'http', outcome: 'failed', reason: 'time-out' },
        MONDAY_MS,
      );
      expect(failed.session.frames).toHaveLength(1);
      expect(failed.session.frames[0]?.secrets['typed']).toBeInstanceOf(Secret);
    });

    test('what was never typed is not handed on, and the trace says so', () => {
      const catalogue = catalogueOf([main(), ask, pay]);
      const silent = { kind: 'time-out', digits: '' } as const;
      let progress = start(catalogue);
      for (let time = 0; time < 3; time += 1) progress = advance(catalogue, progress.session, silent, MONDAY_MS);
      const outcomes = progress.trace.map((line) => (line.kind === 'step' ? line.outcome : line.kind));
      expect(outcomes).toContain('flow:pay,not-computed:card');
      expect(outcomes).toContain('failed:not-computed');
      expect(progress.ask.kind).toBe('collect');
    });

    test.each([
      ['', 'typed: card', "'pay' has to be given 'card' (add give: { card: { secret: … } })"],
      ["card: '1234'", 'typed: card', "'card' of 'pay' holds a secret, not a text"],
      ['card: { secret: name }', 'typed: card', "there is no secret 'name'"],
      ['card: { secret: typed }', 'name: card', "'card' of 'ask' holds a secret, not a text"],
    ])('give { %s }, take { %s } is a mistake', (give, take, issue) => {
      expect(toldOf(main(give, take), ask, pay).join('\n')).toContain(issue);
    });

    test('leave and enter only where that is written down', () => {
      const closed = { ...ask, text: ask.text.replace('results: [card]\n', '') };
      expect(toldOf(main(), closed, pay).join('\n')).toContain("'card' is no result of 'ask'");
      const own = { ...pay, text: pay.text.replace('inputs:', 'variables:') };
      expect(toldOf(main(), ask, own).join('\n')).toContain("'card' is no input of 'pay'");
    });

    test('no number can give one', () => {
      const compiled = compileFlows([main(), ask, pay], AROUND);
      if (!compiled.ok) throw new Error('the flows are good');
      const entry = { number: '1000', entry: { kind: 'flow', flow: 'pay' } };
      const text = 'numbers:\n  1000: { to: { flow: pay } }\n';
      expect(
        checkEntries({ file: 'centre.yaml', text, revision: '' }, [entry], compiled.value).map(formatIssue),
      ).toEqual(["centre.yaml:2:23: 'pay' has to be given 'card' (only another flow can give it a secret)"]);
    });
  });

  test.each([
    ['say: "{{ card }}"', "'card' is not known in texts"],
    ['say: Hola., as: Adios', 'a name is lower-case letters'],
  ])('%s is a mistake', (keys, issue) => {
    const issues = toldOf(
      flowFile('test', 'variables: { card: { type: secret } }', `  first: { do: hangup, ${keys} }\n`),
    );
    expect(issues.join('\n')).toContain(issue);
  });

  test.each([
    [
      "variables: { card: '' }",
      'secure: true',
      "there is no secret 'card' (declare it under variables as {type: secret}",
    ],
    ['variables: { card: { type: secret } }', '', "'card' is secret (add secure: true)"],
    [
      'variables: { card: { type: secret } }',
      "secure: true, confirm: '{{ typed }}'",
      'what is secret cannot be read back',
    ],
    ['variables: { card: { type: secret } }', 'secure: false', 'this can only be true'],
  ])('%s with %s is a mistake', (head, keys, issue) => {
    const step = `  first: { do: gather, say: Hola., into: card, max: 4, next: bye, otherwise: bye, ${keys} }\n${BYE}`;
    expect(toldOf(flowFile('test', head, step.replace(', }', ' }'))).join('\n')).toContain(issue);
  });

  test('a condition cannot read them', () => {
    const step = `  first: { do: branch, cases: [{ when: card == "1", next: bye }], otherwise: bye }\n${BYE}`;
    const issues = toldOf(flowFile('test', 'variables: { card: { type: secret } }', step));
    expect(issues).toEqual(["test.yaml:7:40: 'card' is not a known variable (known: call, now, language, customer)"]);
  });

  test('a secret shows nothing of itself', () => {
    expect(JSON.stringify({ a: new Secret('x1') })).toBe('{"a":"[secret]"}');
  });
});
