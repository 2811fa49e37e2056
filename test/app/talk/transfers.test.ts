// Hold, transfer, consultation, conference and take-over, with everybody's ears: who hears whom, and what the record says.
import { describe, expect, test } from 'vitest';
import { COLLEAGUE_RING_MS } from '../../../src/app/talk/colleagues.js';
import { timeline } from '../../../src/core/interaction/timeline/timeline.js';
import type { Scene } from '../scene.js';
import { BRUNO, BY_ANA, isWith, refusal, type Talking, talking } from './talking.js';

/** May be called by the centre of the tests. */
const PARTNER = '+34910111222';

const told = (scene: Scene): string[] =>
  scene.told().filter((type) => /hold|mute|consult|transfer|party|connected/.test(type));

describe('hold', () => {
  test('the customer hears music, then the agent again', async () => {
    const { scene, customer, talk, leg } = await talking();
    await talk.hold('ana', true);
    expect([customer.music, customer.partner, leg('ana')?.partner]).toEqual(['moh', undefined, undefined]);
    expect(await refusal(talk.hold('ana', true))).toBe('wrong-state');
    await talk.hold('ana', false);
    expect([customer.music, customer.partner]).toEqual([undefined, leg('ana')]);
    expect(scene.facts('hold-changed')).toMatchObject([{ by: 'ana', held: true }, { held: false }]);
    expect(scene.agentStates()['ana']).toBe('busy');
  });

  test('by the button of the phone is the same', async () => {
    const { scene, customer, leg } = await talking();
    leg('ana')?.pressHold(true);
    await scene.settle();
    expect(customer.music).toBe('moh');
    leg('ana')?.pressHold(false);
    await scene.settle();
    expect(customer.partner).toBe(leg('ana'));
    expect(scene.facts('hold-changed')).toHaveLength(2);
  });

  test('a customer who hangs up meanwhile frees the agent; an agent who does ends the call', async () => {
    const one = await talking();
    await one.talk.hold('ana', true);
    one.caller.hangUp();
    await one.scene.advance(100);
    expect(one.leg('ana')).toBeUndefined();
    expect(one.scene.agentStates()['ana']).toBe('wrap-up');
    const other = await talking();
    await other.talk.hold('ana', true);
    other.leg('ana')?.finish({ by: 'agent', reason: 'hung-up' });
    await other.scene.advance(100);
    expect(other.scene.ends()).toEqual(['served by agent: hung-up']);
  });
});

test('mute and keys reach the right leg', async () => {
  const { scene, customer, talk, leg } = await talking();
  await talk.mute('ana', talk.main, true);
  expect([leg('ana')?.muted, talk.isMuted()]).toEqual([true, true]);
  await talk.mute('ana', talk.main, false);
  expect(leg('ana')?.muted).toBe(false);
  await talk.digits('12#');
  expect(customer.keysHeard).toBe('12#');
  expect(scene.facts('mute-changed').map(({ muted }) => muted)).toEqual([true, false]);
});

