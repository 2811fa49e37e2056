// Tasks and messages go through the same queues as calls: opened, offered, taken, refused and finished by API; and why.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
  for (const agent of ['ana', 'bruno']) {
    scene.registered.add(`${agent}-desk`);
    await scene.agents.apply(agent, { type: 'device-registered', first: true, availableOnRegister: true });
  }
  await scene.dispatcher.start();
});
afterEach(async () => {
  await scene?.dispatcher.close();
  await scene?.close();
});

/** Rounds of the dispatcher are a moment later; so are facts. */
async function passes(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    scene.clock.advance(Math.min(50, left));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function open(body: object = {}, queue = 'support') {
  const answer = await scene.ask('POST', `/api/queues/${queue}/entries`, {
    as: 'ana',
    body: { kind: 'task', title: 'Send the invoice again', ...body },
  });
  expect(answer.statusCode).toBe(201);
  const opened: { id: string; interaction: string } = answer.json();
  await passes(100);
  return opened;
}

async function worksOf(agent: string) {
  return (await scene.ask('GET', `/api/agents/${agent}/works`, { as: 'ana' })).json().works;
}

async function storyOf(interaction: string): Promise<string[]> {
  await passes(50);
  return (await scene.facts.read(interaction)).map(({ event }) => event.type);
}

describe('a task', () => {
  test('waits, is offered, taken and finished: one record', async () => {
    const { id, interaction } = await open({ contact: '600 111 222' });
    const [offered] = await worksOf('ana');
    expect(offered).toMatchObject({ id, state: 'offered', kind: 'task', queue: 'support', interaction });
    const taken = await scene.ask('POST', `/api/offers/${offered.offer}/accept`, { as: 'ana' });
    expect(taken.json()).toMatchObject({ id, state: 'open' });
    await passes(3_000);
    expect((await scene.ask('POST', `/api/works/${id}/finish`, { as: 'ana' })).statusCode).toBe(204);
    expect(await worksOf('ana')).toEqual([]);
    expect(await storyOf(interaction)).toEqual([
      'interaction-opened',
      'queued',
      'offered',
      'left-queue',
      'work-taken',
      'work-finished',
    ]);
    const opened = (await scene.facts.read(interaction))[0]?.event;
    expect(opened?.type === 'interaction-opened' && opened.data.address.value).toBe('+34600111222');
  });

  test('is nobody else’s to take', async () => {
    await open();
    const [offered] = await worksOf('ana');
    const other = await scene.ask('POST', `/api/offers/${offered.offer}/accept`, { as: 'bruno' });
    expect(other.statusCode).toBe(403);
    expect((await scene.ask('POST', '/api/offers/unknown/accept', { as: 'ana' })).statusCode).toBe(404);
  });

  test('who refuses is passed over, the next one gets it', async () => {
    const { id } = await open();
    const [offered] = await worksOf('ana');
    expect((await scene.ask('POST', `/api/offers/${offered.offer}/refuse`, { as: 'ana' })).statusCode).toBe(204);
    await passes(100);
    expect(await worksOf('ana')).toEqual([]);
    expect(await worksOf('bruno')).toMatchObject([{ id, state: 'offered' }]);
    expect((await scene.ask('POST', `/api/offers/${offered.offer}/refuse`, { as: 'ana' })).statusCode).toBe(404);
  });

  test('an offer that nobody answers is over with its lease', async () => {
    const { id, interaction } = await open();
    const [offered] = await worksOf('ana');
    await passes(26_000);
    expect(await worksOf('ana')).toEqual([]);
    expect(await worksOf('bruno')).toMatchObject([{ id }]);
    expect((await scene.ask('POST', `/api/offers/${offered.offer}/accept`, { as: 'ana' })).statusCode).toBe(404);
    expect(await storyOf(interaction)).toContain('offer-refused');
  });

  test('leaves its queue when a supervisor takes it out', async () => {
    const { id } = await open();
    const url = `/api/queues/support/entries/${id}`;
    expect((await scene.ask('DELETE', url, { as: 'ana' })).statusCode).toBe(403);
    expect((await scene.ask('DELETE', url, { as: 'sofia' })).statusCode).toBe(204);
    expect(await worksOf('ana')).toEqual([]);
    expect((await scene.ask('DELETE', url, { as: 'sofia' })).statusCode).toBe(404);
  });

  test('of a queue or with a title that does not exist is refused', async () => {
    const ask = (queue: string, body: object) => scene.ask('POST', `/api/queues/${queue}/entries`, { as: 'ana', body });
    expect((await ask('none', { kind: 'task', title: 'x' })).statusCode).toBe(404);
    expect((await ask('support', { kind: 'task', title: ' ' })).statusCode).toBe(400);
    expect((await ask('support', { kind: 'call', title: 'x' })).statusCode).toBe(400);
  });
});

describe('capacity', () => {
  test('four messages at a time, and no task beside them', async () => {
    for (const agent of ['bruno']) await scene.agents.setState(agent, { state: 'break', reason: 'lunch' });
    for (let n = 0; n < 6; n += 1) await open({ kind: 'message', title: `message ${n}` });
    await passes(500);
    expect(await worksOf('ana')).toHaveLength(4);
    await open();
    expect((await worksOf('ana')).filter(({ kind }: { kind: string }) => kind === 'task')).toEqual([]);
  });

  test('who has a message may still get a call', async () => {
    await open({ kind: 'message' });
    const expiresAtMs = scene.clock.nowMs() + 9_000;
    const call = await scene.agents.apply('ana', { type: 'offered', offer: 'o', entry: 'e', expiresAtMs });
    expect(call.ok).toBe(true);
    await open({ kind: 'message' });
    expect(await worksOf('ana')).toHaveLength(1);
    expect(await worksOf('bruno')).toHaveLength(1);
  });
});

describe('why', () => {
  test('a task waits: what keeps each agent, as data and in both languages', async () => {
    await scene.agents.setState('ana', { state: 'break', reason: 'lunch' });
    await scene.agents.setState('bruno', { state: 'break', reason: 'lunch' });
    const { id } = await open({ priority: 2 });
    const second = await open();
    const url = `/api/queues/support/entries/${second.id}/why`;
    const english = (await scene.ask('GET', url, { as: 'sofia', headers: { 'accept-language': 'en' } })).json();
    expect(english).toMatchObject({
      cause: 'all-occupied',
      strategy: 'longest-idle',
      ahead: [{ entry: id, by: 'priority' }],
      agents: [
        { agent: 'ana', filter: 'break' },
        { agent: 'bruno', filter: 'break' },
      ],
    });
    expect(english.sentences).toContain('ana: is on a break.');
    const spanish = (await scene.ask('GET', url, { as: 'sofia', headers: { 'accept-language': 'es' } })).json();
    expect(spanish.sentences).toContain('ana: está en pausa.');
    expect((await scene.ask('GET', '/api/queues/sales/entries/none/why', { as: 'sofia' })).statusCode).toBe(404);
    expect((await scene.ask('GET', url, { as: 'ana' })).statusCode).toBe(403);
  });

  test('an interaction: every decision with what was compared', async () => {
    const { interaction } = await open();
    scene.records.interactions.set(interaction, await scene.facts.read(interaction));
    const url = `/api/interactions/${interaction}/why`;
    const answer = await scene.ask('GET', url, { as: 'sofia', headers: { 'accept-language': 'en' } });
    const { decisions } = answer.json();
    expect(decisions.map(({ type }: { type: string }) => type)).toEqual(['queued', 'offered']);
    expect(decisions[1]).toMatchObject({ explanation: { strategy: 'longest-idle' } });
    expect(decisions[1].sentences.join(' ')).toMatch(/Strategy: longest idle\. Chosen: ana \(0 open already, idle for/);
    const spanish = await scene.ask('GET', url, { as: 'sofia', headers: { 'accept-language': 'es' } });
    expect(spanish.json().decisions[1].sentences.join(' ')).toMatch(/Elegido: ana \(0 ya abiertas, libre desde hace/);
    expect((await scene.ask('GET', '/api/interactions/none/why', { as: 'sofia' })).statusCode).toBe(404);
  });
});
