// Written conversations on the floor: who waits and why, who has them, and sending one to another queue.
import { expect, test } from 'vitest';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults } from '../../support/chromium/web-app.js';

interface Listed {
  readonly conversations: readonly { readonly id: string; readonly offer?: string }[];
}

describeInBrowser('written conversations on the floor', () => {
  const { app, scene } = onBrowserStage();

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
    await row.getByText('(offered)').waitFor();
    const { conversations } = await scene.api.get<Listed>('/api/conversations?agent=ana');
    const [conversation] = conversations;
    await scene.api.post(`/api/offers/${conversation?.offer}/accept`, {});
    await row.getByText('(offered)').waitFor({ state: 'detached' });
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
    const left = entries.filter(({ interaction }) => interaction === conversation?.id);
    expect(left).toHaveLength(1);
    for (const { id } of left) await scene.api.delete(`/api/queues/sales/entries/${id}`);
    await waiting.waitFor({ state: 'detached' });
    const { lines } = await scene.api.get<{ lines: { act: string }[] }>(`/api/audit?on=${conversation?.id}`);
    expect(lines.length).toBeGreaterThan(0);
  });
});
