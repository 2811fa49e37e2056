// Call-backs over real SIP: asked for with a key in the queue, asked for on the web, and made customer first.
import { expect, test } from 'vitest';
import { changeCentre, TONES } from '../support/hilo/centre.js';
import { answering, hears, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

interface Owed {
  readonly lost: readonly { readonly number: string; readonly next: { readonly kind: string } }[];
}

const scene = onStage();

test('key 1 in the queue: promised at the place of the wait, on the list of who is owed something, called, and off it', async () => {
  const { phone, number } = await scene.customer();
  const call = await phone.invite('1005');
  await hears(call, TONES.music);
  await call.audio.press('1');
  const promised = await scene.matters.until(number, (matter) => matter.has('callback-requested'));
  expect(promised.last('callback-requested')).toMatchObject({
    queue: 'sales',
    source: 'overflow',
    seniorityMs: promised.last('queued').seniorityMs,
  });
  await call.byeReceived.seen;
  const owed = async () => (await scene.api.get<Owed>('/api/recovery?queue=sales')).lost;
  await eventually('she is on the list', async () =>
    (await owed()).some((one) => one.number === number && one.next.kind === 'callback'),
  );

  const outside = await scene.outside();
  answering(outside, TONES.caller);
  const agent = await scene.agent('carla-desk');
  answering(agent, TONES.agent);
  const atCustomer = await nextCall(outside, [], 20_000);
  await hears(atCustomer, TONES.agent);
  atCustomer.bye();
  const done = await scene.matters.until(number, (matter) => matter.all('call-ended').length === 2);
  expect(done.last('callback-ended')).toMatchObject({ result: 'connected' });
  await eventually('she is off the list', async () => (await owed()).every((one) => one.number !== number));
});

test('customer first, asked for on the web: the agent rings when the customer has pressed 1', async () => {
  const { flowsFolder, http } = scene.hilo;
  const set = async (change: 'on' | 'off'): Promise<void> => {
    await changeCentre(flowsFolder, (centre) => {
      const first = change === 'on' ? 'customer' : 'agent';
      centre.setIn(['queues', 'sales', 'callbacks'], centre.createNode({ first }));
      if (change === 'on') centre.setIn(['recovery', 'web-form'], centre.createNode({ queues: ['sales'] }));
      else centre.deleteIn(['recovery', 'web-form']);
    });
    const inForce = async () => (await scene.api.flow('centre')).includes('web-form') === (change === 'on');
    await eventually(`the form is ${change}`, inForce);
  };
  await set('on');
  try {
    const number = scene.newNumber();
    const outside = await scene.outside();
    answering(outside, TONES.caller);
    const agent = await scene.agent('carla-desk');
    const asked = await fetch(`${http}/api/callbacks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number, consent: true }),
      signal: AbortSignal.timeout(5_000),
    });
    expect([asked.status, await asked.json()]).toEqual([202, { accepted: true }]);
    const atCustomer = await nextCall(outside);
    expect(atCustomer.invite.start).toContain(`sip:${number}@`);
    expect(agent.calls).toEqual([]);
    await atCustomer.audio.press('1');
    const atAgent = await nextCall(agent);
    atAgent.audio.say(TONES.agent);
    atAgent.answer();
    await hears(atCustomer, TONES.agent);
    await hears(atAgent, TONES.caller);
    atCustomer.bye();
    const done = await scene.matters.until(number, (matter) => matter.has('call-ended'));
    expect(done.last('callback-requested')).toMatchObject({ source: 'web', queue: 'sales' });
    expect(done.last('callback-ended')).toMatchObject({ result: 'connected' });
  } finally {
    await set('off');
  }
});
