// Call forwarding: an agent's direct number when nobody is there, and numbers outside over the trunk.
import { beforeEach, describe, expect, test } from 'vitest';
import { TONES } from '../support/hilo/centre.js';
import { answering, hears, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

const scene = onStage();
beforeEach(async () => {
  // Who writes up the call of an earlier test is busy.
  await eventually('ana is out of wrap-up', async () => (await scene.api.agent('ana')).state !== 'wrap-up');
});

describe("an agent's own number", () => {
  test('rings the agent', async () => {
    answering(await scene.agent('ana-desk'), TONES.agent);
    const { number, phone } = await scene.customer();
    const call = await phone.invite('2001');
    await hears(call, TONES.agent);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.talkedTo).toEqual(['ana']);
    expect(matter.has('queued')).toBe(false);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
  });

  test('not registered: voicemail', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('2001');
    await hears(call, TONES['voicemail-greeting']);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('forwarded')).toMatchObject({ to: 'voicemail', rule: 'unregistered' });
    expect(matter.last('call-ended')).toMatchObject({ result: 'abandoned', reason: 'hung-up-before-message' });
  });

  test('not registered, with a colleague named: the colleague', async () => {
    answering(await scene.agent('carla-desk'), TONES.other);
    const { number, phone } = await scene.customer();
    const call = await phone.invite('2002');
    await hears(call, TONES.other);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.talkedTo).toEqual(['carla']);
    expect(matter.last('forwarded')).toMatchObject({ to: 'agent carla', rule: 'unregistered' });
  });

  test('rejects: to the queue, where somebody else takes it', async () => {
    const ana = await scene.agent('ana-desk');
    ana.onCall = (call) => call.reject(603, 'Decline');
    const { number, phone } = await scene.customer();
    const call = await phone.invite('2001');
    await hears(call, TONES.music);
    await nextCall(ana);
    await scene.unregister('ana-desk');
    answering(await scene.agent('agent001'), TONES.agent);
    await hears(call, TONES.agent);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('forwarded')).toMatchObject({ to: 'queue support', rule: 'no-answer' });
    expect(matter.talkedTo).toEqual(['agent001']);
  });

  test('is talking: to the queue', async () => {
    answering(await scene.agent('ana-desk'), TONES.agent);
    const first = await (await scene.customer()).phone.invite('2001');
    await hears(first, TONES.agent);
    const { number, phone } = await scene.customer();
    const second = await phone.invite('2001');
    await hears(second, TONES.music);
    const matter = await scene.matters.until(number, (one) => one.has('queued'));
    expect(matter.last('forwarded')).toMatchObject({ to: 'queue support', rule: 'busy' });
    await hears(first, TONES.agent);
  });
});

describe('a number outside', () => {
  test('is dialled over the trunk, and both hear each other', async () => {
    answering(await scene.outside(), TONES.other);
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1006');
    call.audio.say(TONES.caller);
    await hears(call, TONES.other);
    const matter = await scene.matters.until(number, (one) => one.has('connected'));
    expect(matter.last('call-dialled')).toMatchObject({ to: '+34911234567', purpose: 'forward' });
    call.bye();
    expect((await scene.matters.untilOver(number)).all('call-ended').map(({ result }) => result)).toContain(
      'forwarded',
    );
  });

  test('nobody answers there: told so', async () => {
    (await scene.outside()).onCall = (call) => call.reject(404, 'Not Found');
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1006');
    await hears(call, TONES['nobody-free']);
    await call.byeReceived.seen;
    const matter = await scene.matters.until(number, (one) => one.all('call-ended').length === 2);
    expect(matter.outcomes).toMatchObject([{ outcome: 'refused' }]);
  });

  test.each([
    ['+33123456789', 'prefix-not-allowed'],
    ['+34806123456', 'premium-number'],
  ])('a centre that would dial %s is refused', async (number, reason) => {
    const centre = await scene.api.flow('centre');
    const [issue] = await scene.api.check('centre', centre.replace('+34911234567', number));
    expect(issue?.message).toContain(reason);
  });

  test('a customer abroad who asks for a call-back is not called', async () => {
    const outside = await scene.outside();
    const number = '+33612345678';
    await (await scene.call('caller-hangs-up', '1001', number, 1_500)).done;
    await scene.matters.until(number, (matter) => matter.has('message-queued'));
    await scene.api.write(number, '1');
    const matter = await scene.matters.until(number, (one) => one.has('callback-ended'));
    expect(matter.last('callback-ended')).toMatchObject({ result: 'refused', reason: 'prefix-not-allowed' });
    expect(matter.has('callback-requested')).toBe(false);
    expect(outside.calls).toEqual([]);
  });
});
