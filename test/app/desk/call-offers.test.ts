// A call that rings at an agent's phone, refused on the screen.
import { expect, test } from 'vitest';
import { openScene, type Scene } from '../scene.js';
import { refusal } from '../talk/talking.js';

const ANA = { name: 'ana', forOthers: false };

/** Ana's phone rings with a customer's call, and bruno is there too. */
async function ringing(): Promise<{ scene: Scene; offer: string }> {
  const scene = await openScene({ agents: ['ana'] });
  scene.network.habits.set('ana-desk', { does: 'nothing' });
  scene.call('1001');
  await scene.until('it rings', () => scene.agent('ana')?.state === 'ringing');
  const ana = scene.agent('ana');
  return { scene, offer: ana?.state === 'ringing' ? ana.offer : '' };
}

test('her phone falls silent, she rests, and the caller goes on to the next agent from the same place', async () => {
  const { scene, offer } = await ringing();
  const [before] = scene.entries();
  expect(await scene.node.centre.callOffers.refuse(offer, ANA)).toBe(true);
  await scene.advance(200);
  expect(scene.network.ringing('ana-desk')).toBeUndefined();
  expect(scene.agent('ana')).toMatchObject({ state: 'available', refusals: 1 });
  const [after] = scene.entries();
  expect(after).toMatchObject({ state: 'waiting', entry: before?.entry, seniorityMs: before?.seniorityMs });
  expect(after?.refusedBy).toMatchObject({ ana: { reason: 'rejected' } });
  expect(scene.facts('offer-refused')).toMatchObject([{ offer, agent: 'ana', reason: 'rejected' }]);
  scene.agentComes('bruno');
  await scene.until('bruno has it', () => scene.agent('bruno')?.state === 'busy');
});

test('is nobody else’s to refuse, but a supervisor’s', async () => {
  const { scene, offer } = await ringing();
  const { callOffers } = scene.node.centre;
  expect(await refusal(callOffers.refuse(offer, { name: 'bruno', forOthers: false }))).toBe('not-allowed');
  expect(scene.agent('ana')?.state).toBe('ringing');
  expect(await callOffers.refuse(offer, { name: 'sofia', forOthers: true })).toBe(true);
});

test('an offer that is over, or never was, is none', async () => {
  const { scene, offer } = await ringing();
  const { callOffers } = scene.node.centre;
  expect(await callOffers.refuse('no-such-offer', ANA)).toBe(false);
  await callOffers.refuse(offer, ANA);
  await scene.advance(200);
  expect(await callOffers.refuse(offer, ANA)).toBe(false);
  expect(scene.facts('offer-refused')).toHaveLength(1);
});
