// Another name for a queue over HTTP: looked at, published as one change, refused over what somebody else wrote.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene.close());

const rename = (body: object) =>
  scene.ask('POST', '/api/centre/rename', {
    as: 'admin',
    body: { kind: 'queue', from: 'sales', to: 'ventas', ...body },
  });
const code = async (body: object) => {
  const found = await rename(body);
  return `${found.statusCode} ${found.json().code}`;
};

test('is looked at first, and then in force in the centre and its flows at once', async () => {
  const before = await scene.text('main.yaml');
  const look = (await rename({})).json();
  expect(look.files).toEqual(['centre.yaml', 'main.yaml']);
  expect(look.references).toContainEqual(expect.objectContaining({ file: 'main.yaml' }));
  expect(await scene.text('main.yaml')).toBe(before);
  expect((await rename({ publish: true, note: 'Spanish', over: look.revision })).statusCode).toBe(200);
  expect(await scene.text('main.yaml')).toBe(before.replaceAll('queue: sales', 'queue: ventas'));
  const { queues } = (await scene.ask('GET', '/api/queues', { as: 'ana' })).json();
  expect(queues.map(({ id }: { id: string }) => id)).toContain('ventas');
  expect(queues.map(({ id }: { id: string }) => id)).not.toContain('sales');
  for (const name of ['centre', 'main'])
    expect((await scene.history.revisions(name, 1))[0], name).toMatchObject({ author: 'admin', note: 'Spanish' });
  const { lines } = (await scene.ask('GET', '/api/flows/centre/journal', { as: 'sofia' })).json();
  expect(lines).toContainEqual(expect.objectContaining({ action: 'renamed', by: 'admin' }));
  // A new queue may not take the name that promises still know.
  expect(await code({ from: 'support', to: 'sales' })).toBe('409 wrong-state');
});

test.each([
  [{ from: 'saels' }, '404 not-found'],
  [{ to: 'support' }, '409 wrong-state'],
  [{ to: 'Ventas' }, '400 invalid-input'],
  [{ publish: true, over: 'older' }, '409 version-conflict'],
  [{ kind: 'agent' }, '400 invalid-input'],
])('%j is refused', async (body, told) => {
  const before = await scene.text('centre.yaml');
  expect(await code(body)).toBe(told);
  expect(await scene.text('centre.yaml')).toBe(before);
});
