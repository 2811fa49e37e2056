// A task through the running server: the same queue, the same agents and the same record as calls.
import { expect, test } from 'vitest';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

interface Works {
  readonly works: readonly { readonly id: string; readonly state: string; readonly offer?: string }[];
}

interface Why {
  readonly decisions: readonly { readonly type: string; readonly sentences: readonly string[] }[];
}

const scene = onStage();

test('a task waits, is offered to who is free, taken and finished; why is told', async () => {
  const body = { kind: 'task', title: 'Send the invoice again', contact: scene.newNumber() };
  const task = await scene.api.post<{ id: string; interaction: string }>('/api/queues/support/entries', body);
  const why = await scene.api.get<{ cause: string }>(`/api/queues/support/entries/${task.id}/why`);
  expect(['nobody-signed-in', 'all-occupied']).toContain(why.cause);

  await scene.agent('ana-desk');
  const offered = async () =>
    (await scene.api.get<Works>('/api/agents/ana/works')).works.find(({ id }) => id === task.id);
  await eventually('Ana is offered the task', async () => (await offered())?.state === 'offered');
  await scene.api.post(`/api/offers/${(await offered())?.offer}/accept`, undefined);
  expect((await offered())?.state).toBe('open');
  await scene.api.post(`/api/works/${task.id}/finish`, undefined);
  expect(await offered()).toBeUndefined();

  const path = `/api/interactions/${task.interaction}/why`;
  const types = async () => (await scene.api.get<Why>(path)).decisions.map(({ type }) => type);
  await eventually('the record tells it', async () => (await types()).includes('work-taken'));
  expect(await types()).toEqual(['queued', 'offered', 'left-queue', 'work-taken']);
  const { decisions } = await scene.api.get<Why>(path);
  expect(decisions[1]?.sentences.join(' ')).toMatch(/ana \(0 /);
});
