// Trying the centre out over HTTP: what a person at this machine is given without an account, and nobody else.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const AT_HOME = { host: '127.0.0.1:8080' };

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const begin = (headers: Record<string, string> = AT_HOME, from = '127.0.0.1') =>
  scene.ask('POST', '/api/visits', { headers, from });

describe('at this machine', () => {
  test('a visit has a customer’s phone and an agent’s, with passwords of its own', async () => {
    const answer = await begin();
    expect(answer.statusCode).toBe(201);
    const { number, dial, agent, customerPhone, agentPhone } = answer.json();
    expect({ dial, agent }).toEqual({ dial: '1000', agent: { id: 'ana', title: 'Ana Molina' } });
    expect(customerPhone).toMatchObject({ server: 'ws://127.0.0.1:5066', uri: `sip:${number}@127.0.0.1` });
    expect(agentPhone.credentials.user).toBe('ana-desk');
    expect(agentPhone.credentials.password).toMatch(/^[0-9a-f]{32}$/);
    expect(agentPhone.credentials.password).not.toBe(customerPhone.credentials.password);
  });

  test('what happens in it is seen: the agent, and the messages of this customer alone', async () => {
    const { id, number } = (await begin()).json();
    await scene.sandbox.write(number, '1');
    await scene.sandbox.write('+34600999888', 'of somebody else');
    const view = (await scene.ask('GET', `/api/visits/${id}`, { headers: AT_HOME })).json();
    expect(view.agent).toMatchObject({ id: 'ana', state: 'offline' });
    expect(view.messages.map(({ text }: { text: string }) => text)).toEqual(['1']);
    expect(scene.records.queries.at(-1)).toEqual({ contact: number, limit: 1 });
  });

  test('it ends when it is said to, and is not found then', async () => {
    const { id } = (await begin()).json();
    expect((await scene.ask('DELETE', `/api/visits/${id}`, { headers: AT_HOME })).statusCode).toBe(204);
    const answer = await scene.ask('GET', `/api/visits/${id}`, { headers: AT_HOME });
    expect(answer.json()).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('nobody else gets a visit', () => {
  test.each([
    ['from another address', AT_HOME, '192.0.2.7'],
    ['through a proxy that says for whom', { ...AT_HOME, 'x-forwarded-for': '192.0.2.7' }, '127.0.0.1'],
    ['through one that says it otherwise', { ...AT_HOME, 'x-real-ip': '192.0.2.7' }, '127.0.0.1'],
    ['through one that only names itself', { ...AT_HOME, via: '1.1 proxy' }, '127.0.0.1'],
    ['under another name (DNS rebinding)', { host: 'evil.example:8080' }, '127.0.0.1'],
    ['from the page of a stranger', { ...AT_HOME, origin: 'https://evil.example' }, '127.0.0.1'],
    ['from a page without an origin', { ...AT_HOME, origin: 'null' }, '127.0.0.1'],
  ])('%s', async (_what, headers, from) => {
    const answer = await begin(headers as Record<string, string>, from);
    expect(answer.json()).toMatchObject({ status: 403, code: 'not-allowed' });
  });

  test('not even a supervisor from elsewhere: the passwords are those of an agent', async () => {
    const answer = await scene.ask('POST', '/api/visits', { headers: AT_HOME, from: '192.0.2.7', as: 'sofia' });
    expect(answer.statusCode).toBe(403);
  });

  test('the messages of the sandbox are shut to a stranger’s page as well', async () => {
    const headers = { ...AT_HOME, origin: 'https://evil.example' };
    const body = { from: '+34600123456', text: '1' };
    expect((await scene.ask('POST', '/api/sandbox/messages', { headers, body })).statusCode).toBe(401);
  });
});

test('a centre that is open to the network has no visits', async () => {
  const open = await openApiScene({ host: '0.0.0.0' });
  try {
    const answer = await open.ask('POST', '/api/visits', { headers: AT_HOME, from: '127.0.0.1' });
    expect(answer.statusCode).toBe(403);
  } finally {
    await open.close();
  }
});
