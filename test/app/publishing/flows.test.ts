// Texts coming into force: kept before they are in force, one after the other, and not with failing tests beside them.
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import { Flows } from '../../../src/app/flows.js';
import { MAX_TOLD } from '../../../src/app/publishing/flow-proof.js';
import { MAX_UNKEPT } from '../../../src/app/publishing/kept-texts.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeFlowHistory } from '../../support/fakes/flow-history.js';
import { FakeFlowFiles } from '../../support/fakes/texts.js';

const read = (file: string) => readFileSync(`ivr-flows/${file}`, 'utf8');
const TEXTS = { 'centre.yaml': read('centre.yaml'), 'main.yaml': read('main.yaml') };
const MAIN = TEXTS['main.yaml'];
const SHORT = shortFlow('short');
const [WARMER, COLDER] = ['bienvenido a', 'esto es'].map((hello) => MAIN.replace('gracias por llamar a', hello));

function shortFlow(name: string): string {
  return `version: 1
name: ${name}
languages: [es]
start: bye
steps:
  bye: { do: hangup, say: { es: Adiós. } }
`;
}

let history: FakeFlowHistory;
let files: FakeFlowFiles;
let flows: Flows;

beforeEach(async () => {
  history = new FakeFlowHistory();
  files = new FakeFlowFiles(TEXTS);
  flows = await opened();
});

async function opened(): Promise<Flows> {
  const ports = { files, store: history, extend: (centre: never) => centre, clock: new FakeClock(), log: silentLog };
  const node = new Flows(ports as never);
  await node.start();
  return node;
}

const authors = async () => (await history.revisions('main', 10)).map(({ author }) => author);
const away = () => Promise.reject(new HiloError('store-unavailable', 'away'));

describe('a text that is published', () => {
  test('is kept before anybody gets it: with the database away nothing changes', async () => {
    history.saveRevision = away;
    await expect(flows.publish('main', WARMER ?? '', { author: 'eva' })).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    expect(flows.source('main').text).toBe(MAIN);
    expect((await files.read()).find(({ file }) => file === 'main.yaml')?.text).toBe(MAIN);
  });

  test('is its author’s on every node, whoever sees the file first', async () => {
    const other = await opened();
    const write = files.write.bind(files);
    files.write = async (file, text) => {
      await write(file, text);
      await new Promise((resolve) => setImmediate(resolve)); // The other node has read it by now.
    };
    await flows.publish('main', WARMER ?? '', { author: 'eva' });
    expect(other.source('main').text).toBe(WARMER);
    expect(await authors()).toEqual(['eva', 'files']);
    expect(history.rows.filter(({ name }) => name === 'main')).toHaveLength(2);
  });

  test('comes after the one that was asked for before, and each is told of its own', async () => {
    const texts = [WARMER ?? '', COLDER ?? '', MAIN];
    const told = await Promise.all(texts.map((text, at) => flows.publish('main', text, { author: `user ${at}` })));
    expect(told.map(({ text }) => text)).toEqual(texts);
    expect(await authors()).toEqual(['user 2', 'user 1', 'user 0', 'files']);
  });

  test('does not take the place of one that its author has not seen', async () => {
    const seen = flows.source('main').revision;
    await flows.publish('main', WARMER ?? '', { author: 'eva', over: seen });
    const late = flows.publish('main', COLDER ?? '', { author: 'luis', over: seen });
    await expect(late).rejects.toMatchObject({ code: 'version-conflict' });
    expect(flows.source('main').text).toBe(WARMER);
    const absent = flows.publish('short', SHORT, { author: 'luis', over: seen });
    await expect(absent).rejects.toMatchObject({ code: 'version-conflict' });
  });

  test('and is replaced at once by another hand: who published it hears that it is not in force', async () => {
    const write = files.write.bind(files);
    files.write = (file) => write(file, COLDER ?? '');
    await expect(flows.publish('main', WARMER ?? '', { author: 'eva' })).rejects.toMatchObject({
      code: 'version-conflict',
    });
  });

  test('again changes neither its author nor its place in the list', async () => {
    await flows.publish('main', MAIN, { author: 'eva' });
    expect(await authors()).toEqual(['files']);
  });
});

