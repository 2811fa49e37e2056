// What ends by itself on the floor, with nothing else happening that could make anybody look.
import { expect, test } from 'vitest';
import { REFUSAL_REMEMBERED_MS } from '../../../src/core/acd/entry-transition.js';
import { worksOf } from '../../../src/core/acd/work/work.js';
import { openScene } from '../scene.js';

test('the only agent refuses: offered again as soon as the refusal is forgotten, and no sooner', async () => {
  const scene = await openScene({ agents: ['ana'] });
  scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 500 });
  scene.call('1001');
  await scene.until('Ana refuses', () => scene.facts('offer-refused').length === 1);
  scene.network.habits.set('ana-desk', { does: 'answers', afterMs: 500 });
  await scene.advance(REFUSAL_REMEMBERED_MS - 500);
  expect(scene.facts('offered')).toHaveLength(1);
  await scene.until('Ana talks', () => scene.agentStates()['ana'] === 'busy', 2_000);
});

test('a task that nobody takes in the ringing time waits again, and the agent is free of it', async () => {
  const scene = await openScene({ agents: ['ana'] });
  const { works, live } = scene.node.centre;
  await works.open({ queue: 'support', kind: 'task', title: 'Call the bank' });
  const held = () => worksOf(live.agent('ana') ?? {});
  await scene.until('Ana is offered it', () => held().length === 1);
  const [offer] = held();
  const leaseMs = offer?.state === 'offered' ? offer.expiresAtMs - scene.clock.nowMs() : 0;
  await scene.until('it is over', () => held().length === 0, leaseMs + 2_000);
  await scene.until('the record tells', () => scene.facts('offer-refused').length === 1, 2_000);
  expect(scene.facts('offer-refused')).toMatchObject([{ agent: 'ana', reason: 'no-answer' }]);
  expect(scene.entries()).toMatchObject([{ state: 'waiting', kind: 'task' }]);
  await scene.until('it is offered again', () => held().length === 1, REFUSAL_REMEMBERED_MS + 2_000);
});
