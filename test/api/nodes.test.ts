// Two nodes, one talk: what is asked of the one that does not hold it is done by the other, with the same rights and words.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Errands } from '../../src/app/nodes/errands.js';
import type { Talk } from '../../src/app/talk/talk.js';
import { FakeClock } from '../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { FakeLetters } from '../support/fakes/letters.js';

const MATTER = 'the-matter';
const HOLDER = 'n2';

let here: ApiScene;
let there: ApiScene;
let letters: FakeLetters;
let acts: string[];

beforeEach(async () => {
  letters = new FakeLetters(new FakeClock());
  acts = [];
  const errands = (node: string) =>
    new Errands({ letters, node, clock: new FakeClock(), ids: seededIds(seededRandom(9)), log: silentLog });
  here = await openApiScene({ change: (options) => ({ ...options, errands: errands('n1') }) });
  there = await openApiScene({
    change: (options) => {
      const talk = talkWith('ana');
      const talks = { ...options.talks, find: () => talk, of: () => talk, takeOver: async () => undefined };
      return { ...options, node: HOLDER, talks, errands: errands(HOLDER) };
    },
  });
  // Both nodes know who talks, and where.
  const [agent] = [...here.live.agents()].filter(({ agent: name }) => name === 'ana');
  const presence = { agent: 'ana', sinceMs: 0, idleSinceMs: 0, backOffUntilMs: 0, refusals: 0, ...agent };
  const busy = {
    state: 'busy',
    interaction: MATTER,
    entry: 'e',
    node: HOLDER,
    afterwards: { state: 'available' },
  } as const;
  await here.live.change(() => [{ kind: 'agent', id: 'ana', value: { ...presence, ...busy } }]);
});
afterEach(async () => {
  await here?.close();
  await there?.close();
});

function talkWith(agent: string): Talk {
  const side = { party: { kind: 'agent', name: agent }, device: `${agent}-desk`, entry: 'e' };
  const talk: Partial<Talk> = {
    state: 'talking',
    main: side as Talk['main'],
    sides: [side as Talk['main']],
    consulted: undefined,
    isMuted: () => false,
    hold: async (by, held) => void acts.push(`${by} ${held ? 'holds' : 'takes back'}`),
  };
  return talk as Talk;
}

test('an agent holds the customer, at the other node', async () => {
  const response = await here.ask('POST', `/api/calls/${MATTER}/hold`, { as: 'ana' });
  expect([response.statusCode, response.json()]).toMatchObject([200, { interaction: MATTER, state: 'talking' }]);
  expect(acts).toEqual(['ana holds']);
});

test('a supervisor does it, and it is in the audit with their name', async () => {
  await here.ask('POST', `/api/calls/${MATTER}/unhold`, { as: 'sofia' });
  expect(acts).toEqual(['sofia takes back']);
  const lines = await there.audited.audit({ limit: 5 });
  expect(lines[0]).toMatchObject({ by: 'sofia', act: 'talk-unhold', on: MATTER });
});

test('who may not do it there may not do it from here', async () => {
  const bruno = await here.ask('POST', `/api/calls/${MATTER}/hold`, { as: 'bruno' });
  expect([bruno.statusCode, bruno.json().code]).toEqual([403, 'not-allowed']);
  expect(bruno.headers['content-type']).toContain('application/problem+json');
  const ear = await here.ask('DELETE', `/api/calls/${MATTER}/monitor`, { as: 'ana' });
  expect(ear.statusCode).toBe(403);
  expect((await here.ask('POST', `/api/calls/${MATTER}/hold`)).statusCode).toBe(401);
  expect(acts).toEqual([]);
});

test('a refusal of the other node is told as it is, in its own words', async () => {
  const response = await here.ask('DELETE', `/api/calls/${MATTER}/monitor`, { as: 'sofia' });
  expect([response.statusCode, response.json()]).toMatchObject([
    404,
    { code: 'not-found', detail: expect.stringContaining('not monitored') },
  ]);
});

test('who was shut out meanwhile is not let in there', async () => {
  await here.token('sofia');
  there.users.users.delete('sofia');
  const response = await here.ask('POST', `/api/calls/${MATTER}/hold`, { as: 'sofia' });
  expect([response.statusCode, response.json().code]).toEqual([401, 'not-signed-in']);
  expect(acts).toEqual([]);
});

test('a header is no ticket', async () => {
  const headers = { 'x-hilo-carried': '0'.repeat(64) };
  const response = await there.app.inject({ method: 'POST', url: `/api/calls/${MATTER}/hold`, headers });
  expect(response.statusCode).toBe(401);
});

test('a letter that says nonsense is answered and does nothing', async () => {
  const errands = new Errands({
    ...{ letters, node: 'n3', clock: new FakeClock(), log: silentLog },
    ids: seededIds(seededRandom(4)),
  });
  for (const text of ['', '{}', '{"user":"admin","role":"admin","method":"POST","url":"http://x/api/"}']) {
    expect(JSON.parse(await errands.ask(HOLDER, text)).status).toBeGreaterThanOrEqual(400);
  }
});

test('nobody talks in it anywhere: this node says so', async () => {
  const response = await here.ask('POST', '/api/calls/another/hold', { as: 'ana' });
  expect([response.statusCode, response.json().code]).toEqual([404, 'not-found']);
  expect(letters.sent).toEqual([]);
});
