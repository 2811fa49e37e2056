// Customers who hang up before anybody took their call: a message, an answer, the call-back, all in one matter.
import { describe, expect, test } from 'vitest';
import { header, statusOf } from '../../src/sim/phone/message.js';
import { TONES } from '../support/hilo/centre.js';
import { answering, type Customer, hears, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

/** Longer than `short-abandon` of the test centre. */
const LONG_ENOUGH_MS = 1_300;

const scene = onStage();

describe('abandoned in the queue', () => {
  test('message, reply 1, call-back over the trunk, two-way talk: one interaction, one reference', async () => {
    const customer = await scene.customer();
    const { number } = customer;
    await abandon(customer);
    const offered = await scene.matters.until(number, (matter) => matter.has('message-queued'));
    expect(offered.last('call-ended')).toMatchObject({
      by: 'customer',
      result: 'abandoned',
      reason: 'hung-up-in-queue',
    });
    const [text] = await messages(number, 1);
    expect(text).toContain(offered.reference);
    expect(text).toMatch(/^Hilo: sentimos/);

    await scene.api.write(number, '1');
    await scene.matters.until(number, (matter) => matter.has('callback-requested'));
    const [, confirmation] = await messages(number, 2);
    expect(confirmation).toContain(offered.reference);

    const outside = await scene.outside();
    answering(outside, TONES.caller);
    const agent = await scene.agent('ana-desk');
    const atAgent = await nextCall(agent);
    expect(header(atAgent.invite, 'from')).toContain(number);
    expect(header(atAgent.invite, 'x-hilo-reference')).toBe(offered.reference);
    expect(outside.calls).toEqual([]);
    atAgent.audio.say(TONES.agent);
    atAgent.answer();
    const atCustomer = await nextCall(outside);
    expect(atCustomer.invite.start).toContain(`sip:${number}@`);
    await hears(atAgent, TONES.caller);
    await hears(atCustomer, TONES.agent);

    atCustomer.bye();
    await atAgent.byeReceived.seen;
    const done = await scene.matters.until(number, (matter) => matter.all('call-ended').length === 2);
    expect(done).toMatchObject({ id: offered.id, reference: offered.reference });
    expect(done.talkedTo).toEqual(['ana']);
    expect(done.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
    expect(done.last('callback-ended')).toMatchObject({ result: 'connected' });
    const [first, second] = done.all('queued');
    expect(second).toMatchObject({ kind: 'callback', queue: 'support', seniorityMs: first?.seniorityMs });
  });

  test('hung up at once: no message', async () => {
    const number = scene.newNumber();
    await (await scene.call('caller-hangs-up', '1001', number, 300)).done;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'short-abandoned' });
    expect(matter.last('message-declined')).toMatchObject({ reason: 'short-abandon' });
    expect(await scene.api.messagesTo(number)).toEqual([]);
  });

  test('abandoned again within the cool-down: no second message', async () => {
    const number = scene.newNumber();
    for (const times of [1, 2]) {
      await (await scene.call('caller-hangs-up', '1001', number, LONG_ENOUGH_MS)).done;
      await scene.matters.until(number, (matter) => matter.all('call-ended').length === times);
    }
    const matter = await scene.matters.until(number, (one) => one.has('message-declined'));
    expect(matter.last('message-declined')).toMatchObject({ reason: 'cool-down' });
    expect(matter.all('message-queued')).toHaveLength(1);
    expect(await scene.api.messagesTo(number)).toHaveLength(1);
  });

  test('English by key 2: the message is in English', async () => {
    const customer = await scene.customer();
    const call = await customer.phone.invite('1000');
    await call.final.seen;
    await call.audio.press('2');
    await scene.matters.until(customer.number, (matter) => matter.has('language-set'));
    await call.audio.press('1');
    await hears(call, TONES.music);
    await delay(LONG_ENOUGH_MS);
    call.bye();
    const [text] = await messages(customer.number, 1);
    expect(text).toMatch(/^Hilo: sorry/);
  });

  test('the answer 2 declines: nothing is promised', async () => {
    const customer = await scene.customer();
    await abandon(customer);
    await messages(customer.number, 1);
    await scene.api.write(customer.number, '2');
    const matter = await scene.matters.until(customer.number, (one) => one.has('callback-ended'));
    expect(matter.has('callback-requested')).toBe(false);
  });
});