describe('a blind transfer', () => {
  test('to a colleague: the agent is free at once, note and name travel with the customer', async () => {
    const { scene, customer, talk, leg } = await talking();
    await talk.transfer({ kind: 'agent', agent: 'bruno' }, { by: 'ana', note: 'wants an invoice' });
    await scene.advance(100);
    expect(scene.agentStates()['ana']).toBe('wrap-up');
    expect(scene.network.ringing('bruno-desk')?.headers).toMatchObject({
      'X-Hilo-Transferred-By': 'ana',
      'X-Hilo-Note': 'wants an invoice',
    });
    await scene.until('they talk', () => customer.partner !== undefined);
    expect(customer.partner).toBe(leg('bruno'));
    expect(scene.facts('transferred')).toMatchObject([
      { by: 'ana', way: 'blind', from: 'ana', to: 'agent bruno', note: 'wants an invoice' },
    ]);
    leg('bruno')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(200);
    expect(scene.ends()).toEqual(['served by agent: hung-up']);
    expect(scene.agentStates()['bruno']).toBe('available');
  });

  test('to a queue keeps the customer’s seniority: those who came later wait longer', async () => {
    const { scene, customer, talk } = await talking([]);
    await scene.advance(5_000);
    const later = scene.call('1001', '+34600999888');
    await scene.advance(1_000);
    await talk.transfer({ kind: 'queue', queue: 'support' }, BY_ANA);
    await scene.advance(200);
    const [first] = scene.facts('queued', 0);
    expect(scene.facts('queued', 0)[1]).toMatchObject({ queue: 'support', seniorityMs: first?.seniorityMs });
    await scene.until('served again', () => customer.partner !== undefined);
    expect(later.leg?.partner).toBeUndefined();
  });

  test('to nobody: back to the queue, at the same place', async () => {
    const { scene, customer, talk, leg } = await talking();
    scene.network.habits.set('bruno-desk', { does: 'refuses', reason: 'busy', afterMs: 200 });
    await talk.transfer({ kind: 'agent', agent: 'bruno' }, BY_ANA);
    await scene.until('back with ana after her wrap-up', () => customer.partner !== undefined);
    expect(customer.partner).toBe(leg('ana'));
    expect(scene.facts('transfer-failed')).toMatchObject([
      { to: 'agent bruno', reason: 'busy', next: 'queue support' },
    ]);
  });

  test('a customer who hangs up on the way has abandoned', async () => {
    const { scene, caller, talk } = await talking([]);
    await scene.node.centre.agents.setState('ana', { state: 'break', reason: 'lunch' });
    await talk.transfer({ kind: 'queue', queue: 'support' }, BY_ANA);
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(500);
    expect(scene.ends()).toEqual(['abandoned by customer: hung-up-in-queue']);
    expect(scene.entries()).toEqual([]);
  });

  test('to a number: only where the centre may call', async () => {
    const { scene, customer, talk } = await talking();
    expect(await refusal(talk.transfer({ kind: 'number', number: '+18095551234' }, BY_ANA))).toBe('not-allowed');
    expect(customer.partner).toBeDefined();
    scene.network.habits.set(PARTNER, { does: 'answers', afterMs: 500 });
    await talk.transfer({ kind: 'number', number: PARTNER }, BY_ANA);
    await scene.until('they talk', () => customer.partner !== undefined);
    expect(customer.partner).toBe(scene.network.talking(PARTNER));
  });

  test('by the phone itself: REFER to a device, a queue, a number of the centre; to strangers never', async () => {
    const { scene, customer, leg } = await talking();
    const ana = leg('ana');
    await expect(ana?.refer({ to: 'nobody-here' })).rejects.toThrow('not-found');
    await expect(ana?.refer({ to: '+18095551234' })).rejects.toThrow('not-allowed');
    await ana?.refer({ to: 'bruno-desk' });
    await scene.until('they talk', () => isWith(customer, leg('bruno')));
    expect(scene.facts('transferred')).toMatchObject([{ by: 'ana', way: 'blind', to: 'agent bruno' }]);
  });
});

