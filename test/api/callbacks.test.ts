// Call-backs by HTTP, on a running centre: the form of strangers, the desk of agents, and customers still to be got back.
import { afterEach, describe, expect, test } from 'vitest';
import { EVA, LUIS, openScene, type Scene, type SceneOptions } from '../app/scene.js';
import { type ApiScene, type AskOptions, openApiScene } from '../support/api-scene.js';

const FORM = '  web-form: { queues: [support], max-per-hour: 3 }\n  promises-per-number-per-day: 2\n';
const open: SceneOptions = { centre: (text) => text.replace('  offer-valid: 24h\n', `  offer-valid: 24h\n${FORM}`) };

const apis: ApiScene[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});

async function both(options: SceneOptions = open): Promise<{ scene: Scene; api: ApiScene }> {
  const scene = await openScene(options);
  const { callbackDesk } = scene.node.centre;
  const api = await openApiScene({ change: (given) => ({ ...given, callbackDesk, clock: scene.clock }) });
  apis.push(api);
  return { scene, api };
}

/** Asks and lets the centre go on meanwhile. */
async function ask(
  { scene, api }: { scene: Scene; api: ApiScene },
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  options: AskOptions = {},
) {
  const asking = api.ask(method, url, options);
  await scene.settle();
  const { statusCode, body } = await asking;
  return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) };
}

const wish = (change: object = {}) => ({ body: { number: EVA, consent: true, ...change } });

/** Somebody hangs up after ten seconds in the queue. */
async function abandons(scene: Scene, number: string): Promise<void> {
  const caller = scene.call('1001', number);
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(1_000);
}

