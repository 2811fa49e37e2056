// Written conversations on the floor: who waits and why, who has them, and sending one to another queue.
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults } from '../../support/chromium/web-app.js';

interface Audited {
  readonly lines: readonly { readonly act: string; readonly by: string }[];
}

interface Listed {
  readonly conversations: readonly { readonly id: string; readonly offer?: string }[];
}

describeInBrowser('written conversations on the floor', () => {
  const { app, scene } = onBrowserStage();

  /** What Ana is offered is hers, and no longer offered. */
  async function accepted(row: Locator): Promise<Listed['conversations'][number]> {
    await row.getByText('(offered)').waitFor();
    const { conversations } = await scene.api.get<Listed>('/api/conversations?agent=ana');
    const [conversation] = conversations;
    if (conversation === undefined) throw new Error('Ana has no conversation');
    await scene.api.post(`/api/offers/${conversation.offer}/accept`, {});
    await row.getByText('(offered)').waitFor({ state: 'detached' });
    return conversation;
  }

  test('one waits, an agent has it, a supervisor sends it to another queue', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    const number = scene.newNumber();
    await scene.api.write(number, '<i>Hello</i>, is anybody there?');
    await page.getByText('1 without an agent').waitFor();
    const waiting = page.getByRole('row', { name: new RegExp(`^\\${number}`) }).filter({ hasText: 'Message' });
    await waiting.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Why waiting?' }).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    await page.keyboard.press('Escape');

    await scene.agent('ana-desk');
    const row = page.getByRole('row', { name: new RegExp(`^\\${number}`) }).filter({ hasText: 'Ana Molina' });
    const conversation = await accepted(row);
    await page.getByText('Ana Molina: 1 of').waitFor();
    expect(await row.getByRole('cell').nth(3).textContent()).toBe('1');
    expect(await accessFaults(page)).toEqual([]);

    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Send to another queue…' }).click();
    await page.getByLabel('To the queue').selectOption('sales');
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    await row.waitFor({ state: 'detached' });
    await waiting.getByText('Sales').waitFor();
    const { entries } = await scene.api.get<{ entries: { id: string; interaction: string }[] }>(
      '/api/queues/sales/entries',
    );
    const left = entries.filter(({ interaction }) => interaction === conversation.id);
    expect(left).toHaveLength(1);
    for (const { id } of left) await scene.api.delete(`/api/queues/sales/entries/${id}`);
    await waiting.waitFor({ state: 'detached' });
    const { lines } = await scene.api.get<Audited>(`/api/audit?on=${conversation.id}`);
    expect(lines).toContainEqual(expect.objectContaining({ act: 'conversation-transferred', by: 'admin' }));
  });

  test('a supervisor closes one: the agent no longer has it, and it is noted who did it', async () => {
    const page = await app.person('admin', '/supervisor', { language: 'en-GB' });
    await scene.agent('ana-desk');
    const number = scene.newNumber();
    await scene.api.write(number, 'Thank you, that was all.');
    const row = page.getByRole('row', { name: new RegExp(`^\\${number}`) }).filter({ hasText: 'Ana Molina' });
    const { id } = await accepted(row);
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Close the conversation' }).click();
    const window = page.getByRole('dialog');
    await window.getByText('Ana Molina no longer has it; if the customer writes again, it is offered anew.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await window.getByRole('button', { name: 'Close the conversation' }).click();
    await row.waitFor({ state: 'detached' });
    const { conversations } = await scene.api.get<Listed>('/api/conversations?agent=ana');
    expect(conversations).toEqual([]);
    const { lines } = await scene.api.get<Audited>(`/api/audit?on=${id}`);
    expect(lines).toContainEqual(expect.objectContaining({ act: 'conversation-closed', by: 'admin' }));
  });
});
