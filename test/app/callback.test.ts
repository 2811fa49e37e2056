// An abandoned call comes back: as a message, as an answer, as a call-back, all in one record.
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { FAILURES_MAX } from '../../src/app/call/trunk-health.js';
import { EVA, LUIS, openScene, type Scene, type SceneOptions } from './scene.js';

const MINUTE_MS = 60_000;
const PHONE = EVA;

/** Eva waits ten seconds in vain, hangs up and gets the message. */
async function abandoned(options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(options);
  const caller = scene.call('1001');
  await scene.advance(10_000);
  caller.hangUp();
  await scene.advance(1_000);
  return scene;
}

/** … and answers it. */
async function asked(text = '1', options: SceneOptions = {}): Promise<Scene> {
  const scene = await abandoned(options);
  await scene.messenger.receive(PHONE, text);
  await scene.advance(1_000);
  return scene;
}

describe('abandoned → offer → reply → call-back', () => {
  test('one interaction from the first INVITE to the last BYE', async () => {
    const scene = await abandoned();
    expect(scene.state()).toBe('waiting-for-customer');
    expect(scene.messenger.sent).toMatchObject([{ to: EVA, text: expect.stringMatching(/^Hilo: .*H-\w{4}-\w{4}$/) }]);
    await scene.advance(60_000, 500);
    await scene.messenger.receive(PHONE, '1');
    await scene.advance(1_000);
    expect(scene.state()).toBe('callback-due');
    expect(scene.messenger.sent.at(-1)?.text).toMatch(/^Perfecto/);
    const [wait] = scene.facts('queued');
    expect(scene.facts('callback-requested')).toMatchObject([
      { number: EVA, queue: 'support', seniorityMs: wait?.seniorityMs },
    ]);

    scene.network.habits.set(PHONE, { does: 'answers', afterMs: 2_000 });
    scene.agentComes('ana');
    await scene.until('they talk', () => scene.network.talking(PHONE)?.partner !== undefined);
    expect(scene.network.talking(PHONE)?.partner).toBe(scene.network.talking('ana-desk'));
    expect(scene.agentStates()['ana']).toBe('busy');
    expect(scene.network.talking('ana-desk')?.heard).toEqual(['callback-agent', '♪ moh']);
    await scene.advance(20_000, 200);
    scene.network.talking(PHONE)?.finish({ by: 'customer', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.network.talking('ana-desk')).toBeUndefined();
    await scene.advance(10_000);

    expect(scene.records.interactions).toHaveLength(1);
    expect(scene.told()).toEqual([
      'interaction-opened',
      'call-arrived',
      'call-answered',
      'queued',
      'wait-estimated',
      'left-queue',
      'call-ended',
      'callback-offered',
      'message-queued',
      'message-status',
      'message-received',
      'callback-requested',
      'message-queued',
      'queued',
      'message-status',
      'offered',
      'callback-attempted',
      'left-queue',
      'call-dialled',
      'call-answered',
      'connected',
      'callback-ended',
      'call-ended',
      'interaction-closed',
      'wrapped-up',
    ]);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'connected' }]);
    expect(scene.facts('call-ended').at(-1)).toMatchObject({ result: 'served', talkedMs: expect.closeTo(20_000, -3) });
    expect(scene.entries()).toEqual([]);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.jobs.waiting).toEqual([]);
    expect(scene.complaints).toEqual([]);
  });

  test('the call-back has the place of the first wait: before somebody who came later', async () => {
    const scene = await abandoned();
    const luis = scene.call('1001', LUIS);
    await scene.advance(5_000);
    await scene.messenger.receive(PHONE, 'sí');
    await scene.advance(1_000);
    scene.agentComes('ana');
    await scene.until('Ana is rung', () => scene.network.rung.length > 1);
    expect(scene.dialled()).toEqual(['ana-desk: answered', `${PHONE}: ringing`]);
    expect(luis.leg?.partner).toBeUndefined();
  });

  test('no agent is free: nobody is dialled', async () => {
    const scene = await asked();
    await scene.advance(60_000, 500);
    expect(scene.dialled()).toEqual([]);
    expect(scene.entries()).toMatchObject([{ kind: 'callback', state: 'waiting' }]);
  });

  test('a time asked for is kept', async () => {
    const scene = await asked('a las 11:30', { agents: [] });
    expect(scene.messenger.sent.at(-1)?.text).toMatch(/^De acuerdo, le llamaremos .*11:30/);
    scene.agentComes('ana');
    await scene.advance(60 * MINUTE_MS, 2_000);
    expect(scene.dialled()).toEqual([]);
    await scene.advance(35 * MINUTE_MS, 1_000);
    expect(scene.dialled().slice(0, 2)).toEqual(['ana-desk: answered', `${PHONE}: no-answer`]);
  });

  test('the agent hangs up while the customer is dialled: the customer is not rung on', async () => {
    const scene = await asked();
    scene.agentComes('ana');
    await scene.until('it rings', () => scene.network.ringing(PHONE) !== undefined);
    scene.network.talking('ana-desk')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.advance(1_000);
    expect(scene.dialled()).toEqual(['ana-desk: answered', `${PHONE}: withdrawn`]);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ reason: 'agent-hung-up' }]);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('the agent does not take it: the next one does, the attempt is not counted', async () => {
    const scene = await asked();
    scene.network.habits.set(PHONE, { does: 'answers', afterMs: 500 });
    scene.agentComes('ana');
    scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 200 });
    scene.agentComes('bruno');
    await scene.until('they talk', () => scene.network.talking(PHONE)?.partner !== undefined);
    expect(scene.facts('callback-attempted')).toMatchObject([{ attempt: 1, agent: 'bruno' }]);
  });
});