describe('call-back', () => {
  test('the customer rings in again meanwhile: the call-back is closed, the place is kept', async () => {
    const customer = await scene.customer();
    await abandon(customer);
    await messages(customer.number, 1);
    await scene.api.write(customer.number, '1');
    await scene.matters.until(customer.number, (matter) => matter.all('queued').length === 2);
    // Somebody else came between.
    const other = await scene.customer();
    const otherCall = await other.phone.invite('1001');
    await hears(otherCall, TONES.music);

    const again = await customer.phone.invite('1001');
    await hears(again, TONES.music);
    const waiting = await scene.matters.until(customer.number, (matter) => matter.all('queued').length === 3);
    expect(waiting.last('callback-ended')).toMatchObject({ result: 'superseded', reason: 'customer-called' });
    expect(waiting.last('queued').seniorityMs).toBe(waiting.all('queued')[0]?.seniorityMs);

    const agent = await scene.agent('ana-desk');
    answering(agent, TONES.agent);
    await hears(again, TONES.agent);
    expect(agent.calls).toHaveLength(1);
    again.bye();
    await hears(otherCall, TONES.agent);
    expect((await scene.matters.untilOver(customer.number)).talkedTo).toEqual(['ana']);
  });

  test('the customer is busy: tried again, and reached', async () => {
    const customer = await scene.customer();
    await abandon(customer);
    await messages(customer.number, 1);
    const outside = await scene.outside();
    outside.onCall = (call) => {
      if (outside.calls.length === 1) call.reject(486, 'Busy Here');
      else call.answer();
    };
    const agent = await scene.agent('ana-desk');
    answering(agent, TONES.agent);
    await scene.api.write(customer.number, '1');
    const second = await nextCall(outside, [await nextCall(outside)], 20_000);
    await hears(second, TONES.agent);
    second.bye();
    const matter = await scene.matters.until(customer.number, (one) => one.has('callback-ended'));
    expect(matter.last('callback-attempt-failed')).toMatchObject({ attempt: 1, reason: 'busy' });
    expect(matter.last('callback-ended')).toMatchObject({ result: 'connected' });
  });
});

describe('gone before the talk', () => {
  /** The number of a customer whose CANCEL came in time: Hilo answers sooner than most could cancel (RFC 3261 §9.1). */
  async function cancelled(): Promise<string> {
    for (let tries = 0; tries < 5; tries += 1) {
      const { phone, number } = await scene.customer();
      const call = await phone.invite('1001');
      call.cancel();
      if (statusOf(await call.final.seen) === 487) return number;
      call.bye();
    }
    throw new Error('each CANCEL came after the answer');
  }

  test('CANCEL before the answer: 487, in the record', async () => {
    const matter = await scene.matters.until(await cancelled(), (one) => one.has('call-ended'));
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'short-abandoned' });
    expect(matter.has('queued')).toBe(false);
  });

  test('between offer and answer: the agent gets CANCEL and is free at once, without penalty', async () => {
    const agent = await scene.agent('ana-desk');
    const customer = await scene.customer();
    const call = await customer.phone.invite('1001');
    const atAgent = await nextCall(agent);
    atAgent.ring();
    await eventually('the agent is ringing', async () => (await scene.api.agent('ana')).state === 'ringing');
    call.bye();
    await atAgent.cancelled.seen;
    const matter = await scene.matters.untilOver(customer.number);
    expect(matter.last('offer-withdrawn')).toMatchObject({ agent: 'ana', reason: 'caller-hung-up' });
    expect(matter.has('offer-refused')).toBe(false);
    const { state, backOffUntil } = await scene.api.agent('ana');
    expect({ state, backOffUntil }).toEqual({ state: 'available', backOffUntil: undefined });

    const next = await scene.customer();
    const nextOne = await next.phone.invite('1001');
    await nextCall(agent, [atAgent], 2_000);
    nextOne.bye();
  });
});

async function abandon({ phone }: Customer): Promise<void> {
  const call = await phone.invite('1001');
  await hears(call, TONES.music);
  await delay(LONG_ENOUGH_MS);
  call.bye();
}

/** Waits for so many messages to that customer. */
async function messages(number: string, count: number): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await eventually(`${count} messages`, async () => {
    found = await scene.api.messagesTo(number);
    return found.length === count;
  });
  return found;
}

/** Time that passes for the customer. */
function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
