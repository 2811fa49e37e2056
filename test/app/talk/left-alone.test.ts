// What goes wrong half-way in a talk: nobody is left in silence, and the customer is never lost with the agent.
import { describe, expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import { BRUNO, BY_ANA, refusal, talking } from './talking.js';

const REFUSED = new HiloError('telephony-unavailable', 'the media server does not do it');
const once = (): Promise<never> => Promise.reject(REFUSED);

describe('an agent who hangs up', () => {
  test('while the colleague still rings: the customer goes on to the colleague, with the note', async () => {
    const { scene, customer, talk, leg } = await talking();
    scene.network.habits.set('bruno-desk', { does: 'answers', afterMs: 2_000 });
    await talk.consult(BRUNO, { by: 'ana', note: 'an invoice' });
    await scene.advance(500);
    leg('ana')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(100);
    expect([customer.end, customer.music, scene.agentStates()['ana']]).toEqual([undefined, 'moh', 'wrap-up']);
    expect(scene.network.ringing('bruno-desk')?.headers).toMatchObject({ 'X-Hilo-Note': 'an invoice' });
    await scene.until('they talk', () => customer.partner !== undefined);
    expect(customer.partner).toBe(leg('bruno'));
    expect(scene.facts('transferred')).toMatchObject([{ by: 'ana', way: 'blind', to: 'agent bruno' }]);
    expect(scene.facts('consultation-ended')).toMatchObject([{ result: 'cancelled' }]);
  });

  test('and whose colleague does not come after all: back to the queue, at the same place', async () => {
    const { scene, customer, talk, leg } = await talking();
    scene.network.habits.set('bruno-desk', { does: 'refuses', reason: 'busy', afterMs: 2_000 });
    await talk.consult(BRUNO, BY_ANA);
    leg('ana')?.finish({ by: 'network', reason: 'media-time-out' });
    await scene.until('back with ana', () => customer.partner !== undefined);
    expect(customer.partner).toBe(leg('ana'));
    expect(scene.facts('transfer-failed')).toMatchObject([{ to: 'agent bruno', next: 'queue support' }]);
  });
});

describe('an agent whose connection is lost', () => {
  test.each(['connection-lost', 'media-time-out', 'session-expired'])(
    '(%s): the customer goes back to the queue, and the next agent has them',
    async (reason) => {
      const { scene, customer, leg } = await talking();
      leg('ana')?.finish({ by: 'network', reason });
      await scene.until('they talk again', () => customer.partner !== undefined && customer.partner === leg('bruno'));
      expect(customer.end).toBeUndefined();
      expect(scene.facts('transferred')).toMatchObject([{ by: 'hilo', way: 'lost', from: 'ana', to: 'queue support' }]);
      expect(scene.ends()).toEqual([]);
    },
  );

  test('and whose customer hangs up at once: served by nobody else, and nothing is left', async () => {
    const { scene, caller, leg } = await talking([]);
    leg('ana')?.finish({ by: 'network', reason: 'connection-lost' });
    await scene.advance(100);
    caller.hangUp();
    await scene.advance(1_000);
    expect(scene.ends()).toHaveLength(1);
    expect(scene.agentStates()['ana']).not.toBe('busy');
  });
});

describe('a step that is not done', () => {
  test.each(['hold', 'transfer', 'consult'] as const)('%s: agent and customer talk on', async (step) => {
    const { customer, talk, leg } = await talking();
    const steps = {
      hold: () => talk.hold('ana', true),
      transfer: () => talk.transfer(BRUNO, BY_ANA),
      consult: () => talk.consult(BRUNO, BY_ANA),
    };
    customer.startMusic = once;
    expect(await refusal(steps[step]())).toBe('telephony-unavailable');
    expect([talk.state, customer.partner]).toEqual(['talking', leg('ana')]);
  });

  test('a conference: agent and customer talk on, who was to come is hung up', async () => {
    const { scene, customer, talk, leg } = await talking();
    const ana = leg('ana');
    if (ana !== undefined) ana.join = once;
    const growing = refusal(talk.conference('ana', BRUNO));
    await scene.advance(2_000);
    expect(await growing).toBe('telephony-unavailable');
    expect([talk.state, customer.room, customer.partner]).toEqual(['talking', undefined, ana]);
    expect(leg('bruno')).toBeUndefined();
    expect(scene.agentStates()['bruno']).not.toBe('busy');
  });

  test('a take-over by a supervisor whose phone is gone just then: agent and customer talk on', async () => {
    const { scene, customer, leg } = await talking();
    const { monitoring, talks } = scene.node.centre;
    const interaction = scene.events()[0]?.interaction ?? '';
    monitoring.start(interaction, { device: 'bruno-desk' }, 'listen', 'sofia');
    await scene.until('joined', () => monitoring.of(interaction)?.state === 'joined');
    const taking = refusal(talks.takeOver(interaction, 'sofia'));
    leg('bruno')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(100);
    expect(await taking).toBe('leg-ended');
    expect(customer.partner).toBe(leg('ana'));
    expect(scene.agentStates()).toMatchObject({ ana: 'busy', bruno: 'available' });
  });

  test('counting the calls to a number that is asked: back to the customer, and the record says why', async () => {
    const { scene, customer, talk, leg } = await talking();
    scene.node.loseLiveStore();
    await talk.consult({ kind: 'number', number: '+34910111222' }, BY_ANA);
    await scene.advance(1_000);
    expect([talk.state, customer.partner]).toEqual(['talking', leg('ana')]);
    expect(scene.facts('consultation-ended')).toMatchObject([
      { result: 'not-reached', reason: 'counters-unavailable' },
    ]);
  });
});

describe('a supervisor', () => {
  test('cannot take over what is being asked about, and goes on listening', async () => {
    const { scene, talk } = await talking(['bruno', 'carla']);
    const { monitoring, talks } = scene.node.centre;
    const interaction = scene.events()[0]?.interaction ?? '';
    monitoring.start(interaction, { device: 'carla-desk' }, 'listen', 'sofia');
    await scene.until('joined', () => monitoring.of(interaction)?.state === 'joined');
    await talk.consult(BRUNO, BY_ANA);
    expect(await refusal(talks.takeOver(interaction, 'sofia'))).toBe('wrong-state');
    expect(monitoring.of(interaction)?.state).toBe('joined');
  });
});

test('a REFER that cannot be followed now leaves the second call of the phone alone', async () => {
  const { scene, talk, leg } = await talking(['bruno', 'carla']);
  const second = scene.agentCalls('ana', '2002');
  await scene.until('ana asks bruno', () => second.leg?.partner !== undefined);
  const bruno = leg('bruno');
  expect(bruno).toBeDefined();
  await talk.consult({ kind: 'agent', agent: 'carla' }, BY_ANA);
  await expect(leg('ana')?.refer({ to: 'bruno', replaces: second.callId })).rejects.toThrow('wrong-state');
  expect([bruno?.end, second.leg?.partner]).toEqual([undefined, bruno]);
});

test('who was muted in a conference is known to be muted when only they are left', async () => {
  const { scene, talk, leg } = await talking();
  const growing = talk.conference('ana', BRUNO);
  await scene.until('three', () => talk.state === 'together');
  await growing;
  const bruno = talk.sides.find(({ party }) => party.name === 'bruno');
  if (bruno === undefined) throw new Error('bruno is not there');
  await talk.mute('bruno', bruno, true);
  expect(talk.isMuted()).toBe(false);
  leg('ana')?.finish({ by: 'agent', reason: 'hung-up' });
  await scene.advance(100);
  expect([talk.main, talk.isMuted()]).toEqual([bruno, true]);
});