describe('the customer cannot be reached', () => {
  test('busy, again, again, and then no more; the agent is free in between', async () => {
    const scene = await asked();
    scene.network.habits.set(PHONE, { does: 'refuses', reason: 'busy', afterMs: 1_000 });
    scene.agentComes('ana');
    await scene.advance(10_000);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([{ attempt: 1, reason: 'busy' }]);
    expect(scene.agentStates()['ana']).toBe('available');
    await scene.advance(16 * MINUTE_MS, 500);
    expect(scene.facts('callback-attempt-failed')).toHaveLength(2);
    await scene.advance(61 * MINUTE_MS, 1_000);
    expect(scene.facts('callback-attempt-failed')).toHaveLength(3);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'failed', reason: 'attempts-exhausted' }]);
    await scene.advance(120 * MINUTE_MS, 2_000);
    expect(scene.dialled().filter((line) => line.startsWith(PHONE))).toHaveLength(3);
    const dialled = scene.facts('call-dialled').map(({ segment }) => segment);
    expect(new Set(dialled).size).toBe(3);
    expect(
      scene
        .facts('call-ended')
        .slice(1)
        .map(({ segment }) => segment),
    ).toEqual(dialled);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.entries()).toEqual([]);
  });

  test('the customer is busy: the agent does not hear the announcement to its end', async () => {
    const scene = await asked();
    scene.network.habits.set(PHONE, { does: 'refuses', reason: 'busy', afterMs: 1_000 });
    scene.network.promptMs = 30_000;
    scene.agentComes('ana');
    await scene.until('Ana is there', () => scene.network.talking('ana-desk') !== undefined);
    const atAna = scene.network.talking('ana-desk');
    await scene.advance(5_000);
    expect(scene.facts('callback-attempt-failed')).toHaveLength(1);
    expect(atAna?.end).toMatchObject({ by: 'hilo', reason: 'customer-not-reached' });
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('the next attempt is due while the last one still winds up: it is made all the same', async () => {
    const soon = (text: string): string => text.replace('attempts: [0s, 15m, 60m]', 'attempts: [0s, 2s]');
    const scene = await asked('1', { centre: soon });
    scene.network.habits.set(PHONE, { does: 'refuses', reason: 'busy', afterMs: 1_000 });
    scene.agentComes('ana');
    await scene.until('Ana is there', () => scene.network.talking('ana-desk') !== undefined);
    const atAna = scene.network.talking('ana-desk');
    if (atAna !== undefined) atAna.hangUpMs = 6_000;
    // Sooner than the reconciler would find the promise without an alarm.
    await scene.advance(15_000);
    expect(scene.facts('callback-attempt-failed')).toHaveLength(2);
  });

  test('the hourly cap is no reason to give the promise up: tried again later', async () => {
    const capped = (text: string): string =>
      text.replace('max-per-destination-per-hour: 20', 'max-per-destination-per-hour: 0');
    const scene = await asked('1', { centre: capped });
    scene.agentComes('ana');
    await scene.advance(10_000);
    expect(scene.facts('callback-attempt-failed')).toMatchObject([
      { reason: 'destination-cap', nextAtMs: expect.any(Number) },
    ]);
    expect(scene.facts('callback-ended')).toEqual([]);
    expect(scene.dialled()).toEqual(['ana-desk: answered']);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('a number that may not be dialled is never promised', async () => {
    const denied = (text: string): string =>
      text.replace("denied: ['+34118']", "denied: ['+34600']").replace(/^try-out:.*$/m, '');
    const scene = await asked('1', { centre: denied });
    expect(scene.facts('callback-requested')).toEqual([]);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'refused', reason: 'prefix-denied' }]);
  });
});

