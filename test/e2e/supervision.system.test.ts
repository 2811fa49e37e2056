// A supervisor's phone in a running conversation: what each of the three hears, and what the record says of it.
import { describe, expect, test } from 'vitest';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { TONES } from '../support/hilo/centre.js';
import { answering, hears, hearsMix, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

const { caller: CALLER, agent: AGENT, supervisor: SUPERVISOR } = TONES;

interface Talk {
  readonly number: string;
  /** Where its monitor is. */
  readonly path: string;
  readonly customer: PhoneCall;
  readonly agent: PhoneCall;
}

const scene = onStage();

/** A customer and Ana talk. */
async function talk(): Promise<Talk> {
  const ana = await scene.agent('ana-desk');
  answering(ana, AGENT);
  const { number, phone } = await scene.customer();
  const customer = await phone.invite('1001');
  await customer.final.seen;
  customer.audio.say(CALLER);
  await hears(customer, AGENT);
  const matter = await scene.matters.until(number, (one) => one.has('connected'));
  return { number, path: `/api/calls/${matter.id}/monitor`, customer, agent: await nextCall(ana) };
}

/** Carla's phone is rung and joined. */
async function supervised(path: string, wish: object): Promise<PhoneCall> {
  const phone = await scene.agent('carla-desk');
  answering(phone, SUPERVISOR);
  expect(await scene.api.post(path, wish)).toMatchObject({ by: 'admin', state: 'ringing' });
  const call = await nextCall(phone);
  const isJoined = async (): Promise<boolean> => (await scene.api.get<{ state: string }>(path)).state === 'joined';
  await eventually('the supervisor is joined', isJoined);
  return call;
}

describe('a supervisor', () => {
  test('listens, whispers, talks with both and is taken out: each hears what is meant for them', async () => {
    const { number, path, customer, agent } = await talk();
    const supervisor = await supervised(path, { device: 'carla-desk' });
    await hearsMix(supervisor, [CALLER, AGENT]);
    await hearsMix(customer, [AGENT]);
    await hearsMix(agent, [CALLER]);
    // One ear at a time: a second supervisor is told whose it is.
    await expect(scene.api.post(path, { device: 'carla-desk', mode: 'barge' })).rejects.toThrow(
      /409.*admin listens to this conversation already, at carla-desk/s,
    );

    await scene.api.patch(path, { mode: 'whisper' });
    await hearsMix(agent, [CALLER, SUPERVISOR]);
    await hearsMix(customer, [AGENT]);
    await hearsMix(supervisor, [CALLER, AGENT]);

    await scene.api.patch(path, { mode: 'barge' });
    await hearsMix(customer, [AGENT, SUPERVISOR]);
    await hearsMix(agent, [CALLER, SUPERVISOR]);
    await hearsMix(supervisor, [CALLER, AGENT]);

    await scene.api.delete(path);
    await supervisor.byeReceived.seen;
    await hearsMix(agent, [CALLER]);
    await hearsMix(customer, [AGENT]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('monitor-started')).toMatchObject({ by: 'admin', device: 'carla-desk', mode: 'listen' });
    expect(matter.all('monitor-changed').map(({ mode }) => mode)).toEqual(['whisper', 'barge']);
    expect(matter.last('monitor-ended')).toMatchObject({ by: 'admin', reason: 'stopped' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
  });

  test('begins with a whisper, switches with the keys of the phone, and hangs up', async () => {
    const { number, path, customer, agent } = await talk();
    const supervisor = await supervised(path, { agent: 'carla', mode: 'whisper' });
    await hearsMix(agent, [CALLER, SUPERVISOR]);
    await hearsMix(customer, [AGENT]);
    await supervisor.audio.press('3');
    await hearsMix(customer, [AGENT, SUPERVISOR]);
    await supervisor.audio.press('0');
    await hearsMix(customer, [AGENT]);
    await hearsMix(agent, [CALLER]);
    supervisor.bye();
    const matter = await scene.matters.until(number, (one) => one.has('monitor-ended'));
    expect(matter.all('monitor-changed').map(({ mode }) => mode)).toEqual(['barge', 'listen']);
    expect(matter.last('monitor-ended')).toMatchObject({ by: 'admin', reason: 'hung-up' });
    await hearsMix(customer, [AGENT]);
    customer.bye();
    await scene.matters.untilOver(number);
  });

  test('takes the customer over on the line on which they listen', async () => {
    const { number, path, customer, agent } = await talk();
    const supervisor = await supervised(path, { device: 'carla-desk' });
    await hearsMix(supervisor, [CALLER, AGENT]);
    await scene.api.post(path.replace('/monitor', '/take-over'), {});
    await agent.byeReceived.seen;
    await hearsMix(customer, [SUPERVISOR]);
    await hearsMix(supervisor, [CALLER]);
    expect(supervisor.byeReceived.happened).toBe(false);
    supervisor.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ by: 'admin', way: 'taken-over', from: 'ana', to: 'carla' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'agent', result: 'served' });
  });

  test('goes when the conversation ends', async () => {
    const { number, path, agent } = await talk();
    const supervisor = await supervised(path, { device: 'carla-desk' });
    await hearsMix(supervisor, [CALLER, AGENT]);
    agent.bye();
    await supervisor.byeReceived.seen;
    const matter = await scene.matters.until(number, (one) => one.has('monitor-ended'));
    expect(matter.last('monitor-ended')).toMatchObject({ reason: 'call-over' });
    await expect(scene.api.get(path)).rejects.toThrow('404');
  });
});
