// The texts of the centre over HTTP: read, checked, published; a broken one changes nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { processorMs } from '../support/processor-time.js';

const YAML = { 'content-type': 'text/yaml' };

let scene: ApiScene;
let main: string;
beforeEach(async () => {
  scene = await openApiScene();
  main = await scene.text('main.yaml');
});
afterEach(() => scene?.close());

const put = (name: string, body: string | Buffer, headers: Record<string, string> = YAML) =>
  scene.ask('PUT', `/api/flows/${name}`, { as: 'admin', body, headers });
const check = (body: string, query = '') =>
  scene.ask('POST', `/api/flows/check${query}`, { as: 'sofia', body, headers: YAML });

describe('reading', () => {
  test('the list names the centre and its flows', async () => {
    const { flows, issues } = (await scene.ask('GET', '/api/flows', { as: 'sofia' })).json();
    expect(flows).toMatchObject([
      { name: 'centre', kind: 'centre' },
      { name: 'main', kind: 'flow' },
    ]);
    expect(issues).toEqual([]);
  });

  test('a flow is its text', async () => {
    const response = await scene.ask('GET', '/api/flows/main', { as: 'sofia' });
    expect(response.headers['content-type']).toBe('text/yaml; charset=utf-8');
    expect(response.headers['etag']).toMatch(/^".+"$/);
    expect(response.body).toBe(main);
  });

  test('one that is not there is 404', async () => {
    expect((await scene.ask('GET', '/api/flows/nothing', { as: 'sofia' })).statusCode).toBe(404);
  });
});

describe('the schemas for editors', () => {
  test.each([
    ['/api/flows/schema', 'A flow of Hilo', 'steps'],
    ['/api/flows/schema/centre', 'The centre of Hilo', 'queues'],
  ])('%s, without an account', async (path, title, key) => {
    const response = await scene.ask('GET', path, {});
    expect(response.statusCode).toBe(200);
    const schema = response.json();
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', title });
    expect(schema.properties[key].description).toMatch(/\.$/);
  });
});

describe('a warning', () => {
  test('is told and keeps nothing from coming into force', async () => {
    const text = main.replace('Que tenga un buen día.', 'O llame al 900 123 456.');
    const { ok, issues } = (await check(text, '?name=main')).json();
    expect(ok).toBe(true);
    expect(issues).toEqual([expect.objectContaining({ severity: 'warning', file: 'main.yaml' })]);
    expect((await put('main', text)).statusCode).toBe(200);
    expect((await scene.ask('GET', '/api/flows', { as: 'sofia' })).json().issues).toEqual(issues);
  });

  test('is an error where the centre says so', async () => {
    const centre = await scene.text('centre.yaml');
    expect((await put('centre', centre.replace('beyond: warning', 'beyond: error'))).statusCode).toBe(200);
    const response = await put('main', main.replace('      0: person\n', '      0: person\n      5: person\n'));
    expect(response.statusCode).toBe(422);
    expect(response.json().issues).toEqual([expect.objectContaining({ severity: 'error' })]);
  });
});

describe('publishing', () => {
  test.each(['text/yaml', 'application/yaml', 'text/yaml; charset=utf-8'])(
    'a good text as %s is in force',
    async (type) => {
      const changed = main.replace('gracias por llamar', 'muchas gracias por llamar');
      expect(changed).not.toBe(main);
      const response = await put('main', changed, { 'content-type': type });
      expect(response.statusCode).toBe(200);
      expect(response.json()).toEqual({ name: 'main', revision: expect.any(String) });
      expect((await scene.ask('GET', '/api/flows/main', { as: 'sofia' })).body).toBe(changed);
    },
  );

  test('a new flow joins the others', async () => {
    expect((await put('second', main.replace('name: main', 'name: second'))).statusCode).toBe(200);
    const { flows } = (await scene.ask('GET', '/api/flows', { as: 'sofia' })).json();
    expect(flows.map(({ name }: { name: string }) => name)).toEqual(['centre', 'main', 'second']);
  });

  test('the centre is a text like the others', async () => {
    const centre = await scene.text('centre.yaml');
    expect((await put('centre', centre.replace('title: Ana Molina', 'title: Ana M.'))).statusCode).toBe(200);
    const { agents } = (await scene.ask('GET', '/api/agents', { as: 'ana' })).json();
    expect(agents[0].title).toBe('Ana M.');
  });

  test('a text with mistakes is refused with the place of each, and nothing changes', async () => {
    const response = await put('main', main.replace('start: welcome', 'start: nowhere'));
    expect(response.statusCode).toBe(422);
    const { code, issues } = response.json();
    expect(code).toBe('invalid-flow');
    const line = main.split('\n').findIndex((text) => text.startsWith('start:')) + 1;
    expect(issues).toEqual([
      {
        severity: 'error',
        file: 'main.yaml',
        line,
        column: 8,
        message: expect.stringContaining('nowhere'),
        advice: expect.any(String),
      },
    ]);
    expect(await scene.text('main.yaml')).toBe(main);
    expect((await scene.ask('GET', '/api/flows/main', { as: 'sofia' })).body).toBe(main);
  });

  test.each([
    ['not YAML', 'a: [', 422],
    ['an alias bomb', `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]`, 422],
    ['the same key twice', 'version: 1\nversion: 1', 422],
    ['nothing', '', 422],
    ['bytes that are no text', Buffer.from([0x61, 0xff, 0xfe]), 400],
  ])('%s is refused', async (_title, body, status) => {
    const costMs = await processorMs(async () => expect((await put('main', body)).statusCode).toBe(status));
    expect(costMs).toBeLessThan(2_000);
    expect(await scene.text('main.yaml')).toBe(main);
  });

  test.each(['..%2Fmain', '%2Fetc%2Fpasswd', 'a.yaml', '-x', 'a'.repeat(65), 'a%00b', 'a%0d%0ab'])(
    'the name %s is refused',
    async (name) => {
      const before = await scene.files.read();
      expect([400, 404]).toContain((await put(name, main)).statusCode);
      expect(await scene.files.read()).toEqual(before);
    },
  );

  test('there is a limit to the number of flows, not to their changes', async () => {
    const own = await openApiScene({ limits: { flows: 1 } });
    const ask = (name: string, body: string) =>
      own.ask('PUT', `/api/flows/${name}`, { as: 'admin', body, headers: YAML });
    expect((await ask('second', main.replace('name: main', 'name: second'))).statusCode).toBe(409);
    expect((await ask('main', main)).statusCode).toBe(200);
    await own.close();
  });
});

describe('checking', () => {
  test('says what would be wrong and changes nothing', async () => {
    expect((await check(main, '?name=main')).json()).toEqual({ ok: true, issues: [] });
    const broken = (await check(main.replace('start: welcome', 'start: nowhere'), '?name=main')).json();
    expect(broken.ok).toBe(false);
    expect(broken.issues[0]).toMatchObject({ file: 'main.yaml', column: 8 });
    expect(await scene.text('main.yaml')).toBe(main);
  });

  test('without a name it is a draft', async () => {
    const { issues } = (await check('version: 1')).json();
    expect(issues[0]).toMatchObject({ file: 'draft.yaml' });
  });

  test('has a limit of its own', async () => {
    const own = await openApiScene({ limits: { checks: 2 } });
    const ask = () => own.ask('POST', '/api/flows/check', { as: 'sofia', body: main, headers: YAML });
    const statuses = [await ask(), await ask(), await ask()].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([200, 200, 429]);
    await own.close();
  });
});
