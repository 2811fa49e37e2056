// What Hilo stands on is killed in the middle of calls: who talks goes on, nobody is lost, everything comes back by itself.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PhoneCall } from '../../../src/sim/phone/call.js';
import { statusOf } from '../../../src/sim/phone/message.js';
import type { Phone } from '../../../src/sim/phone/phone.js';
import { ALL_TONES, TONES } from '../../support/hilo/centre.js';
import { answering, type Customer, hears, nextCall, Scene } from '../../support/hilo/scene.js';
import { type Hilo, type Part, startHilo } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';

const SWITCH: Part = 'dist/switch/main.js';
/** faults A1, A2: serving again. */
const SERVING_AGAIN_MS = 5_000;

let hilo: Hilo;
let scene: Scene;
beforeAll(async () => {
  // Not the ports of the Hilo that the other tests share.
  hilo = await startHilo({ HILO_RTP_PORTS: '23000-25999' });
});
afterAll(() => hilo?.close());
beforeEach(() => {
  scene = new Scene(hilo);
});
afterEach(() => scene?.close());

describe('while a part is away', () => {
  test('PostgreSQL: talks go on, a new customer hears a regret, all of it is in the record afterwards', async () => {
    const talk = await talking();
    const kept = keepDown('postgres');
    const late = await scene.customer();
    const call = await late.phone.invite('1000');
    await hears(call, TONES.regret);
    await call.byeReceived.seen;
    await expectTalk(talk);
    kept.end();
    await ready();
    talk.call.bye();

    const regretted = await scene.matters.until(late.number, (matter) => matter.has('call-ended'));
    expect(regretted.last('call-ended')).toMatchObject({ by: 'hilo', result: 'failed', reason: 'store-unavailable' });
    const talked = await scene.matters.untilOver(talk.customer.number);
    expect(talked.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
    await expectServed();
  });

  test('Redis: talks go on, a new customer is told, the one who waits is served when it is back', async () => {
    const talk = await talking();
    const waiting = await scene.customer();
    const waitingCall = await waiting.phone.invite('1001');
    await hears(waitingCall, TONES.music);

    const kept = keepDown('redis-server');
    const late = await scene.customer();
    const lateCall = await late.phone.invite('1001');
    await eventually('a word of regret', () => {
      const tone = lateCall.audio.tone(ALL_TONES);
      return tone === TONES.regret || tone === TONES['nobody-free'];
    });
    await lateCall.byeReceived.seen;
    await expectTalk(talk);
    kept.end();
    await ready();

    talk.call.bye();
    await hears(waitingCall, TONES.agent, 20_000);
    waitingCall.bye();
    const matter = await scene.matters.untilOver(waiting.number);
    expect(matter.all('queued')).toHaveLength(1);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
    expect((await scene.matters.until(late.number, (one) => one.has('call-ended'))).talkedTo).toEqual([]);
  });

  test('the switch: its calls are closed with a cause, a waiting customer gets a message, new calls within seconds', async () => {
    const talk = await talking();
    const waiting = await scene.customer();
    await hears(await waiting.phone.invite('1001'), TONES.music);
    await scene.matters.until(waiting.number, (matter) => matter.has('queued'));
    // Long enough not to be a short abandon.
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    process.kill(hilo.pidOf(SWITCH), 'SIGKILL');
    const { phone } = await scene.customer();
    await eventually('a new call is answered', () => isAnswered(phone, '1000'), SERVING_AGAIN_MS);

    const talked = await scene.matters.until(talk.customer.number, (matter) => matter.has('message-queued'));
    expect(talked.last('call-ended')).toMatchObject({ by: 'network', result: 'failed' });
    // The switch, not the agent, whichever of its connections was the first to go.
    expect(['media-lost', 'signalling-lost']).toContain(talked.last('call-ended').reason);
    const waited = await scene.matters.until(waiting.number, (matter) => matter.has('message-queued'));
    expect(waited.last('call-ended')).toMatchObject({ by: 'network', result: 'failed' });
    expect(waited.last('left-queue').reason).toBe('caller-hung-up');
    await eventually('the agent is free', async () => (await scene.api.agent('agent001')).state === 'available');
    await expectServed();
  });
});

describe('the application', () => {
  test('SIGTERM: who talks may finish, new customers get 503, then it ends in order', async () => {
    const talk = await talking();
    hilo.signal('SIGTERM');
    await eventually('new calls are refused', async () => {
      const { phone } = await scene.customer();
      return statusOf(await (await phone.invite('1000')).final.seen) === 503;
    });
    await scene.run('caller-refused-503', { keys: { to: '1000' }, list: [scene.newNumber()] });
    await expectTalk(talk);
    talk.call.bye();
    await talk.atAgent.byeReceived.seen;
    expect(await hilo.ended()).toBe(0);

    await hilo.start();
    const matter = await new Scene(hilo).matters.untilOver(talk.customer.number);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
    expect(matter.has('node-lost')).toBe(false);
  });

  test('kill -9: who talks goes on talking, and the next start has the call: its end is the true one', async () => {
    const talk = await talking();
    const waiting = await scene.customer();
    const waitingCall = await waiting.phone.invite('1001');
    await hears(waitingCall, TONES.music);
    process.kill(hilo.pid, 'SIGKILL');
    await hilo.ended();
    await expectTalk(talk);
    await hilo.start();
    const after = new Scene(hilo);
    try {
      const taken = await after.matters.until(talk.customer.number, (one) => one.has('call-taken-over'), 20_000);
      expect(taken.has('call-ended')).toBe(false);
      // Nobody talked with this one: it is ended, and the customer is called back.
      await waitingCall.byeReceived.seen;
      await expectTalk(talk);
      expect((await after.api.agent('agent001')).state).toBe('busy');
      talk.call.bye();
      await talk.atAgent.byeReceived.seen;
      const matter = await after.matters.untilOver(talk.customer.number);
      expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
      await eventually('the agent is free', async () => (await after.api.agent('agent001')).state !== 'busy');
    } finally {
      await after.close();
    }
  });

  test('kill -9: the customer who waited is called back', async () => {
    const waiting = await scene.customer();
    await hears(await waiting.phone.invite('1001'), TONES.music);
    const before = await scene.matters.until(waiting.number, (matter) => matter.has('queued'));
    process.kill(hilo.pid, 'SIGKILL');
    await hilo.ended();
    await hilo.start();

    const after = new Scene(hilo);
    try {
      const promised = await after.matters.until(waiting.number, (one) => one.has('callback-requested'), 20_000);
      expect(promised.last('call-ended')).toMatchObject({ by: 'hilo', result: 'failed', reason: 'node-lost' });
      expect(promised).toMatchObject({ id: before.id, reference: before.reference });
      const { seniorityMs } = before.last('queued');
      expect(promised.last('callback-requested')).toMatchObject({ source: 'node-lost', queue: 'support', seniorityMs });

      const outside = await after.outside();
      answering(outside, TONES.caller);
      answering(await after.agent('agent002'), TONES.agent);
      const atCustomer = await nextCall(outside);
      await hears(atCustomer, TONES.agent);
      atCustomer.bye();
      const done = await after.matters.until(waiting.number, (one) => one.has('callback-ended'));
      expect(done.last('callback-ended')).toMatchObject({ result: 'connected' });
    } finally {
      await after.close();
    }
  });
});

interface Talk {
  readonly customer: Customer;
  readonly call: PhoneCall;
  readonly atAgent: PhoneCall;
}

/** A customer and agent001 talk to each other. */
async function talking(): Promise<Talk> {
  const agent = await scene.agent('agent001');
  answering(agent, TONES.agent);
  const customer = await scene.customer();
  const call = await customer.phone.invite('1001');
  call.audio.say(TONES.caller);
  await hears(call, TONES.agent);
  return { customer, call, atAgent: await nextCall(agent) };
}

/** They still hear each other, now. */
async function expectTalk({ call, atAgent }: Talk): Promise<void> {
  call.audio.forget();
  atAgent.audio.forget();
  await hears(call, TONES.agent, 1_000);
  await hears(atAgent, TONES.caller, 1_000);
  expect(call.byeReceived.happened || atAgent.byeReceived.happened).toBe(false);
}

/** An ordinary call is served as if nothing had been. */
async function expectServed(): Promise<void> {
  answering(await scene.agent('agent003'), TONES.other);
  const { phone } = await scene.customer();
  const call = await phone.invite('1001');
  await eventually('somebody answers', () => {
    const tone = call.audio.tone(ALL_TONES);
    return tone === TONES.agent || tone === TONES.other;
  });
  call.bye();
}

/** Kills the part as often as it comes back. */
function keepDown(part: Part): { end(): void } {
  const kill = (): void => {
    const pid = hilo.find(part);
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  kill();
  const timer = setInterval(kill, 50);
  return { end: () => clearInterval(timer) };
}

function ready(): Promise<void> {
  return eventually('Hilo is ready', async () => (await fetch(`${hilo.http}/health/ready`)).ok, 20_000);
}

async function isAnswered(phone: Phone, to: string): Promise<boolean> {
  const call = await phone.invite(to);
  const answer = await Promise.race([
    call.final.seen,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 1_000)),
  ]);
  if (answer === undefined) return false;
  const answered = statusOf(answer) === 200;
  if (answered) call.bye();
  return answered;
}