describe('a stranger asks on the web', () => {
  test('for a call-back: promised, and nothing is told of the customer', async () => {
    const here = await both();
    expect(await ask(here, 'POST', '/api/callbacks', wish())).toEqual({ status: 202, body: { accepted: true } });
    expect(here.scene.facts('callback-requested')).toMatchObject([{ number: EVA, queue: 'support', source: 'web' }]);
    await here.scene.advance(1_000);
    here.scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    here.scene.agentComes('ana');
    await here.scene.until('they talk', () => here.scene.network.talking(EVA)?.partner !== undefined);
  });

  test('for a time: not before', async () => {
    const here = await both();
    const at = new Date(here.scene.clock.nowMs() + 3_600_000).toISOString();
    await ask(here, 'POST', '/api/callbacks', wish({ at }));
    expect(here.scene.facts('callback-requested')).toMatchObject([{ dueAtMs: Date.parse(at) }]);
  });

  test('again, or for somebody who has a call-back coming: the same answer, and nothing is moved', async () => {
    const here = await both();
    await abandons(here.scene, EVA);
    await here.scene.messenger.receive(EVA, '1');
    const at = new Date(here.scene.clock.nowMs() + 3_600_000).toISOString();
    expect((await ask(here, 'POST', '/api/callbacks', wish({ at }))).body).toEqual({ accepted: true });
    expect(here.scene.facts('callback-requested')).toHaveLength(1);
  });

  test('for somebody who was lost: the place of the first wait is kept', async () => {
    const here = await both();
    await abandons(here.scene, EVA);
    await ask(here, 'POST', '/api/callbacks', wish());
    const [queued] = here.scene.facts('queued');
    expect(here.scene.facts('callback-requested')).toMatchObject([{ seniorityMs: queued?.seniorityMs }]);
    expect(here.scene.records.interactions).toHaveLength(1);
  });

  test.each([
    ['without consent', { consent: false }, 400, 'invalid-input'],
    ['by a queue that is not on the form', { queue: 'recorded' }, 403, 'not-allowed'],
    ['to a number that may not be dialled', { number: '+34118123' }, 403, 'not-allowed'],
    ['to another country', { number: '+442071838750' }, 403, 'not-allowed'],
    ['to what is no number', { number: 'eva' }, 403, 'not-allowed'],
    ['in a year', { at: '2099-01-01' }, 400, 'invalid-input'],
    ['for an agent', { agent: 'ana' }, 401, 'not-signed-in'],
    ['with fields nobody asked for', { website: 'x' }, 400, 'invalid-input'],
  ])('%s: refused', async (_name, change, status, code) => {
    const here = await both();
    expect(await ask(here, 'POST', '/api/callbacks', wish(change))).toMatchObject({ status, body: { code } });
    expect(here.scene.facts('callback-requested')).toEqual([]);
  });

  test('where the form is closed', async () => {
    const here = await both({});
    expect(await ask(here, 'POST', '/api/callbacks', wish())).toMatchObject({ status: 403 });
  });

  test('too often for one number: the third time in a day', async () => {
    const here = await both();
    for (const status of [202, 202, 429]) {
      expect((await ask(here, 'POST', '/api/callbacks', wish())).status).toBe(status);
    }
  });

  test('too often for one number: the people of the centre are not to blame, and may', async () => {
    const here = await both();
    for (const status of [202, 202, 429]) {
      expect((await ask(here, 'POST', '/api/callbacks', wish())).status).toBe(status);
    }
    const body = { number: EVA, queue: 'support' };
    expect((await ask(here, 'POST', '/api/callbacks', { as: 'ana', body })).status).toBe(201);
  });

  test('too often for the form: the fourth time in an hour', async () => {
    const here = await both();
    for (const [index, status] of [202, 202, 202, 429].entries()) {
      const asked = wish({ number: `+3460099900${index}` });
      expect((await ask(here, 'POST', '/api/callbacks', asked)).status).toBe(status);
    }
  });

  test('too often from one address, whatever is asked; another address is not to blame', async () => {
    const here = await both();
    const statuses: number[] = [];
    for (let time = 0; time < 6; time += 1) {
      statuses.push((await ask(here, 'POST', '/api/callbacks', { body: {}, from: '192.0.2.1' })).status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
    expect((await ask(here, 'POST', '/api/callbacks', { ...wish(), from: '192.0.2.2' })).status).toBe(202);
  });

  test('a wrong token is no way round the limits of strangers', async () => {
    const here = await both();
    const headers = { authorization: `Bearer ${'0'.repeat(64)}` };
    expect((await ask(here, 'POST', '/api/callbacks', { ...wish(), headers })).status).toBe(401);
  });

  test('more than fits is not read', async () => {
    const here = await both();
    const body = { ...wish().body, queue: 'x'.repeat(3_000) };
    expect((await ask(here, 'POST', '/api/callbacks', { body })).status).toBe(413);
  });
});

describe('people of the centre', () => {
  test('ask, see, and cancel call-backs', async () => {
    const here = await both();
    const asked = await ask(here, 'POST', '/api/callbacks', {
      as: 'ana',
      body: { number: EVA, queue: 'support', agent: 'ana' },
    });
    expect(asked).toMatchObject({ status: 201, body: { number: EVA, queue: 'support', agent: 'ana', attempts: 0 } });
    await here.scene.advance(1_000);
    const { body } = await ask(here, 'GET', '/api/callbacks', { as: 'ana' });
    expect(body.callbacks).toEqual([{ ...asked.body, state: 'waiting' }]);
    expect((await ask(here, 'GET', '/api/callbacks?queue=sales', { as: 'ana' })).body).toEqual({ callbacks: [] });
    const url = `/api/callbacks/${asked.body.id}`;
    expect(await ask(here, 'DELETE', url, { as: 'bruno' })).toMatchObject({ status: 403 });
    expect((await ask(here, 'DELETE', url, { as: 'ana' })).status).toBe(204);
    await here.scene.advance(1_000);
    expect(here.scene.facts('callback-ended')).toMatchObject([{ result: 'cancelled', reason: 'cancelled-by-ana' }]);
    expect(here.scene.entries()).toEqual([]);
    expect((await ask(here, 'DELETE', url, { as: 'ana' })).status).toBe(404);
  });

  test('a supervisor cancels whatever rings already: it falls silent', async () => {
    const here = await both();
    const { body } = await ask(here, 'POST', '/api/callbacks', { as: 'ana', body: { number: EVA, queue: 'support' } });
    here.scene.agentComes('ana');
    await here.scene.until('Eva is rung', () => here.scene.network.ringing(EVA) !== undefined);
    expect((await ask(here, 'DELETE', `/api/callbacks/${body.id}`, { as: 'sofia' })).status).toBe(204);
    await here.scene.advance(1_000);
    expect(here.scene.dialled()).toEqual(['ana-desk: answered', `${EVA}: withdrawn`]);
    expect(here.scene.agentStates()['ana']).not.toBe('busy');
  });

  test('it is cancelled on another node than the one on which it waits', async () => {
    const scene = await openScene({ ...open, nodes: ['n1', 'n2'] });
    const [first, second] = scene.nodes;
    const wanted = { number: EVA, queue: 'support', when: 'asap' } as const;
    const { callback } = (await first?.centre.callbackDesk.request(wanted)) ?? { callback: undefined };
    await scene.advance(1_000);
    expect(scene.entries()).toHaveLength(1);
    const other = scene.nodes.find(({ name }) => name !== scene.entries()[0]?.node) ?? second;
    await other?.centre.callbackDesk.cancel(callback?.id ?? '', 'sofia', () => undefined);
    await scene.advance(1_000);
    expect(scene.entries()).toEqual([]);
    expect(scene.nodes.map(({ centre }) => centre.busy())).toEqual([0, 0]);
  });

  test('an agent gives no call-back to somebody else, a supervisor does', async () => {
    const here = await both();
    const body = { number: EVA, queue: 'support', agent: 'bruno' };
    expect((await ask(here, 'POST', '/api/callbacks', { as: 'ana', body })).status).toBe(403);
    expect((await ask(here, 'POST', '/api/callbacks', { as: 'sofia', body })).status).toBe(201);
  });

  test.each([
    ['a queue that is not there', { queue: 'nowhere' }, 404],
    ['an agent who is not there', { agent: 'nobody' }, 404],
    ['a number that may not be dialled', { number: '+34118123' }, 403],
    ['a time too far ahead', { at: '2099-01-01' }, 400],
  ])('%s', async (_name, change, status) => {
    const here = await both();
    const body = { number: EVA, queue: 'support', ...change };
    expect((await ask(here, 'POST', '/api/callbacks', { as: 'sofia', body })).status).toBe(status);
  });
});

describe('lost and not yet recovered', () => {
  test('who was lost, for how long, what was tried and what comes next; who was got back is gone from the list', async () => {
    const here = await both();
    const { scene } = here;
    await abandons(scene, LUIS);
    await scene.advance(60_000, 500);
    await abandons(scene, EVA);
    await scene.messenger.receive(EVA, '1');
    await scene.advance(1_000);
    const { body } = await ask(here, 'GET', '/api/recovery', { as: 'ana' });
    expect(body.lost).toMatchObject([
      { number: LUIS, queue: 'support', result: 'abandoned', calls: 1, attempts: 0, next: { kind: 'offer' } },
      { number: EVA, queue: 'support', attempts: 0, next: { kind: 'callback', state: 'waiting' } },
    ]);
    const [luis, eva] = body.lost.map(({ ageMs }: { ageMs: number }) => ageMs);
    expect(luis - eva).toBeGreaterThan(60_000);

    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    scene.agentComes('ana');
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    await scene.advance(5_000);
    scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(1_000);
    await scene.messenger.receive(LUIS, '2');
    await scene.advance(1_000);
    expect((await ask(here, 'GET', '/api/recovery', { as: 'ana' })).body).toEqual({ lost: [] });
    expect((await ask(here, 'GET', '/api/recovery/figures', { as: 'sofia' })).body.queues).toMatchObject([
      { queue: 'support', lost: 2, recovered: 1, byCallback: 1, byCall: 0, declined: 1, open: 0, recoveredShare: 1 },
    ]);
    const later = new Date(scene.clock.nowMs()).toISOString();
    const url = `/api/recovery/figures?from=${encodeURIComponent(later)}`;
    expect((await ask(here, 'GET', url, { as: 'sofia' })).body).toEqual({ queues: [] });
  });

  test('who calls again much later and is served is off the list, and was got back', async () => {
    // Nobody may be written to: nothing binds the second call to the first.
    const unasked = (text: string): string =>
      (open.centre?.(text) ?? text).replace('consent: implied', 'consent: required');
    const here = await both({ centre: unasked });
    const { scene } = here;
    await abandons(scene, EVA);
    await abandons(scene, LUIS);
    await scene.advance(60 * 60_000, 5_000);
    scene.agentComes('ana');
    const again = scene.call('1001', EVA);
    await scene.until('they talk', () => again.leg?.partner !== undefined);
    await scene.advance(5_000);
    again.hangUp();
    await scene.advance(1_000);
    expect(scene.facts('recovered-elsewhere')).toMatchObject([{ by: 'call' }]);
    const { body } = await ask(here, 'GET', '/api/recovery', { as: 'ana' });
    expect(body.lost).toMatchObject([{ number: LUIS }]);
    expect((await ask(here, 'GET', '/api/recovery/figures', { as: 'sofia' })).body.queues).toMatchObject([
      { queue: 'support', lost: 2, recovered: 1, byCall: 1, open: 1, recoveredShare: 0.5 },
    ]);
  });

  test('nobody was reached: still on the list, and nothing will happen by itself', async () => {
    const once = (text: string): string => open.centre?.(text).replace(/attempts: \[.*\]/, 'attempts: [0s]') ?? text;
    const here = await both({ centre: once });
    const { scene } = here;
    await abandons(scene, EVA);
    await scene.messenger.receive(EVA, '1');
    scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 500 });
    scene.agentComes('ana');
    await scene.until('it is over', () => scene.facts('callback-ended').length === 1);
    const { body } = await ask(here, 'GET', '/api/recovery?queue=support', { as: 'ana' });
    expect(body.lost).toMatchObject([{ number: EVA, attempts: 1, next: { kind: 'nothing' } }]);
    expect((await ask(here, 'GET', '/api/recovery?queue=sales', { as: 'ana' })).body).toEqual({ lost: [] });
  });
});
