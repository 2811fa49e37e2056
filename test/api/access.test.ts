// Who may do what: the whole API as a table of routes and people.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** The least role; `all` is open to strangers. */
type Least = 'all' | 'agent' | 'supervisor' | 'admin';

type Row = readonly [method: Method, path: string, least: Least, body?: object | string];

const ROUTES: readonly Row[] = [
  ['POST', '/api/session', 'all', {}],
  ['GET', '/health/live', 'all'],
  ['GET', '/health/ready', 'all'],
  ['GET', '/metrics', 'all'],
  ['GET', '/webhooks/fake', 'all'],
  ['POST', '/webhooks/fake', 'all', 'body'],
  ['POST', '/api/sign-in', 'all', {}],
  ['GET', '/api/me', 'agent'],
  ['GET', '/api/me/account', 'agent'],
  ['PUT', '/api/me/password', 'agent', {}],
  ['POST', '/api/me/second-factor', 'agent', {}],
  ['PUT', '/api/me/second-factor', 'agent', {}],
  ['DELETE', '/api/me/second-factor', 'agent', {}],
  ['GET', '/api/figures', 'supervisor'],
  ['POST', '/api/figures/rebuild', 'admin'],
  ['GET', '/api/guide/articles', 'agent'],
  ['GET', '/api/guide/articles/{id}', 'agent'],
  ['GET', '/api/guide/suggestions', 'agent'],
  ['GET', '/api/guide/removed', 'supervisor'],
  ['POST', '/api/guide/articles', 'supervisor', {}],
  ['PUT', '/api/guide/articles/{id}', 'supervisor', {}],
  ['DELETE', '/api/guide/articles/{id}', 'supervisor'],
  ['GET', '/api/guide/articles/{id}/revisions', 'supervisor'],
  ['POST', '/api/guide/articles/{id}/restore', 'supervisor', {}],
  ['GET', '/api/users', 'admin'],
  ['POST', '/api/users', 'admin', {}],
  ['PATCH', '/api/users/{name}', 'admin', { role: 'agent' }],
  ['DELETE', '/api/users/{name}/second-factor', 'admin'],
  ['GET', '/api/sessions', 'admin'],
  ['DELETE', '/api/sessions/{id}', 'admin'],
  ['GET', '/api/channels/accounts', 'admin'],
  ['POST', '/api/channels/{channel}/trials', 'admin', {}],
  ['GET', '/api/webhooks', 'admin'],
  ['POST', '/api/webhooks', 'admin', {}],
  ['PATCH', '/api/webhooks/{id}', 'admin', {}],
  ['DELETE', '/api/webhooks/{id}', 'admin'],
  ['POST', '/api/webhooks/{id}/secret', 'admin'],
  ['POST', '/api/webhooks/{id}/test', 'admin'],
  ['GET', '/api/webhooks/{id}/deliveries', 'admin'],
  ['POST', '/api/webhooks/{id}/deliveries/{number}/replay', 'admin'],
  ['GET', '/api/tokens', 'admin'],
  ['POST', '/api/tokens', 'admin', {}],
  ['DELETE', '/api/tokens/{id}', 'admin'],
  ['GET', '/api/audit', 'admin'],
  ['GET', '/api/audit/csv', 'admin'],
  ['GET', '/api/interactions', 'agent'],
  ['GET', '/api/interactions/{id}/customer', 'agent'],
  ['GET', '/api/interactions/{id}/recordings', 'agent'],
  ['GET', '/api/interactions/{id}/recordings/{recording}/wave', 'agent'],
  ['GET', '/api/interactions/{id}/recordings/{recording}/audio', 'agent'],
  ['GET', '/api/contacts/{id}', 'agent'],
  ['POST', '/api/contacts/{id}/merge', 'supervisor', {}],
  ['DELETE', '/api/contacts/{id}/merge', 'supervisor'],
  ['GET', '/api/interactions/{id}', 'agent'],
  ['POST', '/api/phone/account', 'agent', {}],
  ['GET', '/api/prompts', 'supervisor'],
  ['GET', '/api/prompts/{name}', 'supervisor'],
  ['DELETE', '/api/prompts/{name}', 'admin'],
  ['POST', '/api/prompts/speech', 'admin', {}],
  ['POST', '/api/prompts/heard', 'admin', {}],
  ['GET', '/api/prompts/{name}/{language}/sound', 'supervisor'],
  ['PUT', '/api/prompts/{name}/{language}/sound', 'admin'],
  ['DELETE', '/api/prompts/{name}/{language}/sound', 'admin'],
  ['PUT', '/api/prompts/{name}/{language}/text', 'admin', {}],
  ['DELETE', '/api/prompts/{name}/{language}/text', 'admin'],
  ['GET', '/api/prompts/{name}/{language}/revisions', 'supervisor'],
  ['POST', '/api/prompts/{name}/{language}/rollback', 'admin', {}],
  ['GET', '/api/phone/devices', 'agent'],
  ['PUT', '/api/phone/devices', 'agent', {}],
  ['POST', '/api/phone/call-again', 'agent', {}],
  ['GET', '/api/agents', 'agent'],
  ['GET', '/api/agents/{id}/state', 'agent'],
  ['POST', '/api/agents/{id}/state', 'agent', {}],
  ['POST', '/api/calls/{id}/hold', 'agent'],
  ['POST', '/api/calls/{id}/unhold', 'agent'],
  ['POST', '/api/calls/{id}/mute', 'agent'],
  ['POST', '/api/calls/{id}/unmute', 'agent'],
  ['POST', '/api/calls/{id}/complete', 'agent'],
  ['POST', '/api/calls/{id}/cancel', 'agent'],
  ['POST', '/api/calls/{id}/hangup', 'agent'],
  ['POST', '/api/calls/{id}/transfer', 'agent', {}],
  ['POST', '/api/calls/{id}/consult', 'agent', {}],
  ['POST', '/api/calls/{id}/conference', 'agent', {}],
  ['POST', '/api/calls/{id}/digits', 'agent', {}],
  ['POST', '/api/calls/{id}/take-over', 'supervisor', {}],
  ['GET', '/api/calls/{id}', 'agent'],
  ['DELETE', '/api/calls/{id}/parties/{party}', 'agent'],
  ['POST', '/api/agents/{id}/wrap-up', 'agent', {}],
  ['PATCH', '/api/agents/{id}', 'supervisor', {}],
  ['GET', '/api/agents/{id}/decisions', 'supervisor'],
  ['GET', '/api/agents/{id}/times', 'agent'],
  ['GET', '/api/agents/{id}/presence', 'supervisor'],
  ['PATCH', '/api/contacts', 'supervisor', {}],
  ['POST', '/api/interactions/{id}/disposition', 'agent', {}],
  ['POST', '/api/interactions/{id}/notes', 'agent', {}],
  ['POST', '/api/calls/{id}/monitor', 'supervisor', {}],
  ['GET', '/api/calls/{id}/monitor', 'supervisor'],
  ['PATCH', '/api/calls/{id}/monitor', 'supervisor', {}],
  ['DELETE', '/api/calls/{id}/monitor', 'supervisor'],
  ['POST', '/api/calls/{id}/text', 'agent', {}],
  ['GET', '/api/queues', 'agent'],
  ['GET', '/api/queues/{id}/entries', 'supervisor'],
  ['POST', '/api/queues/{id}/entries', 'agent', {}],
  ['DELETE', '/api/queues/{id}/entries/{entry}', 'supervisor'],
  ['PATCH', '/api/queues/{id}/entries/{entry}', 'supervisor', {}],
  ['PUT', '/api/queues/{id}/alarms', 'supervisor', {}],
  ['DELETE', '/api/queues/{id}/alarms', 'supervisor'],
  ['POST', '/api/queues/{id}/alarms/{kind}/acknowledge', 'supervisor', {}],
  ['GET', '/api/teams', 'supervisor'],
  ['GET', '/api/callbacks/{id}/why', 'supervisor'],
  ['PUT', '/api/agents/{id}/team', 'supervisor', {}],
  ['DELETE', '/api/agents/{id}/team', 'supervisor'],
  ['GET', '/api/notices', 'agent'],
  ['POST', '/api/notices', 'supervisor', {}],
  ['DELETE', '/api/notices/{id}', 'supervisor'],
  ['GET', '/api/queues/{id}/entries/{entry}/why', 'supervisor'],
  ['GET', '/api/interactions/{id}/why', 'supervisor'],
  ['GET', '/api/agents/{id}/works', 'agent'],
  ['POST', '/api/offers/{id}/accept', 'agent'],
  ['POST', '/api/offers/{id}/refuse', 'agent'],
  ['POST', '/api/works/{id}/finish', 'agent'],
  ['GET', '/api/conversations', 'agent'],
  ['POST', '/api/conversations', 'agent', {}],
  ['GET', '/api/written-channels', 'agent'],
  ['GET', '/api/conversations/{id}', 'agent'],
  ['GET', '/api/conversations/{id}/attachments/{attachment}', 'agent'],
  ['GET', '/api/canned-texts', 'agent'],
  ['POST', '/api/conversations/{id}/messages', 'agent', {}],
  ['POST', '/api/conversations/{id}/read', 'agent', {}],
  ['POST', '/api/conversations/{id}/attachments', 'agent'],
  ['POST', '/api/conversations/{id}/transfer', 'agent', {}],
  ['POST', '/api/conversations/{id}/close', 'agent', {}],
  ['POST', '/api/conversations/{id}/call', 'agent'],
  ['GET', '/api/chat', 'all'],
  ['POST', '/api/chat/messages', 'all', {}],
  ['POST', '/api/chat/call-back', 'all', {}],
  ['POST', '/api/chat/files', 'all'],
  ['GET', '/api/chat/files/{id}', 'all'],
  ['POST', '/api/callbacks', 'all', {}],
  ['GET', '/api/callbacks', 'agent'],
  ['DELETE', '/api/callbacks/{id}', 'agent'],
  ['GET', '/api/work-list', 'agent'],
  ['POST', '/api/work-list/{id}/take', 'agent', {}],
  ['DELETE', '/api/work-list/{id}/take', 'agent'],
  ['GET', '/api/work-list/{id}/times', 'agent'],
  ['POST', '/api/work-list/{id}/postpone', 'agent', {}],
  ['POST', '/api/work-list/{id}/cancel', 'agent', {}],
  ['POST', '/api/work-list/{id}/settle', 'agent', {}],
  ['POST', '/api/work-list/{id}/voicemails/{recording}', 'agent', {}],
  ['POST', '/api/placed-calls', 'agent', {}],
  ['GET', '/api/placed-calls', 'agent'],
  ['GET', '/api/placed-calls/queues', 'agent'],
  ['DELETE', '/api/placed-calls/{id}', 'agent'],
  ['GET', '/api/recovery', 'agent'],
  ['GET', '/api/recovery/figures', 'supervisor'],
  ['GET', '/api/emergency', 'agent'],
  ['PUT', '/api/emergency', 'supervisor', {}],
  ['DELETE', '/api/emergency', 'supervisor'],
  ['GET', '/api/flows', 'supervisor'],
  ['GET', '/api/flows/schema', 'all'],
  ['GET', '/api/flows/schema/centre', 'all'],
  ['GET', '/api/flows/schema/tests', 'all'],
  ['GET', '/api/flows/{name}', 'supervisor'],
  ['PUT', '/api/flows/{name}', 'admin', 'text'],
  ['POST', '/api/flows/check', 'supervisor', 'text'],
  ['GET', '/api/flows/{name}/revisions', 'supervisor'],
  ['GET', '/api/flows/{name}/revisions/{revision}', 'supervisor'],
  ['GET', '/api/flows/{name}/diff', 'supervisor'],
  ['GET', '/api/flows/{name}/journal', 'supervisor'],
  ['POST', '/api/flows/{name}/rollback', 'admin', {}],
  ['GET', '/api/flows/{name}/rollout', 'supervisor'],
  ['POST', '/api/flows/{name}/rollout', 'admin', {}],
  ['POST', '/api/flows/{name}/rollout/promote', 'admin'],
  ['POST', '/api/flows/{name}/rollout/abort', 'admin', {}],
  ['GET', '/api/flows/{name}/references', 'supervisor'],
  ['GET', '/api/flows/{name}/today', 'supervisor'],
  ['DELETE', '/api/flows/{name}', 'admin'],
  ['POST', '/api/flows/{name}/rename', 'admin', {}],
  ['POST', '/api/flows/{name}/publish', 'admin', {}],
  ['POST', '/api/centre/rename', 'admin', {}],
  ['GET', '/api/flows/{name}/tests', 'supervisor'],
  ['PUT', '/api/flows/{name}/tests', 'admin', 'text'],
  ['POST', '/api/flows/{name}/tests/run', 'supervisor', 'text'],
  // Behind a proxy: nobody is at this machine.
  ['GET', '/api/sandbox/messages', 'supervisor'],
  ['POST', '/api/sandbox/messages', 'supervisor', {}],
  ['GET', '/api/sandbox/attachments/{id}', 'supervisor'],
  ['POST', '/api/sandbox/attachments', 'supervisor'],
  ['GET', '/api/jobs/failed', 'supervisor'],
  ['GET', '/api/servers', 'supervisor'],
  ['PUT', '/api/servers/{server}', 'admin', { draining: true }],
  ['GET', '/api/breaks', 'agent'],
  ['POST', '/api/calls/{id}/recording', 'agent', {}],
  ['GET', '/debug', 'admin'],
  // Last: the token is gone afterwards.
  ['POST', '/api/sign-out', 'agent'],
];
const PEOPLE = [
  ['a stranger', undefined, 0],
  ['ana, an agent', 'ana', 1],
  ['sofia, a supervisor', 'sofia', 2],
  ['admin', 'admin', 3],
] as const;
const RANK = { all: 0, agent: 1, supervisor: 2, admin: 3 } as const;

