// A draft in the studio: its mistakes at their place, its picture, its tests, and a call through it by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkedIn, testedIn } from '../../../src/web/studio/compiler/in-language.js';
import { Workshop } from '../../../src/web/studio/compiler/workshop.js';
import { placesOf } from '../../../src/web/studio/graph/layout.js';
import { copyOf, TEMPLATES, textOf } from '../../../src/web/studio/making/templates.js';
import { type CallLine, type CallWish, textOf as spoken } from '../../../src/web/studio/phone/hand-call.js';
import { afterKey } from '../../../src/web/studio/phone/keys.js';
import { firstTests } from '../../../src/web/studio/testing/first-tests.js';
import { coverageOf, issuesOf } from '../../../src/web/studio/testing/tested.js';

const FLOWS = join(import.meta.dirname, '..', '..', '..', 'ivr-flows');
const read = (file: string) => readFileSync(join(FLOWS, file), 'utf8');
const [MAIN, TESTS] = [read('main.yaml'), read('main.test.yaml')];
const workshop = () => new Workshop({ centre: read('centre.yaml'), main: MAIN });
const WISH: CallWish = { from: '+34600123123', language: '', date: '2026-01-05', time: '09:00' };
const heard = (lines: readonly CallLine[]) =>
  lines.flatMap((line) => (line.kind === 'heard' ? [spoken(line.prompt).text] : []));

test('a good draft has no mistakes, a box for each step at its line, and can be called', () => {
  const { issues, picture, isGood, names } = workshop().check('main', MAIN);
  expect({ issues, isGood }).toEqual({ issues: [], isGood: true });
  const menu = picture?.boxes.find(({ name }) => name === 'menu');
  expect(MAIN.split('\n')[(menu?.line ?? 0) - 1]).toBe('  menu:');
  expect(names.queues).toContain('support');
});

test('a mistake is told at its line and column, stands at its step, and names what was meant', () => {
  const { issues, picture, isGood } = workshop().check('main', MAIN.replace('queue: sales', 'queue: saels'));
  const line = MAIN.split('\n').indexOf('    queue: sales') + 1;
  expect(issues).toMatchObject([{ file: 'main.yaml', line, column: 12, severity: 'error' }]);
  expect(issues[0]?.advice).toContain('sales');
  expect(picture?.boxes.find(({ name }) => name === 'sales')?.issues).toHaveLength(1);
  expect(isGood).toBe(false);
});

test('a text that is no YAML has its mistake and no picture', () => {
  const checked = workshop().check('main', 'steps: [');
  expect(checked.picture).toBeUndefined();
  expect(checked.issues).not.toEqual([]);
});

test('what a draft breaks in another text is told with that text’s name', () => {
  const { issues } = workshop().check('centre', read('centre.yaml').replaceAll('support', 'help'));
  expect(issues.map(({ file }) => file)).toContain('main.yaml');
});

test('the flow’s tests hold on it, and fail on a draft that says something else', () => {
  const played = workshop().test('main', MAIN, TESTS);
  expect(played).toMatchObject({ kind: 'played', failed: 0, percent: 100 });
  expect(coverageOf(played)?.get('greeting')).toMatchObject({ open: [], taken: expect.arrayContaining(['key:1']) });
  const changed = workshop().test('main', MAIN.replace('gracias por llamar a Hilo', 'bienvenido'), TESTS);
  if (changed.kind !== 'played') throw new Error('it has mistakes');
  expect(changed.failed).toBeGreaterThan(0);
  const [failing] = changed.cases.filter(({ failure }) => failure !== undefined);
  expect(failing?.failure?.instead.join()).toContain('bienvenido');
  const [issue] = issuesOf('main.test.yaml', changed, (expected, instead) => `${expected} / ${instead}`);
  expect(TESTS.split('\n')[(issue?.line ?? 0) - 1]).toContain('hears: { es:');
  expect(issue?.message).toMatch(/gracias por llamar a Hilo.* \/ .*bienvenido/);
});

test('a draft with mistakes is neither tested nor called', () => {
  const bad = MAIN.replace('queue: sales', 'queue: saels');
  expect(workshop().test('main', bad, TESTS)).toEqual({ kind: 'faulty', of: 'flow', issues: [] });
  expect(workshop().dial('main', bad, WISH)).toBeUndefined();
});

