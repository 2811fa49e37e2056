// What a supervisor does with a conversation on the floor, judged by what customer, agent and supervisor hear.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults } from '../../support/chromium/web-app.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsMix, nextCall } from '../../support/hilo/scene.js';

const { caller: CALLER, agent: AGENT, supervisor: SUPERVISOR } = TONES;

describeInBrowser('a supervisor acts on a conversation', () => {
  const { app, scene } = onBrowserStage();

  async function talking() {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    const ana = await scene.agent('ana-desk');
    answering(ana, AGENT);
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await customer.final.seen;
    customer.audio.say(CALLER);
    await hears(customer, AGENT);
    return { page, number, customer, agent: await nextCall(ana) };
  }

  async function choose(page: Page, row: string, act: string): Promise<void> {
    await page.getByRole('button', { name: `Actions: ${row}` }).click();
    await page.getByRole('menuitem', { name: act, exact: true }).click();
  }

  test('joins, takes over on the same phone, hangs up; and the record says who did it', async () => {
    const { page, number, customer, agent } = await talking();
    const carla = await scene.agent('carla-desk');
    answering(carla, SUPERVISOR);
    await choose(page, `Ana Molina, ${number}`, 'Join');
    const window = page.getByRole('dialog');
    await window.getByText('Customer and agent will hear you.').waitFor();
    await window.getByLabel('Phone to ring').selectOption('carla-desk');
    await window.getByRole('button', { name: 'Start' }).click();
    await hearsMix(customer, [AGENT, SUPERVISOR]);
    await hearsMix(agent, [CALLER, SUPERVISOR]);
    await page.getByText('admin has joined').waitFor();

    await choose(page, `Ana Molina, ${number}`, 'Take over');
    await page.getByRole('dialog').getByText('Ana Molina leaves the conversation').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click();
    await agent.byeReceived.seen;
    await hearsMix(customer, [SUPERVISOR]);
    const supervisor = await nextCall(carla);
    await hearsMix(supervisor, [CALLER]);

    await choose(page, `Carla Santos, ${number}`, 'Hang up');
    await page.getByRole('dialog').getByRole('button', { name: 'Hang up' }).click();
    await customer.byeReceived.seen;
    await supervisor.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ by: 'admin', way: 'taken-over', from: 'ana', to: 'carla' });
    expect(matter.last('talk-cut-off')).toMatchObject({ by: 'admin', agent: 'carla' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'hilo', result: 'served', reason: 'ended-by-supervisor' });
  });

  test('sends the customer of a conversation to another queue: the agent is free, the customer waits there', async () => {
    const { page, number, customer, agent } = await talking();
    await choose(page, `Ana Molina, ${number}`, 'Send to another queue…');
    await page.getByLabel('To the queue').selectOption('sales');
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    await agent.byeReceived.seen;
    await hears(customer, TONES.music);
    const row = page.getByRole('row', { name: new RegExp(`^\\${number}`) });
    await row.getByText('Sales').waitFor();
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('transferred')).toMatchObject({ by: 'admin', way: 'blind', from: 'ana', to: 'queue sales' });
  });
});
