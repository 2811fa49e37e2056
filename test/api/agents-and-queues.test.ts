// Agents ask for their states; supervisors see who waits and why.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/acd/entry.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { NO_REASON } from '../support/floor.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
  scene.registered.add('ana-desk');
});
afterEach(() => scene?.close());

describe('states', () => {
  const wish = (agent: string, body: object, as: string) =>
    scene.ask('POST', `/api/agents/${agent}/state`, { as, body });
  const stateOf = async (agent: string) => (await scene.ask('GET', `/api/agents/${agent}/state`, { as: 'ana' })).json();

  test('an agent comes in, takes a break, and leaves', async () => {
    expect((await stateOf('ana')).state).toBe('offline');
    expect((await wish('ana', { state: 'available' }, 'ana')).json()).toMatchObject({ id: 'ana', state: 'available' });
    expect((await wish('ana', { state: 'break', reason: 'lunch' }, 'ana')).statusCode).toBe(200);
    expect(await stateOf('ana')).toMatchObject({ state: 'break', reason: 'lunch' });
    await wish('ana', { state: 'break' }, 'ana');
    expect(await stateOf('ana')).toMatchObject({ state: 'break', reason: 'unspecified' });
    expect((await wish('ana', { state: 'offline' }, 'ana')).json().state).toBe('offline');
  });

  test.each(['busy', 'wrap-up'])('%s follows from calls and cannot be asked for', async (state) => {
    const response = await wish('ana', { state }, 'ana');
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({
      code: 'wrong-state',
      detail: expect.stringContaining('follows from calls'),
    });
    expect((await stateOf('ana')).state).toBe('offline');
  });

  test('nobody is available without a phone', async () => {
    const response = await wish('bruno', { state: 'available' }, 'bruno');
    expect(response.statusCode).toBe(409);
    expect(response.json().code).toBe('wrong-state');
  });

  test('an agent does not move others, a supervisor does', async () => {
    const refused = await wish('ana', { state: 'available' }, 'bruno');
    expect(refused.statusCode).toBe(403);
    expect((await stateOf('ana')).state).toBe('offline');
    expect((await wish('ana', { state: 'available' }, 'sofia')).statusCode).toBe(200);
    expect((await stateOf('ana')).state).toBe('available');
  });

  test('a reason is one short line', async () => {
    for (const reason of ['', 'a'.repeat(65), 'two\nlines']) {
      expect((await wish('ana', { state: 'break', reason }, 'ana')).statusCode).toBe(400);
    }
  });

  test('a wish during a call is shown as what comes afterwards', async () => {
    await wish('ana', { state: 'available' }, 'ana');
    const expiresAtMs = scene.clock.nowMs() + 20_000;
    await scene.agents.apply('ana', { type: 'offered', offer: 'o1', entry: 'e1', expiresAtMs });
    expect(await stateOf('ana')).toMatchObject({ state: 'ringing', until: new Date(expiresAtMs).toISOString() });
    await scene.agents.apply('ana', { type: 'accepted', offer: 'o1', interaction: 'i1', node: 'n1' });
    await wish('ana', { state: 'break', reason: 'lunch' }, 'ana');
    const afterwards = { state: 'break', reason: 'lunch' };
    expect(await stateOf('ana')).toMatchObject({ state: 'busy', interaction: 'i1', afterwards });
    await scene.agents.apply('ana', { type: 'call-ended', entry: 'e1', wrapUpMs: 5_000 });
    expect(await stateOf('ana')).toMatchObject({ state: 'wrap-up', afterwards });
  });

  test('the list has everybody with skills and devices', async () => {
    const { agents } = (await scene.ask('GET', '/api/agents', { as: 'bruno' })).json();
    expect(agents.map(({ id }: { id: string }) => id)).toEqual(['ana', 'bruno', 'carla', 'sofia']);
    expect(agents[0]).toMatchObject({
      title: 'Ana Molina',
      skills: { support: 5 },
      devices: [
        { name: 'ana-desk', registered: true },
        { name: 'ana-web', registered: false },
      ],
    });
    expect(agents[1].devices).toMatchObject([{ name: 'bruno-desk', registered: false }, { name: 'bruno-web' }]);
  });
});

