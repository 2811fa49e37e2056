// The figures over the API: who may see them, in which shape, and as a table for a spreadsheet.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cell, total } from '../../src/core/interaction/figures/counts.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
  scene.figureStore.cells = [cell('support', { offered: 4, answered: 2, answeredInTime: 1, abandoned: 2 })];
});
afterEach(() => scene?.close());

/** The clock of the scene stands at 5 January 2026, 10:00 in Madrid. */
const cell = (queue: string, counts: Partial<Cell['counts']>): Cell => ({
  queue,
  quarterMs: Date.UTC(2026, 0, 5, 8, 30),
  counts: { ...total([]), answeredWaitMs: 30_000, longestWaitMs: 21_000, ...counts },
});

it('today, with sums in the rows and averages made of them', async () => {
  scene.figureStore.left = 7;
  const response = await scene.ask('GET', '/api/figures', { as: 'sofia' });
  expect(response.json()).toMatchObject({
    ...{ from: '2026-01-04T23:00:00.000Z', to: '2026-01-05T23:00:00.000Z', timeZone: 'Europe/Madrid', step: 'quarter' },
    uncounted: 7,
    total: { offered: 4, serviceLevel: 0.25, abandonRate: 0.5, asaMs: 15_000 },
    queues: [{ queue: 'support', total: { offered: 4, longestWaitMs: 21_000 } }],
    rows: [{ start: '2026-01-05T08:30:00.000Z', queue: 'support', answered: 2, answeredWaitMs: 30_000 }],
  });
  expect(response.json().total.ahtMs).toBeUndefined();
});

it('another time, on the clock of the centre; another queue; by day', async () => {
  const ask = async (query: string) => (await scene.ask('GET', `/api/figures?${query}`, { as: 'sofia' })).json();
  expect(await ask('day=yesterday')).toMatchObject({ from: '2026-01-03T23:00:00.000Z', rows: [], queues: [] });
  expect(await ask('from=2026-01-05T09:30&to=2026-01-05T09:31')).toMatchObject({
    ...{ from: '2026-01-05T08:30:00.000Z', to: '2026-01-05T08:45:00.000Z', total: { offered: 4 } },
  });
  expect((await ask('queue=sales')).total.offered).toBe(0);
  expect((await ask('step=day')).rows).toMatchObject([{ start: '2026-01-04T23:00:00.000Z', offered: 4 }]);
});

it.each(['day=tomorrow', 'step=minute', 'queue=../etc', 'from=x', 'from=2026-01-06', 'day=today&to=2026-01-06', 'x=1'])(
  '?%s is refused as a mistake',
  async (query) => {
    const response = await scene.ask('GET', `/api/figures?${query}`, { as: 'sofia' });
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid-input']);
  },
);

it('as CSV for whoever asks for it; what a spreadsheet would run is neutralised', async () => {
  scene.figureStore.cells = [cell('=cmd|calc', { offered: 1 }), ...scene.figureStore.cells];
  const headers = { accept: 'text/csv' };
  const response = await scene.ask('GET', '/api/figures', { as: 'sofia', headers });
  expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(response.headers['content-disposition']).toBe('attachment; filename="hilo-2026-01-05.csv"');
  const [head, formula, support, end] = response.body.split('\r\n');
  expect(head).toMatch(/^start,queue,offered,answered,.*,longestWaitMs,serviceLevel,abandonRate,asaMs,/);
  expect(formula).toContain(",'=cmd|calc,1,");
  expect(support).toMatch(/^2026-01-05T09:30:00\+01:00,support,4,2,1,2,.*,0\.25,0\.5,15000,0,$/);
  expect(end).toBe('');
  const browser = await scene.ask('GET', '/api/figures', { as: 'sofia', headers: { accept: 'text/html,*/*' } });
  expect(browser.headers['content-type']).toContain('application/json');
});

it('agents see none, and only an administrator has them counted again', async () => {
  expect((await scene.ask('GET', '/api/figures', { as: 'ana' })).statusCode).toBe(403);
  expect((await scene.ask('GET', '/api/figures')).statusCode).toBe(401);
  expect((await scene.ask('POST', '/api/figures/rebuild', { as: 'sofia' })).statusCode).toBe(403);
  expect(scene.figureStore.resets).toBe(0);
  expect((await scene.ask('POST', '/api/figures/rebuild', { as: 'admin' })).statusCode).toBe(202);
  expect(scene.figureStore.resets).toBe(1);
});

it('every figure is documented with its formula', async () => {
  const docs = (await scene.ask('GET', '/docs/json')).json();
  const answer = JSON.stringify(docs.paths['/api/figures'].get) + JSON.stringify(docs.components.schemas.Figures);
  for (const formula of ['answeredInTime / (answered + abandoned)', '(talkMs + wrapUpMs) / handled', 'text/csv']) {
    expect(answer).toContain(formula);
  }
});