describe('now is not the time', () => {
  test('a call-back that waited past closing time is held until opening', async () => {
    const now = DateTime.fromMillis((await openScene()).clock.nowMs(), { zone: 'Europe/Madrid' });
    const [closes, opens] = [5, 20].map((minutes) => now.plus({ minutes }).toFormat('HH:mm'));
    const hours = `open: [{ days: mon-sun, from: '00:00', to: '${closes}' }, { days: mon-sun, from: '${opens}', to: '24:00' }]`;
    const breaks = (text: string): string =>
      text
        .replace('callback-hours: always', 'callback-hours: lunch')
        .replace('\nhours:\n', `\nhours:\n  lunch: { ${hours} }\n`);
    const scene = await asked('1', { centre: breaks });
    await scene.advance(6 * MINUTE_MS, 500);
    expect(scene.entries()).toMatchObject([{ kind: 'callback' }]);
    scene.agentComes('ana');
    await scene.advance(5_000);
    expect(scene.dialled()).toEqual([]);
    expect(scene.facts('left-queue').at(-1)).toMatchObject({ reason: 'held' });
    expect(scene.agentStates()['ana']).toBe('available');
    await scene.advance(10 * MINUTE_MS, 500);
    expect(scene.dialled()).toEqual([]);
    await scene.advance(5 * MINUTE_MS, 500);
    expect(scene.dialled()[0]).toBe('ana-desk: answered');
  });

  test('while the trunk is dead call-backs wait; no agent is rung for nothing, and no attempt is used up', async () => {
    const scene = await asked();
    for (const last of ['1', '2', '3', '4', '5']) {
      const number = `+3460099900${last}`;
      const caller = scene.call('1001', number);
      await scene.advance(10_000);
      caller.hangUp();
      await scene.advance(1_000);
      await scene.messenger.receive(number, '1');
    }
    await scene.advance(1_000);
    for (const number of [PHONE, ...['1', '2', '3', '4', '5'].map((last) => `+3460099900${last}`)]) {
      scene.network.habits.set(number, { does: 'refuses', reason: 'unreachable', afterMs: 100 });
    }
    scene.agentComes('ana');
    await scene.advance(9_000);
    expect(scene.facts('callback-attempt-failed')).toHaveLength(FAILURES_MAX);
    expect(scene.dialled().filter((line) => line.startsWith('ana'))).toHaveLength(FAILURES_MAX);
    expect(scene.agentStates()['ana']).toBe('available');
    await scene.advance(5 * MINUTE_MS, 500);
    expect(scene.facts('callback-attempted').length).toBeLessThan(2 * FAILURES_MAX + 1);
  });
});

