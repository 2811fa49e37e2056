// The two doors of messages: the sandbox, where a person plays the customer, and the webhooks of providers.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

describe('the sandbox', () => {
  const read = (headers: Record<string, string> = {}) => scene.ask('GET', '/api/sandbox/messages', { headers });

  test('takes what a customer writes and shows it, without an account on this machine', async () => {
    const body = { from: '+34600123456', text: '1' };
    expect((await scene.ask('POST', '/api/sandbox/messages', { body })).statusCode).toBe(204);
    await scene.ask('POST', '/api/sandbox/messages', { body: { from: '+34600999999', text: 'hola' } });
    const { messages } = (await scene.ask('GET', '/api/sandbox/messages?address=%2B34600123456')).json();
    expect(messages).toEqual([
      { id: 'm1', direction: 'in', address: '+34600123456', text: '1', at: '1970-01-01T00:00:00.000Z' },
    ]);
    expect((await scene.ask('GET', '/api/sandbox/messages?address=+34600123456')).json().messages).toHaveLength(1);
    expect((await read()).json().messages).toHaveLength(2);
  });

  test('shows the newest when there are many', async () => {
    for (let index = 0; index < 502; index += 1) await scene.sandbox.write('+34600123456', `${index}`);
    const { messages } = (await read()).json();
    expect(messages).toHaveLength(500);
    expect(messages[0].text).toBe('2');
  });

  test.each([
    ['through a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['through a proxy that says so in the standard way', { forwarded: 'for=203.0.113.7' }],
    ['under the name of a stranger that leads here', { host: 'evil.example' }],
  ])('is closed to strangers %s', async (_title, headers) => {
    expect((await read(headers)).statusCode).toBe(401);
  });

  test('is closed to strangers from another machine', async () => {
    expect((await scene.ask('GET', '/api/sandbox/messages', { from: '192.0.2.1' })).statusCode).toBe(401);
  });

  test('is closed to strangers when others can reach the server', async () => {
    const own = await openApiScene({ host: '0.0.0.0' });
    expect((await own.ask('GET', '/api/sandbox/messages')).statusCode).toBe(401);
    expect((await own.ask('GET', '/api/sandbox/messages', { as: 'ana' })).statusCode).toBe(403);
    expect((await own.ask('GET', '/api/sandbox/messages', { as: 'sofia' })).statusCode).toBe(200);
    await own.close();
  });

  test('is closed to strangers when customers get their messages by another channel', async () => {
    const centre = (await scene.text('centre.yaml')).replace('channel: sandbox', 'channel: sms');
    const headers = { 'content-type': 'text/yaml' };
    await scene.ask('PUT', '/api/flows/centre', { as: 'admin', body: centre, headers });
    expect((await read()).statusCode).toBe(401);
  });

  test('that is no channel is 404', async () => {
    const own = await openApiScene({
      change: ({ sandbox: _sandbox, ...options }) => options,
    });
    expect((await own.ask('GET', '/api/sandbox/messages', { as: 'sofia' })).statusCode).toBe(404);
    await own.close();
  });

  test.each([
    ['no text', { from: '+34600123456', text: '' }],
    ['too much text', { from: '+34600123456', text: 'a'.repeat(4_097) }],
    ['a sender that is none', { from: 'a b', text: 'x' }],
    ['a sender on two lines', { from: '+34600\r\nX', text: 'x' }],
  ])('refuses %s', async (_title, body) => {
    expect((await scene.ask('POST', '/api/sandbox/messages', { body })).statusCode).toBe(400);
    expect(scene.sandbox.kept).toEqual([]);
  });

  test('is not written to by the form of another page', async () => {
    const headers = { 'content-type': 'text/plain', origin: 'https://evil.example' };
    const body = '{"from":"+34600123456","text":"1"}';
    // Its origin makes it a stranger; without one it is the wrong kind of body.
    expect((await scene.ask('POST', '/api/sandbox/messages', { body, headers })).statusCode).toBe(401);
    const unnamed = { 'content-type': 'text/plain' };
    expect((await scene.ask('POST', '/api/sandbox/messages', { body, headers: unnamed })).statusCode).toBe(415);
  });
});

describe('a webhook', () => {
  const post = (body: string | Buffer, headers: Record<string, string>) =>
    scene.ask('POST', '/webhooks/fake', { body, headers });

  test('gets the bytes as they came, whatever they are called', async () => {
    const bytes = Buffer.from('{ "a" :\u00a01,\r\n"b": "\\u00e9" }\n\xff', 'latin1');
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const response = await post(bytes, { 'x-signature': 'right', 'content-type': type });
      expect(response.statusCode).toBe(200);
    }
    expect(scene.webhook.bodies).toEqual([bytes, bytes, bytes]);
  });

  test('gets JSON that is none, too: its signature comes first', async () => {
    expect((await post('{"a":', { 'content-type': 'application/json' })).statusCode).toBe(403);
    expect((await post('{"a":', { 'content-type': 'application/json', 'x-signature': 'right' })).statusCode).toBe(200);
  });

  test('with a wrong signature is 403, without a body 400', async () => {
    const wrong = await post('{}', { 'x-signature': 'wrong' });
    expect(wrong.statusCode).toBe(403);
    expect(wrong.json().code).toBe('not-allowed');
    const empty = await scene.ask('POST', '/webhooks/fake', { headers: { 'x-signature': 'right' } });
    expect(empty.statusCode).toBe(400);
  });

  test('beyond its size is 413', async () => {
    const own = await openApiScene({ limits: { webhookBytes: 100 } });
    const headers = { 'x-signature': 'right', 'content-type': 'application/json' };
    expect((await own.ask('POST', '/webhooks/fake', { body: 'a'.repeat(101), headers })).statusCode).toBe(413);
    expect((await own.ask('POST', '/webhooks/fake', { body: 'a'.repeat(100), headers })).statusCode).toBe(200);
    await own.close();
  });

  test('whose messages cannot be stored is 503: the provider sends again', async () => {
    scene.webhook.receive = async () => {
      throw new HiloError('store-unavailable', 'PostgreSQL does not answer');
    };
    const response = await post('{}', { 'x-signature': 'right' });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
  });

  test('answers the handshake with what was asked, as text', async () => {
    const response = await scene.ask('GET', '/webhooks/fake?token=agreed&challenge=%3Cb%3E1%3C/b%3E');
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe('<b>1</b>');
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect((await scene.ask('GET', '/webhooks/fake?token=other&challenge=1')).statusCode).toBe(403);
  });
});