describe('queues', () => {
  async function join(entry: string, waitedMs: number, place: Partial<Entry> = {}): Promise<void> {
    const joinedAtMs = scene.clock.nowMs() - waitedMs;
    const value = {
      ...{ entry, interaction: `i-${entry}`, kind: 'call', queue: 'support', priority: 5, node: 'n1', refusedBy: {} },
      ...{ seniorityMs: joinedAtMs, joinedAtMs, state: 'waiting', ...place },
    } as Entry;
    await scene.live.change(() => [{ kind: 'entry', id: entry, value }]);
  }
  const entriesOf = async (queue: string, language = 'en', query = '') =>
    scene.ask('GET', `/api/queues/${queue}/entries${query}`, { as: 'sofia', headers: { 'accept-language': language } });

  test('tell how many wait, for how long, and who could serve them', async () => {
    await scene.agents.setState('ana', { state: 'available' });
    await join('e1', 30_000);
    await join('e2', 90_000, { kind: 'callback' });
    await join('e3', 10_000, { queue: 'sales' });
    const { queues } = (await scene.ask('GET', '/api/queues', { as: 'ana' })).json();
    expect(queues.map(({ id }: { id: string }) => id)).toEqual(['support', 'sales', 'nobody', 'full']);
    expect(queues[0]).toMatchObject({
      title: { es: 'Soporte', en: 'Support' },
      waiting: 2,
      callbacks: 1,
      longestWaitMs: 90_000,
      agents: { available: 1, offline: 1 },
    });
    expect(queues[2]).toMatchObject({ waiting: 0, longestWaitMs: 0, agents: {} });
  });

  test('entries stand in order, each with its place and the reason why it waits', async () => {
    await join('late', 10_000);
    await join('early', 60_000);
    await join('urgent', 5_000, { priority: 1 });
    await join('elsewhere', 99_000, { queue: 'sales' });
    const { total, entries } = (await entriesOf('support')).json();
    expect(total).toBe(3);
    expect(entries.map(({ id, position }: { id: string; position: number }) => [id, position])).toEqual([
      ['urgent', 1],
      ['early', 2],
      ['late', 3],
    ]);
    expect(entries[2]).toMatchObject({
      interaction: 'i-late',
      waitedMs: 10_000,
      ahead: { byPriority: 1, bySeniority: 1 },
      cause: 'nobody-signed-in',
      why: 'Number 3 of 3 in support; ahead: 1 with higher priority and 1 waiting for longer. Nobody with the skill support is signed in.',
    });
    expect((await entriesOf('support', 'es')).json().entries[2].why).toMatch(/^Puesto 3 de 3 en support/);
  });

  test('a present offer tells why this agent got it', async () => {
    const why = { ...NO_REASON, candidates: [{ agent: 'ana', values: { idleMs: 81_000 } }] };
    const nowMs = scene.clock.nowMs();
    const offer = { id: 'o1', agent: 'ana', madeAtMs: nowMs, expiresAtMs: nowMs + 25_000, why };
    const refusedBy = { bruno: { reason: 'no-answer' as const, untilMs: nowMs + 60_000 } };
    await join('e1', 20_000, { state: 'offered', offer, refusedBy });
    const { entries } = (await entriesOf('support')).json();
    expect(entries[0]).toMatchObject({
      state: 'offered',
      cause: 'ringing',
      offer: { id: 'o1', agent: 'ana', explanation: why },
      refusedBy: [{ agent: 'bruno', reason: 'no-answer' }],
    });
    expect(entries[0].why).toContain('ringing at ana');
  });

  test('a long queue is shown from its head', async () => {
    for (let index = 0; index < 5; index += 1) await join(`e${index}`, 1_000 * (10 - index));
    const { total, entries } = (await entriesOf('support', 'en', '?limit=2')).json();
    expect(total).toBe(5);
    expect(entries.map(({ id }: { id: string }) => id)).toEqual(['e0', 'e1']);
    expect((await entriesOf('support', 'en', '?limit=501')).statusCode).toBe(400);
  });

  test('a queue that is none is 404', async () => {
    expect((await entriesOf('nothing')).statusCode).toBe(404);
  });
});
