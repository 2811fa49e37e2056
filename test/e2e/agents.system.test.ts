// Agents who do not take the call that is offered to them: the next one gets it, the customer keeps the place.
import { describe, expect, test } from 'vitest';
import { TONES } from '../support/hilo/centre.js';
import type { Matter } from '../support/hilo/record.js';
import { answering, hears, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

const scene = onStage();

describe('an agent who does not take the call', () => {
  const refusals = [
    { title: 'rejects it', status: 603, reason: 'rejected' },
    { title: 'is busy', status: 486, reason: 'busy' },
    { title: 'is forwarded elsewhere by the phone', status: 302, reason: 'rejected' },
  ];
  test.each(refusals)('$title ($status): the next agent takes it', async ({ status, reason }) => {
    const refusing = await scene.sippAgent('agent001', `refuses-${status}`, { pauseMs: 200 });
    const number = scene.newNumber();
    const caller = await scene.call('caller-hangs-up', '1001', number, 3_000);
    await refusing.done;
    await eventually('the offer is over', async () => (await scene.api.agent('agent001')).state === 'available');
    const { backOffUntil } = await scene.api.agent('agent001');
    expect(Date.parse(backOffUntil ?? '')).toBeGreaterThan(Date.now());
    const taking = await scene.sippAgent('agent002', 'answers');
    await Promise.all([caller.done, taking.done]);

    const matter = await scene.matters.untilOver(number);
    expect(matter.last('offer-refused')).toMatchObject({ agent: 'agent001', reason, sipStatus: status });
    expectOnePlace(matter, ['agent001', 'agent002']);
  });

  test('never answers: CANCEL after the ring time, then the next one', async () => {
    const silent = await scene.agent('agent001');
    silent.onCall = (call) => call.ring();
    const number = scene.newNumber();
    const caller = await scene.call('caller-hangs-up', '1001', number, 6_000);
    await (await nextCall(silent)).cancelled.seen;
    const taking = await scene.sippAgent('agent002', 'answers');
    await Promise.all([caller.done, taking.done]);
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('offer-refused')).toMatchObject({ agent: 'agent001', reason: 'no-answer' });
    expectOnePlace(matter, ['agent001', 'agent002']);
  });

  test('vanishes without a word: the next one', async () => {
    await (await scene.sippAgent('agent001', 'answers')).kill();
    const number = scene.newNumber();
    const caller = await scene.call('caller-hangs-up', '1001', number, 6_000);
    await scene.matters.until(number, (matter) => matter.has('offer-refused'));
    const taking = await scene.sippAgent('agent002', 'answers');
    await Promise.all([caller.done, taking.done]);
    expectOnePlace(await scene.matters.untilOver(number), ['agent001', 'agent002']);
  });

  test('answers with something that is no SDP: the next one', async () => {
    const broken = await scene.agent('agent001');
    broken.onCall = (call) => call.answer('v=0\r\nthis is no session\r\n');
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1001');
    await scene.matters.until(number, (matter) => matter.has('offer-refused'));
    await (await nextCall(broken)).byeReceived.seen;
    answering(await scene.agent('agent002'), TONES.agent);
    await hears(call, TONES.agent);
    call.bye();
    expectOnePlace(await scene.matters.untilOver(number), ['agent001', 'agent002']);
  });

  test('unregisters while it rings: still cancelled, then offline', async () => {
    const leaving = await scene.agent('agent001');
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1001');
    const ringing = await nextCall(leaving);
    ringing.ring();
    await scene.unregister('agent001');
    await ringing.cancelled.seen;
    await scene.matters.until(number, (matter) => matter.has('offer-refused'));
    expect((await scene.api.agent('agent001')).state).toBe('offline');
    answering(await scene.agent('agent002'), TONES.agent);
    await hears(call, TONES.agent);
  });
});

test('two customers, one agent: who came first is served first', async () => {
  const [first, second] = [await scene.customer(), await scene.customer()];
  const firstCall = await first.phone.invite('1001');
  await hears(firstCall, TONES.music);
  const secondCall = await second.phone.invite('1001');
  await hears(secondCall, TONES.music);
  const agent = await scene.agent('agent001');
  answering(agent, TONES.agent);
  await hears(firstCall, TONES.agent);
  await hears(secondCall, TONES.music);
  firstCall.bye();
  await hears(secondCall, TONES.agent);
  secondCall.bye();
  const [one, two] = [await scene.matters.untilOver(first.number), await scene.matters.untilOver(second.number)];
  expect([one.talkedTo, two.talkedTo]).toEqual([['agent001'], ['agent001']]);
  expect(two.last('connected').waitedMs).toBeGreaterThan(0);
});

/** Waited once, in one place, and was offered to these agents in turn; the last one took it. */
function expectOnePlace(matter: Matter, agents: readonly string[]): void {
  expect(matter.all('queued')).toHaveLength(1);
  expect(matter.all('offered').map(({ agent }) => agent)).toEqual(agents);
  expect(new Set(matter.all('offered').map(({ entry }) => entry)).size).toBe(1);
  expect(matter.talkedTo).toEqual(agents.slice(-1));
  expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
}

test('more customers than agents, all at once: each is served once, no agent has two calls', async () => {
  const devices = ['agent001', 'agent002', 'agent003'];
  const numbers = Array.from({ length: 2 * devices.length }, () => scene.newNumber());
  const agents = await scene.sippAgent('agent001', 'answers-and-hangs-up', { calls: numbers.length, pauseMs: 500 });
  for (const device of devices.slice(1)) await scene.register(device, agents.port);
  const callers = await scene.call('caller-stays', '1001', numbers);
  await Promise.all([callers.done, agents.done]);

  const matters = await Promise.all(numbers.map((number) => scene.matters.untilOver(number)));
  const talks = matters.map((matter) => {
    expect(matter.all('call-ended')).toMatchObject([{ by: 'agent', result: 'served' }]);
    const [from, until] = [matter.at('connected'), matter.at('call-ended')];
    return { agent: matter.last('connected').agent, from, until };
  });
  for (const device of devices) {
    const own = talks.filter(({ agent }) => agent === device).sort((a, b) => a.from - b.from);
    expect(own.length).toBeGreaterThan(0);
    own.reduce((before, next) => {
      expect(next.from).toBeGreaterThanOrEqual(before.until);
      return next;
    });
  }
});