let scene: ApiScene;
beforeAll(async () => {
  scene = await openApiScene();
});
afterAll(() => scene?.close());

describe.each(PEOPLE)('%s', (_title, as, rank) => {
  test.for(ROUTES)('%s %s takes %s', async ([method, path, least, body]) => {
    // Agents look for a customer there.
    const question = path === '/api/interactions' ? '?contact=nothing' : '';
    const url = path.replace(/\{(id|name|party)\}/g, 'nothing') + question;
    const options = { headers: { 'x-forwarded-for': '203.0.113.7' }, ...(body === undefined ? {} : { body }) };
    const { statusCode, headers } = await scene.ask(method, url, as === undefined ? options : { ...options, as });
    if (rank >= RANK[least]) {
      // Let in: what it does then is told elsewhere. A webhook refuses with 403 by its own signature.
      expect(statusCode).not.toBe(401);
      if (!path.startsWith('/webhooks')) expect(statusCode).not.toBe(403);
    } else {
      expect(statusCode).toBe(as === undefined ? 401 : 403);
      expect(headers['content-type']).toBe('application/problem+json');
    }
    expect(headers['www-authenticate']).toBe(statusCode === 401 ? 'Bearer realm="hilo"' : undefined);
  });
});

test('the table has every route there is', async () => {
  const { paths } = (await scene.ask('GET', '/docs/json')).json();
  const documented = Object.entries(paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const others = [
    // It ends the session that the other rows need; browser-session.test.ts has it.
    'DELETE /api/session',
    // For nobody from elsewhere, whatever the role; visits.test.ts has them.
    ...['POST /api/visits', 'GET /api/visits/{id}', 'DELETE /api/visits/{id}', 'POST /api/visits/{id}/agent-ready'],
  ];
  expect(documented.sort()).toEqual([...others, ...ROUTES.map(([method, path]) => `${method} ${path}`)].sort());
});

describe('tokens', () => {
  // {"alg":"none"} {"name":"admin","role":"admin"}
  const forged = 'eyJhbGciOiJub25lIn0.eyJuYW1lIjoiYWRtaW4iLCJyb2xlIjoiYWRtaW4ifQ.';
  test.each([
    ['none', ''],
    ['of another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['without a token', 'Bearer'],
    ['an unsigned JWT', `Bearer ${forged}`],
    ['two words', 'Bearer one two'],
    ['very long', `Bearer ${'a'.repeat(5_000)}`],
    ['a guess', `Bearer ${'0'.repeat(64)}`],
  ])('%s: 401', async (_title, authorization) => {
    const { statusCode, body } = await scene.ask('GET', '/debug', { headers: { authorization } });
    expect(statusCode).toBe(401);
    expect(JSON.parse(body).code).toBe('not-signed-in');
  });

  test('the scheme may be written in any case', async () => {
    const authorization = `bearer ${await scene.token('bruno')}`;
    const { statusCode } = await scene.ask('GET', '/api/me', { headers: { authorization } });
    expect(statusCode).toBe(200);
  });

  test('nobody becomes more by what they send', async () => {
    const body = { state: 'available', role: 'admin', user: 'admin' };
    const { statusCode } = await scene.ask('POST', '/api/agents/bruno/state', { as: 'bruno', body });
    expect(statusCode).toBe(400);
    const still = await scene.ask('GET', '/debug?role=admin', { as: 'bruno', headers: { 'x-role': 'admin' } });
    expect(still.statusCode).toBe(403);
  });

  test('a role that was taken away is gone at once', async () => {
    const own = await openApiScene();
    await own.token('sofia');
    const sofia = own.users.users.get('sofia');
    if (sofia === undefined) throw new Error('sofia is a user');
    own.users.users.set('sofia', { ...sofia, role: 'agent' });
    expect((await own.ask('GET', '/api/interactions', { as: 'sofia' })).statusCode).toBe(403);
    await own.close();
  });
});
