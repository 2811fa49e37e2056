// Two nodes, one centre: whoever looks at the one sees, hears and acts on what the other holds.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { Api } from '../../support/hilo/api.js';
import { TONES } from '../../support/hilo/centre.js';
import { answering, hears, hearsMix, nextCall } from '../../support/hilo/scene.js';
import { startSecondNode } from '../../support/hilo/second-node.js';
import type { Hilo } from '../../support/hilo/server.js';

const { caller: CALLER, agent: AGENT, supervisor: SUPERVISOR } = TONES;

describeInBrowser('two nodes', () => {
  const { app, scene } = onBrowserStage();
  let second: Hilo;
  beforeAll(async () => {
    second = await startSecondNode(scene.hilo);
  });
  afterAll(() => second?.close());

  /** Of the one call there is: the node that holds it, and the other one. */
  async function nodes(): Promise<{ readonly holder: string; readonly other: string }> {
    const { centre } = await new Api(second.http).get<{ centre: { calls: number } }>('/debug');
    const both = [scene.hilo.http, second.http] as const;
    const [other, holder] = centre.calls > 0 ? both : both.toReversed();
    return { holder: holder ?? '', other: other ?? '' };
  }

  async function talking() {
    const ana = await scene.agent('ana-desk');
    answering(ana, AGENT);
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await customer.final.seen;
    customer.audio.say(CALLER);
    await hears(customer, AGENT);
    const { holder, other } = await nodes();
    return { number, customer, agent: await nextCall(ana), holder, at: other };
  }

  async function choose(page: Page, row: string, act: string): Promise<void> {
    await page.getByRole('button', { name: `Actions: ${row}` }).click();
    await page.getByRole('menuitem', { name: act, exact: true }).click();
  }

  test('a supervisor sees, hears and ends a talk of the other node; its agent holds it at their desk', async () => {
    const { number, customer, agent, at } = await talking();
    const carla = await scene.agent('carla-desk');
    answering(carla, SUPERVISOR);
    const page = await app.person('admin', '/supervisor', { language: 'en-GB', at });
    const row = page.getByRole('row', { name: new RegExp(`^\\${number}`) });
    await row.getByText('Talking').waitFor();

    const desk = await app.person('ana', '/agent', { language: 'en-GB', at });
    await desk.getByRole('button', { name: 'Hold', exact: true }).click();
    await hears(customer, TONES.music);
    await row.getByText('On hold').waitFor();
    await desk.getByRole('button', { name: 'Take back', exact: true }).click();
    await hears(customer, AGENT);

    await choose(page, `Ana Molina, ${number}`, 'Whisper to the agent');
    await page.getByRole('dialog').getByLabel('Phone to ring').selectOption('carla-desk');
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await hearsMix(agent, [CALLER, SUPERVISOR]);
    await hearsMix(customer, [AGENT]);
    await page.getByText('admin whispers').waitFor();

    await choose(page, `Ana Molina, ${number}`, 'Take over');
    await page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click();
    await agent.byeReceived.seen;
    await hearsMix(customer, [SUPERVISOR]);
    await choose(page, `Carla Santos, ${number}`, 'Hang up');
    await page.getByRole('dialog').getByRole('button', { name: 'Hang up' }).click();
    await customer.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('hold-changed')).toMatchObject({ by: 'ana', held: false });
    expect(matter.last('talk-cut-off')).toMatchObject({ by: 'admin', agent: 'carla' });
    const { lines } = await scene.api.get<{ lines: { act: string; by: string }[] }>(`/api/audit?on=${matter.id}`);
    const acts = lines.filter(({ by }) => by === 'admin').map(({ act }) => act);
    expect(acts).toEqual(expect.arrayContaining(['monitor-started', 'talk-taken-over', 'talk-hangup']));
  });

  test('agents at different nodes: asks a colleague, talks with both, hands over; who has the call passes it on from there', async () => {
    const carlaDesk = await scene.agent('carla-desk');
    answering(carlaDesk, SUPERVISOR);
    const { number, customer, agent, holder, at } = await talking();
    // Ana's desk is at the node that does not hold the call, Carla's at the one that does.
    const ana = await app.person('ana', '/agent', { language: 'en-GB', at });
    const carla = await app.person('carla', '/agent', { language: 'en-GB', at: holder });
    const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();
    await click(ana, 'Transfer…');
    await ana.getByRole('combobox', { name: 'Agent' }).selectOption('carla');
    await click(ana, 'Ask first');
    await carla.getByText('ana asks you').waitFor();
    await hearsMix(customer, [TONES.music]);
    await click(ana, 'Talk all together');
    await hearsMix(customer, [AGENT, SUPERVISOR]);
    await carla.getByText('In the conference').or(carla.getByText('Conference')).first().waitFor();
    await click(carla, 'Leave');
    await hearsMix(customer, [AGENT]);
    await carla.getByText('The next call is yours').waitFor();

    await click(ana, 'Transfer…');
    await ana.getByRole('combobox', { name: 'Agent' }).selectOption('carla');
    await click(ana, 'Transfer at once');
    await agent.byeReceived.seen;
    await hearsMix(customer, [SUPERVISOR]);
    await carla.getByRole('heading', { name: number }).first().waitFor();
    // And from the node that does not hold it: back to a queue.
    const there = await app.person('carla', '/agent', { language: 'en-GB', at });
    await click(there, 'Transfer…');
    await there.getByText('Queue', { exact: true }).click();
    await there.getByRole('combobox', { name: 'Queue' }).selectOption('support');
    await click(there, 'Transfer at once');
    // She serves it and is free again.
    await hearsMix(customer, [AGENT]);
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.all('transferred').map(({ by, to }) => [by, to])).toEqual([
      ['ana', 'agent carla'],
      ['carla', 'queue support'],
    ]);
    expect(matter.all('connected').map(({ agent: name }) => name)).toEqual(['ana', 'carla', 'ana']);
  });

  test('one who waits at the other node is sent to another queue', async () => {
    const { number, phone } = await scene.customer();
    const customer = await phone.invite('1001');
    await hears(customer, TONES.music);
    const page = await app.person('admin', '/supervisor', { language: 'en-GB', at: (await nodes()).other });
    const row = page.getByRole('row', { name: new RegExp(`^\\${number}`) });
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Send to another queue…' }).click();
    await page.getByLabel('To the queue').selectOption('sales');
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    await row.getByText('Sales').waitFor();
    customer.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('queue-changed')).toMatchObject({ queue: 'support', to: 'sales', by: 'admin' });
  });

  test('a visitor whose page hangs on the one node is answered by an agent at the other', async () => {
    const name = `Eva ${Date.now()}`;
    await scene.agent('bruno-desk');
    const desk = await app.person('bruno', '/agent', { language: 'en-GB' });
    await desk.getByText('The next call is yours').waitFor();
    const visitor = await app.stranger('/chat', { language: 'en-GB', at: second.http });
    await visitor.getByLabel('Your name').fill(name);
    await visitor.getByRole('textbox', { name: 'Write your message' }).fill('Hello');
    await visitor.keyboard.press('Enter');
    const all = desk.getByRole('region', { name: 'Conversations' });
    await all.getByRole('button', { name: `Take ${name}` }).click();
    await visitor.getByText('Bruno Vidal is with you.').waitFor();
    await all.getByLabel('Write to the customer').fill('How can I help?');
    await desk.keyboard.press('Enter');
    await visitor.getByRole('log').getByText('How can I help?').waitFor();
    await all.getByRole('region', { name: 'Messages' }).getByText('read').first().waitFor();
    await all.getByRole('button', { name: 'Finish', exact: true }).click();
    await all.getByRole('button', { name: 'Finish the conversation' }).click();
    await visitor.getByText('The conversation is over.', { exact: false }).waitFor();
  });
});