describe('a consultation', () => {
  async function consulting(): Promise<Talking> {
    const all = await talking();
    await all.talk.consult(BRUNO, { by: 'ana', note: 'an invoice' });
    expect(all.talk.state).toBe('calling');
    expect(all.customer.music).toBe('moh');
    await all.scene.until('they talk', () => all.talk.state === 'consulting');
    return all;
  }

  test('agent and colleague talk, the customer hears music; then the colleague has the customer', async () => {
    const { scene, customer, talk, leg } = await consulting();
    expect([leg('ana')?.partner, customer.music]).toEqual([leg('bruno'), 'moh']);
    expect(scene.agentStates()).toMatchObject({ ana: 'busy', bruno: 'busy' });
    await talk.complete(BY_ANA);
    await scene.advance(100);
    expect(customer.partner).toBe(leg('bruno'));
    expect(customer.music).toBeUndefined();
    expect(leg('ana')).toBeUndefined();
    expect(scene.agentStates()).toMatchObject({ ana: 'wrap-up', bruno: 'busy' });
    expect(told(scene)).toEqual([
      ...['connected', 'consultation-started', 'connected', 'transferred', 'consultation-ended'],
    ]);
    expect(scene.facts('transferred')).toMatchObject([{ way: 'attended', from: 'ana', to: 'bruno', by: 'ana' }]);
    customer.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(100);
    expect(scene.agentStates()['bruno']).toBe('wrap-up');
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
  });

  test('cancelled: back to the customer, the colleague is free', async () => {
    const { scene, customer, talk, leg } = await consulting();
    await talk.cancel();
    await scene.advance(100);
    expect(customer.partner).toBe(leg('ana'));
    expect(scene.agentStates()['bruno']).toBe('available');
    expect(scene.facts('consultation-ended')).toMatchObject([{ result: 'cancelled' }]);
  });

  test('a colleague who hangs up, or does not answer, leaves the agent with the customer', async () => {
    const { scene, customer, talk, leg } = await consulting();
    leg('bruno')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(100);
    expect(customer.partner).toBe(leg('ana'));
    scene.network.habits.set('bruno-desk', { does: 'nothing' });
    await talk.consult(BRUNO, BY_ANA);
    await scene.advance(COLLEAGUE_RING_MS + 200);
    expect([talk.state, customer.partner]).toEqual(['talking', leg('ana')]);
    expect(scene.facts('consultation-ended')).toMatchObject([
      { result: 'hung-up' },
      { result: 'not-reached', reason: 'no-answer' },
    ]);
  });

  test('an agent who hangs up loses nobody: the colleague has the customer', async () => {
    const { scene, customer, leg } = await consulting();
    leg('ana')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(100);
    expect(customer.partner).toBe(leg('bruno'));
    expect(scene.facts('transferred')).toMatchObject([{ way: 'attended', to: 'bruno' }]);
  });

  test('a customer who hangs up ends it for all', async () => {
    const { scene, caller, leg } = await consulting();
    caller.hangUp();
    await scene.advance(100);
    expect([leg('ana'), leg('bruno')]).toEqual([undefined, undefined]);
    expect(scene.agentStates()).toMatchObject({ ana: 'wrap-up', bruno: 'available' });
    expect(scene.facts('consultation-ended')).toMatchObject([{ result: 'cancelled' }]);
  });

  test('with somebody who talks, has no phone or does not exist is refused, and the customer hears nothing of it', async () => {
    const { scene, customer, talk, leg } = await talking();
    expect(await refusal(talk.consult({ kind: 'agent', agent: 'carla' }, BY_ANA))).toBe('wrong-state');
    expect(await refusal(talk.consult({ kind: 'agent', agent: 'nobody' }, BY_ANA))).toBe('not-found');
    scene.agentCalls('bruno', '1003');
    await scene.advance(200);
    expect(await refusal(talk.consult(BRUNO, BY_ANA))).toBe('wrong-state');
    expect(customer.partner).toBe(leg('ana'));
  });
});

describe('a conference', () => {
  test('of three out of a consultation; with two left they simply talk on', async () => {
    const { scene, customer, talk, leg } = await talking();
    await talk.consult(BRUNO, BY_ANA);
    await scene.until('they talk', () => talk.state === 'consulting');
    await talk.conference('ana', undefined);
    const rooms = [customer, leg('ana'), leg('bruno')].map((one) => one?.room);
    expect(new Set(rooms).size).toBe(1);
    expect(rooms[0]).toBeDefined();
    leg('ana')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(100);
    expect([talk.state, customer.room, customer.partner]).toEqual(['talking', undefined, leg('bruno')]);
    expect(talk.main.party.name).toBe('bruno');
    expect(told(scene)).toEqual([
      ...['connected', 'consultation-started', 'consultation-ended', 'party-joined', 'party-left', 'connected'],
    ]);
  });

  test('grows by an outside number, and somebody is taken out', async () => {
    const { scene, customer, talk, leg } = await talking();
    scene.network.habits.set(PARTNER, { does: 'answers', afterMs: 500 });
    const growing = talk.conference('ana', { kind: 'number', number: PARTNER });
    await scene.until('three', () => talk.state === 'together');
    await growing;
    const bigger = talk.conference('ana', BRUNO);
    await scene.until('four', () => talk.sides.length === 3);
    await bigger;
    expect(
      new Set([customer, leg('ana'), leg('bruno'), scene.network.talking(PARTNER)].map((one) => one?.room)).size,
    ).toBe(1);
    await talk.remove(PARTNER);
    await scene.advance(100);
    expect(scene.network.talking(PARTNER)).toBeUndefined();
    expect(await refusal(talk.remove('nobody'))).toBe('not-found');
    await talk.remove('bruno');
    await scene.advance(100);
    expect(customer.partner).toBe(leg('ana'));
    expect(scene.agentStates()['bruno']).toBe('wrap-up');
  });
});

