// The agent's desk in a real browser, with a telephone on the table and a customer who really calls.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhoneCall } from '../../../src/sim/phone/call.js';
import type { Phone } from '../../../src/sim/phone/phone.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture } from '../../support/chromium/web-app.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsMix, hearsSpeech, nextCall } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';

const { caller: CALLER, agent: ANA, other: CARLA, music: MUSIC } = TONES;
interface Desk {
  readonly id: string;
  readonly state: string;
  readonly interaction?: string;
}

const CODES = { invoice: { es: 'Factura', en: 'Invoice' }, fault: { es: 'Avería', en: 'Fault' } };

describeInBrowser('the agent’s desk', () => {
  const { app, scene } = onBrowserStage({ afterCalls: freeAll });
  beforeAll(() => setRules(true));
  afterAll(() => setRules(false));

  /** Nobody is left writing up for the next test. */
  async function freeAll(): Promise<void> {
    const { agents } = await scene.api.get<{ agents: readonly Desk[] }>('/api/agents');
    for (const { id, state, interaction } of agents) {
      if (state !== 'wrap-up') continue;
      await scene.api.post(`/api/interactions/${interaction}/disposition`, { code: 'fault', agent: id });
      await scene.api.post(`/api/agents/${id}/wrap-up`, { action: 'finish' });
    }
  }

  /** Support rings longer, is recorded, and wants to know what a call was about. */
  async function setRules(on: boolean): Promise<void> {
    const { flowsFolder } = scene.hilo;
    await changeCentre(flowsFolder, (centre) => {
      centre.setIn(['queues', 'support', 'ring'], on ? '20s' : '3s');
      centre.setIn(['queues', 'support', 'wrap-up'], on ? 'until-done' : '1s');
      if (on) centre.setIn(['queues', 'support', 'record'], true);
      else centre.deleteIn(['queues', 'support', 'record']);
      if (on) centre.setIn(['queues', 'support', 'dispositions'], centre.createNode({ codes: CODES, required: true }));
      else centre.deleteIn(['queues', 'support', 'dispositions']);
    });
    await eventually(
      'the rules are in force',
      async () => (await scene.api.flow('centre')).includes('until-done') === on,
    );
  }

  /** Calls and presses 1: support. */
  async function inMenu(phone: Phone): Promise<PhoneCall> {
    const customer = await phone.invite('1000');
    await customer.final.seen;
    await hearsSpeech(customer);
    await customer.audio.press('1');
    return customer;
  }

  interface Talk {
    readonly page: Page;
    readonly number: string;
    readonly customer: PhoneCall;
    readonly ana: PhoneCall;
    readonly desk: Phone;
  }

  /** The customer has pressed 1 in the menu, and Ana has picked up. */
  async function talking(
    language: 'es-ES' | 'en-GB' = 'en-GB',
    viewport = { width: 1280, height: 900 },
  ): Promise<Talk> {
    const desk = await scene.agent('ana-desk');
    desk.onCall = (call) => call.ring();
    const page = await app.person('ana', '/agent', { language, viewport });
    const { number, phone } = await scene.customer();
    const customer = await inMenu(phone);
    customer.audio.say(CALLER);
    const ana = await nextCall(desk);
    await card(page, /Incoming call|Llamada entrante/).waitFor();
    ana.audio.say(ANA);
    ana.answer();
    await hears(customer, ANA);
    await card(page, /^(Call|Llamada)$/).waitFor();
    return { page, number, customer, ana, desk };
  }

  const card = (page: Page, name: RegExp) => page.getByRole('region', { name });
  const click = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

  test('an offer is seen with who, why, since when and what was answered; refused, it stops ringing', async () => {
    const desk = await scene.agent('bruno-desk');
    desk.onCall = (call) => call.ring();
    const page = await app.person('bruno', '/agent', { language: 'en-GB' });
    await page.getByText('The next call is yours').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    const { number, phone } = await scene.customer();
    const customer = await inMenu(phone);
    const ringing = await nextCall(desk);
    const offer = card(page, /^Incoming call$/);
    await offer.getByRole('heading', { name: number }).waitFor();
    await offer.getByText('Support', { exact: true }).waitFor();
    await offer.getByText(/It is yours by “longest idle”: idle for \d+ s/).waitFor();
    await offer.getByRole('row', { name: /^Welcome Support \(1\)/ }).waitFor();
    await offer.getByText('Pick up your telephone').waitFor();
    // What to say is read before one says it.
    const guide = card(page, /^Guide for this matter$/);
    await guide.getByRole('button', { name: /^Returning a purchase.*For the queue Support/s }).click();
    await guide.getByText('30 days').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'agent-offer');
    await click(page, 'Refuse');
    await ringing.cancelled.seen;
    await page.getByText(/You rest from calls/).waitFor();
    const matter = await scene.matters.until(number, (one) => one.has('offer-refused'));
    expect(matter.last('offer-refused')).toMatchObject({ agent: 'bruno', reason: 'rejected' });
    await hears(customer, MUSIC);
  });

  test('hold, microphone, recording, keys, and a wrap-up that wants its code', async () => {
    const { page, number, customer, ana } = await talking();
    await page.getByText('Recording', { exact: true }).waitFor();
    await click(page, 'Hold');
    await hearsMix(customer, [MUSIC]);
    await page.getByText('On hold').first().waitFor();
    await click(page, 'Take back');
    await hearsMix(customer, [ANA]);
    await click(page, 'Mute');
    await page.getByText('Microphone off').first().waitFor();
    await hearsMix(customer, []);
    await click(page, 'Unmute');
    await hearsMix(customer, [ANA]);
    await click(page, 'Don’t record');
    await page.getByText('Recording paused').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'agent-call');
    await click(page, /^Record$/);
    await click(page, 'Keypad');
    await click(page, '5');
    await click(page, 'Hang up');
    await ana.byeReceived.seen;
    const finish = page.getByRole('button', { name: /finish/i });
    await page.getByText('Say what it was about').waitFor();
    expect(await finish.isDisabled()).toBe(true);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByLabel('Invoice').check();
    await page.getByLabel('Notes').fill('<b>Wants</b> a copy');
    await picture(page, 'agent-wrap-up');
    await finish.click();
    await page.getByText('The next call is yours').waitFor();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('disposition-set')).toMatchObject({
      agent: 'ana',
      code: 'invoice',
      note: '<b>Wants</b> a copy',
    });
    expect(matter.all('recording-paused')).toMatchObject([{ by: 'ana' }]);
    expect(matter.all('recording-resumed')).toMatchObject([{ by: 'ana' }]);
  });

  test('asks a colleague, talks with both, hands over with a note; two desks at once', async () => {
    const carlaDesk = await scene.agent('carla-desk');
    answering(carlaDesk, CARLA);
    const carla = await app.person('carla', '/agent', { language: 'es-ES' });
    await carla.getByText('La próxima llamada es suya').waitFor();
    const { page, number, customer } = await talking();
    await click(page, 'Transfer…');
    await page.getByRole('combobox', { name: 'Agent' }).selectOption('carla');
    await page.getByLabel('Note for whoever gets it').fill('an invoice');
    await click(page, 'Ask first');
    await page.getByText('Consultation with carla').waitFor();
    await hearsMix(customer, [MUSIC]);
    await carla.getByText('ana le consulta').waitFor();
    await click(page, 'Talk all together');
    await hearsMix(customer, [ANA, CARLA]);
    await page.getByText('In the conference').waitFor();
    await carla.getByText('El cliente trata con su compañero').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await click(page, 'Take carla out');
    await hearsMix(customer, [ANA]);
    await page.getByText('Talking', { exact: true }).first().waitFor();
    await carla
      .getByText(/No hay ninguna llamada|Tareas posteriores/)
      .first()
      .waitFor();
    await finishIfAsked(carla);
    await carla.getByText('La próxima llamada es suya').waitFor();
    await click(page, 'Transfer…');
    await page.getByRole('combobox', { name: 'Agent' }).selectOption('carla');
    await click(page, 'Ask first');
    await page.getByRole('button', { name: 'Hand the customer over' }).click();
    await hearsMix(customer, [CARLA]);
    await carla.getByText('Hablando', { exact: true }).first().waitFor();
    await carla.getByRole('heading', { name: number }).first().waitFor();
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.all('connected').map(({ agent }) => agent)).toEqual(['ana', 'carla']);
    for (const desk of [page, carla]) await finishIfAsked(desk);
  });

  /** Whoever talked with the customer writes it up. */
  async function finishIfAsked(page: Page): Promise<void> {
    const wrapUp = card(page, /^(Wrap-up|Tareas posteriores)$/);
    const free = page.getByText(/The next call is yours|La próxima llamada es suya/);
    await wrapUp.or(free).first().waitFor();
    if (!(await wrapUp.isVisible())) return;
    await wrapUp.getByLabel(/Fault|Avería/).check();
    await wrapUp.getByRole('button', { name: /finish|terminar/i }).click();
    await free.waitFor();
  }

  test('with the keyboard alone, in Spanish, on a small screen: passed on to another queue', async () => {
    const { page, number, customer, ana } = await talking('es-ES', { width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await press(page, 'Pasar…');
    await page.getByRole('radio', { name: 'Agente' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('combobox', { name: 'Cola' }).focus();
    await page.keyboard.type('Ventas');
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'agent-small');
    await press(page, 'Pasar sin avisar');
    await ana.byeReceived.seen;
    await hears(customer, MUSIC);
    const matter = await scene.matters.until(number, (one) => one.has('transferred'));
    expect(matter.last('transferred')).toMatchObject({ by: 'ana', way: 'blind', to: 'queue sales' });
    await page.getByLabel('Avería').focus();
    await page.keyboard.press('Space');
    await press(page, 'Guardar y terminar');
    await page.getByText('La próxima llamada es suya').waitFor();
  });

  /** Goes there with the tab key and presses Enter. */
  async function press(page: Page, name: string): Promise<void> {
    for (let step = 0; step < 60; step += 1) {
      const focused = page.locator(':focus');
      if ((await focused.count()) > 0 && (await focused.textContent())?.includes(name) === true) break;
      await page.keyboard.press('Tab');
    }
    expect(await page.locator(':focus').textContent()).toContain(name);
    await page.keyboard.press('Enter');
  }

  test('a break with what comes after the call, and nobody’s desk but one’s own', async () => {
    const { page, customer } = await talking();
    await click(page, /^Break$/);
    await page.getByText('After the call: Break.').waitFor();
    customer.bye();
    await page.getByLabel('Fault').check();
    await click(page, 'Save and finish');
    await page.getByText('No calls come to you until').waitFor();
    await click(page, /^Available$/);
    await page.getByText('The next call is yours').waitFor();
    const admin = await app.person('admin', '/agent', { language: 'en-GB' });
    await admin.getByText('Your user is not an agent').waitFor();
  });
});