describe('what makes a call-back needless', () => {
  test('the customer rings in again: same interaction, old place, nothing is dialled any more', async () => {
    const scene = await asked();
    expect(scene.entries()).toHaveLength(1);
    const again = scene.call('1001');
    await scene.advance(1_000);
    expect(scene.entries()).toMatchObject([{ kind: 'call' }]);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'superseded', reason: 'customer-called' }]);
    const seniorities = scene.facts('queued').map(({ seniorityMs }) => seniorityMs);
    expect(new Set(seniorities).size).toBe(1);
    scene.agentComes('ana');
    await scene.until('they talk', () => again.leg?.partner !== undefined);
    await scene.advance(60_000, 500);
    expect(scene.dialled()).toEqual(['ana-desk: answered']);
    expect(scene.records.interactions).toHaveLength(1);
    expect(scene.jobs.waiting).toEqual([]);
  });

  test('the customer rings in while being dialled: the ringing stops', async () => {
    const scene = await asked();
    scene.agentComes('ana');
    await scene.until('it rings', () => scene.network.ringing(PHONE) !== undefined);
    scene.call('1001');
    await scene.advance(1_000);
    expect(scene.dialled()[1]).toBe(`${PHONE}: withdrawn`);
    expect(scene.facts('callback-ended')).toHaveLength(1);
    await scene.until('Ana gets the call', () => scene.agentStates()['ana'] === 'busy');
  });

  test('who rings in and is gone before being answered keeps the call-back', async () => {
    const scene = await asked();
    scene.call('1001').hangUp();
    await scene.advance(1_000);
    expect(scene.facts('callback-ended')).toEqual([]);
    expect(scene.entries()).toMatchObject([{ kind: 'callback' }]);
  });

  test('declined: nothing follows, and it is confirmed', async () => {
    const scene = await asked('2');
    scene.agentComes('ana');
    await scene.advance(10_000);
    expect(scene.messenger.sent.at(-1)?.text).toMatch(/^De acuerdo, no le llamaremos/);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'refused', reason: 'customer-declined' }]);
    expect(scene.dialled()).toEqual([]);
  });

  test('changed mind: promised, waiting, then "no"', async () => {
    const scene = await asked('1');
    expect(scene.entries()).toHaveLength(1);
    await scene.messenger.receive(PHONE, 'no');
    await scene.advance(1_000);
    expect(scene.entries()).toEqual([]);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'cancelled' }]);
    expect(scene.facts('left-queue').at(-1)).toMatchObject({ reason: 'superseded' });
  });

  test('nobody answers the offer: it lapses after a day, and a late "1" is told so', async () => {
    const scene = await abandoned();
    await scene.advance(25 * 60 * MINUTE_MS, 10_000);
    expect(scene.facts('callback-ended')).toMatchObject([{ result: 'cancelled', reason: 'offer-lapsed' }]);
    expect(scene.entries()).toEqual([]);
  });

  test('"baja": never again a message, also after the next abandoned call', async () => {
    const scene = await asked('baja');
    const sent = scene.messenger.sent.length;
    await scene.advance(20 * MINUTE_MS, 1_000);
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    expect(scene.messenger.sent).toHaveLength(sent);
    expect(scene.facts('message-declined').at(-1)).toMatchObject({ reason: 'consent-withdrawn' });
  });
});

describe('one message is enough', () => {
  test('two abandoned calls within the cool-down: one offer', async () => {
    const scene = await abandoned();
    for (const wait of [10_000, 10_000]) {
      const caller = scene.call('1001');
      await scene.advance(wait);
      caller.hangUp();
      await scene.advance(1_000);
    }
    expect(scene.messenger.sent).toHaveLength(1);
  });

  test('two calls of one customer abandoned at the same moment: one offer', async () => {
    const scene = await openScene();
    const calls = [scene.call('1001'), scene.call('1001')];
    await scene.advance(10_000);
    for (const caller of calls) caller.hangUp();
    await scene.advance(1_000);
    expect(scene.messenger.sent).toHaveLength(1);
    expect(scene.ends()).toHaveLength(2);
  });

  test('the provider delivers an answer twice: one call-back', async () => {
    const scene = await abandoned();
    await Promise.all([scene.messenger.receive(PHONE, '1', 'same'), scene.messenger.receive(PHONE, '1', 'same')]);
    await scene.messenger.receive(PHONE, '1', 'same');
    await scene.advance(1_000);
    expect(scene.facts('message-received')).toHaveLength(1);
    expect(scene.facts('callback-requested')).toHaveLength(1);
    expect(scene.entries()).toHaveLength(1);
  });

  test('the provider is away for a while: tried again, sent once', async () => {
    const scene = await openScene();
    scene.messenger.refusals.push('message-not-sent', 'message-not-sent');
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(30_000);
    expect(scene.messenger.sent).toHaveLength(1);
    expect(scene.facts('message-status')).toMatchObject([{ status: 'sent' }]);
  });

  test('the provider refuses: the record says so', async () => {
    const scene = await openScene();
    scene.messenger.refusals.push('message-refused');
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(30_000);
    expect(scene.facts('message-status')).toMatchObject([{ status: 'failed' }]);
  });
});