describe('a take-over by a supervisor', () => {
  test('the customer talks with them, the agent is free', async () => {
    const { scene, customer, talk, leg } = await talking();
    const taking = talk.takeOver({ kind: 'agent', agent: 'bruno' }, 'bruno');
    await scene.until('taken over', () => isWith(customer, leg('bruno')));
    await taking;
    await scene.advance(100);
    expect(leg('ana')).toBeUndefined();
    expect(scene.facts('transferred')).toMatchObject([{ by: 'bruno', way: 'taken-over', from: 'ana', to: 'bruno' }]);
  });

  test('on the line on which they listen already', async () => {
    const { scene, customer, leg } = await talking();
    const { monitoring, talks } = scene.node.centre;
    const interaction = scene.events()[0]?.interaction ?? '';
    monitoring.start(interaction, { device: 'bruno-desk' }, 'listen', 'sofia');
    await scene.until('joined', () => monitoring.of(interaction)?.state === 'joined');
    const ear = leg('bruno');
    await talks.takeOver(interaction, 'sofia');
    await scene.advance(100);
    expect(customer.partner).toBe(ear);
    expect(ear?.end).toBeUndefined();
    expect(scene.network.rung.filter(({ phone }) => phone === 'bruno-desk')).toHaveLength(1);
    expect(scene.agentStates()).toMatchObject({ ana: 'wrap-up', bruno: 'busy' });
    expect(scene.facts('monitor-ended')).toMatchObject([{ by: 'sofia', reason: 'took-over' }]);
    expect(scene.facts('transferred')).toMatchObject([{ by: 'sofia', way: 'taken-over', to: 'bruno' }]);
    ear?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(100);
    expect(scene.agentStates()['bruno']).toBe('available');
    expect(scene.ends()).toEqual(['served by agent: hung-up']);
  });

  test('who does not answer their own phone takes nobody over', async () => {
    const { scene, customer, talk, leg } = await talking();
    scene.network.habits.set('bruno-desk', { does: 'refuses', reason: 'rejected', afterMs: 100 });
    const taking = refusal(talk.takeOver({ kind: 'agent', agent: 'bruno' }, 'bruno'));
    await scene.advance(500);
    expect(await taking).toBe('wrong-state');
    expect(customer.partner).toBe(leg('ana'));
  });
});

test('an attended transfer by the phone alone: REFER with the call to the colleague that it replaces', async () => {
  const { scene, customer, talk, leg } = await talking();
  leg('ana')?.pressHold(true);
  await scene.settle();
  const second = scene.agentCalls('ana', '2002');
  await scene.until('ana asks bruno', () => second.leg?.partner !== undefined);
  const colleague = leg('bruno');
  expect(second.leg?.partner).toBe(colleague);
  await leg('ana')?.refer({ to: 'bruno', replaces: second.callId });
  await scene.advance(300);
  expect(customer.partner).toBe(colleague);
  expect(talk.main.party.name).toBe('bruno');
  expect(second.isGone).toBe(true);
  expect(scene.agentStates()['bruno']).toBe('busy');
  expect(scene.facts('transferred', 0)).toMatchObject([{ way: 'attended', from: 'ana', to: 'bruno' }]);
  // Somebody else's call cannot be given away.
  await expect(colleague?.refer({ to: 'x', replaces: 'not-yours' })).rejects.toThrow('not-found');
});

describe('a supervisor who hangs up', () => {
  test('ends it for both; the record says who did it, and not that the agent did', async () => {
    const { scene, customer, leg } = await talking();
    const interaction = scene.events()[0]?.interaction ?? '';
    await scene.node.centre.talks.cutOff(interaction, 'sofia');
    await scene.advance(100);
    expect([customer.end !== undefined, leg('ana')]).toEqual([true, undefined]);
    expect(scene.facts('talk-cut-off')).toMatchObject([{ by: 'sofia', agent: 'ana' }]);
    expect(scene.ends()).toEqual(['served by hilo: ended-by-supervisor']);
    expect(scene.agentStates()).toMatchObject({ ana: 'wrap-up' });
    const told = timeline(scene.events(), 'en').map(({ text }) => text);
    expect(told).toContain('sofia ended the conversation with ana.');
  });
});
