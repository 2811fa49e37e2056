// Customers who were called back and are passed on: one matter, one call, the place of the first wait.
import { describe, expect, test } from 'vitest';
import type { Talk } from '../../../src/app/talk/talk.js';
import type { FakeLeg } from '../../support/fakes/leg.js';
import { EVA, openScene, type Scene } from '../scene.js';

const BY_ANA = { by: 'ana' };

describe('a customer who was called back', () => {
  /** Eva gave up, asked for a call-back by message, and talks with Ana now. */
  async function calledBack(): Promise<{ scene: Scene; customer: FakeLeg; talk: Talk }> {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    await scene.messenger.receive(EVA, '1');
    await scene.advance(1_000);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 500 });
    scene.agentComes('ana');
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    scene.agentComes('bruno');
    await scene.advance(100);
    const customer = scene.network.talking(EVA);
    if (customer === undefined) throw new Error('nobody answered');
    return { scene, customer, talk: scene.node.centre.talks.of(scene.events()[0]?.interaction ?? '') };
  }

  test('is passed on like any other, within the one matter', async () => {
    const { scene, customer, talk } = await calledBack();
    await talk.transfer({ kind: 'agent', agent: 'bruno' }, BY_ANA);
    await scene.until('they talk', () => customer.partner !== undefined);
    expect(customer.partner).toBe(scene.network.talking('bruno-desk'));
    expect(scene.agentStates()).toMatchObject({ ana: 'wrap-up', bruno: 'busy' });
    scene.network.talking('bruno-desk')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(customer.end).toBeDefined();
    expect(scene.ends().at(-1)).toBe('served by agent: hung-up');
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'connected' }]);
    expect(scene.records.interactions).toHaveLength(1);
  });

  test('waits in a queue at the place of the first wait, and is not lost who hangs up there', async () => {
    const { scene, customer, talk } = await calledBack();
    for (const agent of ['ana', 'bruno']) {
      await scene.node.centre.agents.setState(agent, { state: 'break', reason: 'lunch' });
    }
    await talk.transfer({ kind: 'queue', queue: 'support' }, BY_ANA);
    await scene.advance(5_000);
    const seniorities = scene.facts('queued').map(({ seniorityMs }) => seniorityMs);
    expect(new Set(seniorities).size).toBe(1);
    customer.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.ends().at(-1)).toBe('abandoned by customer: hung-up-in-queue');
    expect(scene.entries()).toEqual([]);
  });
});