test('mistakes in the tests are told at their place, also beside a flow with mistakes', () => {
  const tests = TESTS.replace('- queue: support', '- quue: support');
  const line = TESTS.split('\n').findIndex((one) => one.includes('- queue: support')) + 1;
  const told = { issues: [{ file: 'main.test.yaml', line, advice: expect.stringContaining('queue') }] };
  expect(workshop().test('main', MAIN, tests)).toMatchObject({ kind: 'faulty', of: 'tests', ...told });
  const bad = MAIN.replace('queue: sales', 'queue: saels');
  expect(workshop().test('main', bad, tests)).toMatchObject({ kind: 'faulty', of: 'flow', ...told });
});

test.each(TEMPLATES)('what a new flow may begin with, %s, is good as it is', (template) => {
  const { centre } = { centre: read('centre.yaml') };
  const { names } = new Workshop({ centre, main: MAIN }).check('centre', centre);
  const text = textOf(template, 'news', names);
  expect(new Workshop({ centre, main: MAIN }).check('news', text)).toMatchObject({ issues: [], isGood: true });
});

test('a copy is called as it is to be called', () => {
  const bench = new Workshop({ centre: read('centre.yaml'), main: MAIN });
  expect(bench.check('other', copyOf(MAIN, 'other'))).toMatchObject({ issues: [], isGood: true });
});

test('a flow that has no tests begins with one that holds', () => {
  expect(workshop().test('main', MAIN, firstTests('main', 'one'))).toMatchObject({ passed: 1, failed: 0 });
});

test('boxes stand where they stood while only what they say changes', () => {
  const bench = workshop();
  const { places } = bench.check('main', MAIN);
  expect(bench.check('main', MAIN.replace('gracias por llamar', 'bienvenido')).places).toBe(places);
  expect(bench.check('main', MAIN.replace('3: hours', '3: sales')).places).not.toBe(places);
});

test('a call by hand hears the greeting, presses 1, and waits in the queue', () => {
  const bench = workshop();
  const first = bench.dial('main', MAIN, WISH);
  expect(heard(first?.lines ?? [])).toEqual(['Hola, gracias por llamar a Hilo.', 'For English, press 2.']);
  expect(first).toMatchObject({ step: 'greeting', question: { kind: 'keys', max: 1 } });
  const queued = bench.answer('1');
  expect(queued).toMatchObject({ step: 'support', question: { kind: 'outcome', of: 'queue' } });
  expect(queued?.lines).toContainEqual({ kind: 'deed', deed: 'queue', to: 'support' });
});

test('the day and the language of the caller decide as they would for a real one', () => {
  const bench = workshop();
  bench.dial('main', MAIN, { ...WISH, language: 'en', date: '2026-01-06' });
  const told = bench.answer('3');
  expect(heard(told?.lines ?? [])[0]).toBe('Today, Tuesday, January sixth, is a holiday and we are closed.');
});

test('silence and hanging up by the flow end as in a call', () => {
  const bench = workshop();
  bench.dial('main', MAIN, WISH);
  bench.answer('3');
  const end = bench.answer('');
  expect(end?.question).toMatchObject({ kind: 'over', reason: 'hours-told' });
  expect(bench.answer('1')?.question).toMatchObject({ kind: 'over' });
});

test('what another system would say is asked of whoever tries it', () => {
  const flow = `version: 1
name: main
languages: [es]
start: who
steps:
  who: { do: customer, next: hello, otherwise: hello }
  hello: { do: hangup, say: 'Hola, {{ customer.name }}.' }
`;
  const bench = workshop();
  expect(bench.check('main', flow).isGood).toBe(true);
  expect(bench.dial('main', flow, WISH)?.question).toMatchObject({ kind: 'outside', of: 'customer' });
  expect(heard(bench.answer('{"name":"Eva"}')?.lines ?? [])).toEqual(['Hola, Eva.']);
});