describe('a flow and its tests in one step', () => {
  const HEARS = (text: string) => `version: 1\ncases:\n  - { case: hello, script: [{ hears: '${text}' }, hangs-up] }\n`;
  const [NOW, THEN] = [HEARS('Hola, gracias por llamar…'), HEARS('Hola, bienvenido a…')];
  const both = (tests: object = {}) =>
    flows.publish('main', WARMER ?? '', { author: 'eva', note: 'why', tests: { text: THEN, ...tests } });
  const beside = async () => (await files.readTests('main'))?.text;
  beforeEach(() => files.write('main.test.yaml', NOW));

  test('the flow is judged by the tests that come with it; both are kept as revisions', async () => {
    await both();
    expect(flows.source('main').text).toBe(WARMER);
    expect(await beside()).toBe(THEN);
    for (const name of ['main', 'main.test'])
      expect((await history.revisions(name, 1))[0], name).toMatchObject({ author: 'eva', note: 'why' });
  });

  test.each([
    ['fail', { text: HEARS('Adiós.') }, 'tests-failed'],
    ['cannot be read', { text: 'cases: {' }, 'invalid-flow'],
    ['were changed by somebody else meanwhile', { over: 'older' }, 'version-conflict'],
    ['are there, and were thought not to be', { over: null }, 'version-conflict'],
  ])('neither is in force when the tests %s', async (_, tests, code) => {
    const rows = history.rows.length;
    await expect(both(tests)).rejects.toMatchObject({ code });
    expect([flows.source('main').text, await beside(), history.rows.length]).toEqual([MAIN, NOW, rows]);
  });

  test.each([
    ['main.yaml', 'first'],
    ['main.test.yaml', 'second'],
  ])('neither is in force when %s, the %s, cannot be written', async (broken) => {
    const write = files.write.bind(files);
    files.write = async (file, text) => {
      if (file === broken && text !== MAIN && text !== NOW) throw new Error('no room');
      await write(file, text);
    };
    await expect(both()).rejects.toThrow('no room');
    expect([flows.source('main').text, await beside()]).toEqual([MAIN, NOW]);
    expect((await files.read()).find(({ file }) => file === 'main.yaml')?.text).toBe(MAIN);
  });

  test('tests that cannot be read are refused although nobody asks them', async () => {
    const tests = { text: 'cases: {' };
    const forced = flows.publish('main', WARMER ?? '', { author: 'eva', proof: 'untested', tests });
    await expect(forced).rejects.toMatchObject({ code: 'invalid-flow' });
  });
});

describe('a file that is changed by hand while the database is away', () => {
  test('is in force at once, and kept when the database is back', async () => {
    const save = history.saveRevision.bind(history);
    history.saveRevision = away;
    await files.write('main.yaml', WARMER ?? '');
    await expect.poll(() => flows.source('main').text).toBe(WARMER);
    history.saveRevision = save;
    await files.write('main.test.yaml', '');
    await expect.poll(authors).toHaveLength(2);
  });

  test('with very many others is kept as far as there is room', async () => {
    const save = history.saveRevision.bind(history);
    history.saveRevision = away;
    const names = Array.from({ length: MAX_UNKEPT + 5 }, (_, at) => `short-${at}`);
    await Promise.all(names.map((name) => files.write(`${name}.yaml`, shortFlow(name))));
    await expect.poll(() => flows.names().length).toBe(names.length + 1);
    history.saveRevision = save;
    await files.write('main.test.yaml', '');
    const kept = () => history.rows.filter(({ name }) => name.startsWith('short-')).length;
    await expect.poll(kept).toBe(MAX_UNKEPT);
  });
});

describe('tests beside the flows', () => {
  const HEARS = (text: string, cases = 1) =>
    `version: 1\ncases:\n${Array.from(
      { length: cases },
      (_, at) => `  - case: greeting ${at}\n    script:\n      - { hears: '${text}' }\n      - hangs-up\n`,
    ).join('')}`;

  test('refuse a text with which they fail, and say which case and where', async () => {
    await files.write('main.test.yaml', HEARS('gracias por llamar'));
    const refused = flows.publish('main', WARMER ?? '', { author: 'eva' });
    await expect(refused).rejects.toMatchObject({
      code: 'tests-failed',
      cause: [
        {
          ...{ severity: 'error', file: 'main.test.yaml', line: 5 },
          message: expect.stringContaining("case 'greeting 0': expected"),
        },
      ],
    });
    expect(flows.source('main').text).toBe(MAIN);
    await flows.publish('main', WARMER ?? '', { author: 'eva', proof: 'untested' });
    expect(flows.source('main').text).toBe(WARMER);
  });

  test('of another flow refuse it only where they pass now', async () => {
    await flows.publish('short', SHORT, { author: 'eva' });
    await files.write('short.test.yaml', HEARS('Hola'));
    await flows.publish('main', WARMER ?? '', { author: 'eva' });
    await files.write('main.test.yaml', HEARS('bienvenido'));
    await expect(flows.prove('main', COLDER ?? '')).rejects.toMatchObject({ code: 'tests-failed' });
    await expect(flows.prove('short', SHORT)).rejects.toMatchObject({ code: 'tests-failed' });
  });

  test('that nobody can read refuse it too', async () => {
    await files.write('main.test.yaml', 'cases: 3');
    await expect(flows.prove('main', WARMER ?? '')).rejects.toMatchObject({ code: 'tests-failed' });
  });

  test('tell so many of the failing cases and no more', async () => {
    await files.write('main.test.yaml', HEARS('gracias por llamar', MAX_TOLD + 5));
    const error = await flows.prove('main', WARMER ?? '').catch((refusal: unknown) => refusal);
    expect((error as HiloError).cause).toHaveLength(MAX_TOLD);
  });
});
