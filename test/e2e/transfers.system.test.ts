// Customers who are passed on, with real phones: who hears whom at each step, and what the record says of it.
import { describe, expect, test } from 'vitest';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { header, type Message, tagOf } from '../../src/sim/phone/message.js';
import type { Phone } from '../../src/sim/phone/phone.js';
import { TONES } from '../support/hilo/centre.js';
import { answering, hears, hearsMix, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

const { caller: CALLER, agent: ANA, supervisor: CARLA, music: MUSIC } = TONES;

/** Each costs a transfer of the leg, of which FreeSWITCH allows 70 unless it is told. */
const HOLDS = process.env['E2E_SIP'] === undefined ? 10 : 75;

interface Talk {
  readonly number: string;
  readonly path: string;
  readonly customer: PhoneCall;
  readonly ana: PhoneCall;
  readonly desk: Phone;
}

const scene = onStage();

/** A customer and Ana talk. */
async function talk(): Promise<Talk> {
  const phone = await scene.agent('ana-desk');
  answering(phone, ANA);
  const { number, phone: telephone } = await scene.customer();
  const customer = await telephone.invite('1001');
  await customer.final.seen;
  customer.audio.say(CALLER);
  await hears(customer, ANA);
  const matter = await scene.matters.until(number, (one) => one.has('connected'));
  return { number, path: `/api/calls/${matter.id}`, customer, ana: await nextCall(phone), desk: phone };
}

/** The header Replaces (RFC 3891) of whoever is to take the place of `call`'s caller. */
function replacing({ callId, invite }: PhoneCall, answer: Message): string {
  return `${callId};to-tag=${tagOf(header(answer, 'to'))};from-tag=${tagOf(header(invite, 'from'))}`;
}

const stateOf = async (path: string): Promise<string> => (await scene.api.get<{ state: string }>(path)).state;

/** Carla is asked, and answers. */
async function consulted({ path }: Talk): Promise<PhoneCall> {
  const phone = await scene.agent('carla-desk');
  answering(phone, CARLA);
  expect(await scene.api.post(`${path}/consult`, { with: { agent: 'carla' }, note: 'an invoice' })).toMatchObject({
    state: 'calling',
    consulted: 'carla',
  });
  const carla = await nextCall(phone);
  expect(carla.invite.headers.get('x-hilo-note')).toEqual(['an invoice']);
  await eventually('they talk', async () => (await stateOf(path)) === 'consulting');
  return carla;
}

interface Times {
  readonly total: {
    readonly from: string;
    readonly to: string;
    readonly times: readonly { state: string; ms: number }[];
  };
}

/** Of today, as PostgreSQL has them. */
async function timesAddUp(agent: string): Promise<void> {
  const { total } = await scene.api.get<Times>(`/api/agents/${agent}/times`);
  const sum = total.times.reduce((ms, time) => ms + time.ms, 0);
  expect(sum).toBe(Date.parse(total.to) - Date.parse(total.from));
  expect(total.times.map(({ state }) => state)).toEqual(expect.arrayContaining(['ringing', 'busy']));
}

describe('an agent', () => {
  test('holds, asks a colleague and hands the customer over', async () => {
    const all = await talk();
    const { path, number, customer, ana } = all;
    await scene.api.post(`${path}/hold`, {});
    await hearsMix(customer, [MUSIC]);
    await scene.api.post(`${path}/unhold`, {});
    await hearsMix(customer, [ANA]);
    const carla = await consulted(all);
    await hearsMix(customer, [MUSIC]);
    await hearsMix(ana, [CARLA]);
    await hearsMix(carla, [ANA]);
    await scene.api.post(`${path}/complete`, {});
    await ana.byeReceived.seen;
    await hearsMix(customer, [CARLA]);
    await hearsMix(carla, [CALLER]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ by: 'admin', way: 'attended', from: 'ana', to: 'carla' });
    expect(matter.all('connected').map(({ agent }) => agent)).toEqual(['ana', 'carla']);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
    await timesAddUp('ana');
  });

  test('brings all together; when she leaves, the other two talk on', async () => {
    const all = await talk();
    const { path, number, customer, ana } = all;
    const carla = await consulted(all);
    expect(await scene.api.post(`${path}/conference`, {})).toMatchObject({ state: 'together' });
    await hearsMix(customer, [ANA, CARLA]);
    await hearsMix(ana, [CALLER, CARLA]);
    await hearsMix(carla, [CALLER, ANA]);
    await scene.api.post(`${path}/mute`, {});
    await hearsMix(customer, [CARLA]);
    ana.bye();
    await hearsMix(customer, [CARLA]);
    await hearsMix(carla, [CALLER]);
    await eventually('two are left', async () => (await stateOf(path)) === 'talking');
    carla.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.all('party-left')).toMatchObject([{ party: { name: 'ana' } }]);
    expect(matter.last('call-ended')).toMatchObject({ by: 'agent', result: 'served' });
  });

  test('holds, asks and takes back in one breath, as often as she likes', async () => {
    const { path, number, customer, ana } = await talk();
    const phone = await scene.agent('carla-desk');
    answering(phone, CARLA);
    for (let turn = 0; turn < HOLDS; turn++) {
      await scene.api.post(`${path}/hold`, {});
      await scene.api.post(`${path}/unhold`, {});
    }
    await hearsMix(customer, [ANA]);
    await hearsMix(ana, [CALLER]);
    await scene.api.post(`${path}/consult`, { with: { agent: 'carla' } });
    await eventually('they talk', async () => (await stateOf(path)) === 'consulting');
    await scene.api.post(`${path}/conference`, {});
    await scene.api.delete(`${path}/parties/carla`);
    await scene.api.post(`${path}/hold`, {});
    await scene.api.post(`${path}/unhold`, {});
    await hearsMix(customer, [ANA]);
    await hearsMix(ana, [CALLER]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.all('hold-changed')).toHaveLength(2 * (HOLDS + 1));
  });

  test.each(['while it rings', 'while they talk'])('hangs up %s: the colleague has the customer', async (when) => {
    const { path, number, customer, ana } = await talk();
    const phone = await scene.agent('carla-desk');
    if (when === 'while they talk') answering(phone, CARLA);
    await scene.api.post(`${path}/consult`, { with: { agent: 'carla' } });
    const asked = await nextCall(phone);
    if (when === 'while they talk') {
      await eventually('they talk', async () => (await stateOf(path)) === 'consulting');
    }
    answering(phone, CARLA);
    ana.bye();
    const carla = when === 'while they talk' ? asked : await nextCall(phone, [asked]);
    await hearsMix(customer, [CARLA]);
    await hearsMix(carla, [CALLER]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ from: 'ana' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
  });

  test('asks a colleague by a second call of her phone, and joins the two (REFER with Replaces)', async () => {
    const { path, number, customer, ana, desk } = await talk();
    const phone = await scene.agent('carla-desk');
    answering(phone, CARLA);
    ana.reinvite(ana.audio.sdpWith('sendonly', 2));
    await eventually('on hold', async () => (await stateOf(path)) === 'on-hold');
    const second = await desk.inviteWithPassword('2003');
    const answer = await second.final.seen;
    second.audio.say(ANA);
    const carla = await nextCall(phone);
    await hearsMix(carla, [ANA]);
    ana.refer(`sip:carla@localhost?Replaces=${encodeURIComponent(replacing(second, answer))}`);
    await ana.byeReceived.seen;
    await second.byeReceived.seen;
    await hearsMix(customer, [CARLA]);
    await hearsMix(carla, [CALLER]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ by: 'ana', way: 'attended', from: 'ana', to: 'carla' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
  });

  test('holds and transfers with the buttons of her phone (re-INVITE, REFER)', async () => {
    const { number, path, customer, ana } = await talk();
    const phone = await scene.agent('carla-desk');
    answering(phone, CARLA);
    ana.reinvite(ana.audio.sdpWith('sendonly', 2));
    await eventually('on hold', async () => (await stateOf(path)) === 'on-hold');
    await hearsMix(customer, [MUSIC]);
    ana.reinvite(ana.audio.sdpWith('sendrecv', 3));
    await hearsMix(customer, [ANA]);
    ana.refer('sip:+18095551234@localhost');
    await eventually('refused', async () => ana.answers.some(({ start }) => start.startsWith('SIP/2.0 603')));
    await hearsMix(customer, [ANA]);
    ana.refer('sip:carla@localhost');
    await eventually('taken', async () => ana.answers.some(({ start }) => start.startsWith('SIP/2.0 202')));
    await ana.byeReceived.seen;
    await hearsMix(customer, [CARLA]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ by: 'ana', way: 'blind', to: 'agent carla' });
  });
});