test('keys are taken to the most that are wanted, or to one that ends them', () => {
  const wanted = { min: 2, max: 4, terminators: '#' };
  expect(afterKey(wanted, '', '1')).toEqual({ typed: '1', isWhole: false });
  expect(afterKey(wanted, '123', '4')).toEqual({ typed: '1234', isWhole: true });
  expect(afterKey(wanted, '12', '#')).toEqual({ typed: '12', isWhole: true });
  expect(afterKey(wanted, '1', '#')).toEqual({ typed: '1', isWhole: false });
});

test('in the graph the start is on top, and no box stands on another', () => {
  const { picture } = workshop().check('main', MAIN);
  if (picture === undefined) throw new Error('no picture');
  const places = placesOf(picture);
  const top = Math.min(...[...places.values()].map(({ y }) => y));
  expect(places.get(picture.start)?.y).toBe(top);
  expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(picture.boxes.length);
});

test('what is wrong is told in the language of the page, in the list, in the graph and in tests', () => {
  const bad = checkedIn('es', workshop().check('main', MAIN.replace('queue: sales', 'queue: saels')));
  const told = { message: 'el centro no tiene cola «saels»', advice: '¿quiso decir «sales»?' };
  expect(bad.issues).toMatchObject([told]);
  expect(bad.picture?.boxes.find(({ name }) => name === 'sales')?.issues).toMatchObject([told]);
  const failing = workshop().test('main', MAIN.replace('gracias por llamar a Hilo', 'bienvenido'), TESTS);
  const [first] = issuesOf('main.test.yaml', testedIn('es', failing), (expected) => expected);
  expect(first?.message).toMatch(/^oír es: Hola/);
  expect(
    checkedIn('en', workshop().check('main', MAIN.replace('queue: sales', 'queue: saels'))).issues[0]?.message,
  ).toBe("the centre has no queue 'saels'");
});

test('a prompt that nobody could hear is told for each language, as soon as it is known what is kept', () => {
  const text = MAIN.replace('do: set\n    language: en\n    next: menu', 'do: play\n    play: jingle\n    next: menu');
  expect(text).not.toBe(MAIN);
  const told = (heard?: Readonly<Record<string, readonly string[]>>) =>
    new Workshop({ centre: read('centre.yaml'), main: MAIN }, heard)
      .check('main', text)
      .issues.flatMap(({ message }) => (message.includes('jingle') ? [message] : []));
  expect(told()).toEqual(["there is no text in reserve for the recording 'jingle'"]);
  expect(told({})).toEqual(["the prompt 'jingle' has neither a sound nor a text in 'es' and 'en'"]);
  expect(told({ jingle: ['es'] })).toEqual(["the prompt 'jingle' has neither a sound nor a text in 'en'"]);
  expect(told({ jingle: ['es', 'en'] })).toEqual([]);
});

/** A chain of menus that all lead to one person as well. */
function chain(menus: number): string {
  const menu = (at: number): string => `
  menu-${at}:
    do: menu
    say: { es: 'Pulse 1.', en: 'Press 1.' }
    wait: 5s
    tries: 2
    keys:
      1: ${at + 1 < menus ? `menu-${at + 1}` : 'person'}
      2: person
    otherwise: person
`;
  const steps = Array.from({ length: menus }, (_, at) => menu(at)).join('');
  return `version: 1
name: main
languages: [es, en]
start: menu-0
steps:${steps}
  person: { do: queue, queue: support }
`;
}

test('a flow of 2,000 lines is drawn whole, row by row, and no box stands on another', () => {
  const text = chain(199);
  expect(text.split('\n').length).toBeGreaterThan(1_900);
  const { picture, places } = workshop().check('main', text);
  expect(picture?.boxes).toHaveLength(200);
  expect(places?.size).toBe(200);
  expect(new Set([...(places?.values() ?? [])].map(({ x, y }) => `${x} ${y}`)).size).toBe(200);
  expect(places?.get('menu-0')?.y).toBe(0);
});

test('a step that nothing leads to stands below the others, also in a large flow', () => {
  const { places } = workshop().check('main', chain(99).replace('  person:', '  lost: { do: hangup }\n  person:'));
  const lowest = Math.max(...[...(places?.values() ?? [])].map(({ y }) => y));
  expect(places?.get('lost')?.y).toBe(lowest);
});
