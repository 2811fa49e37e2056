// Accounts in a real browser: users, sessions, tokens and the audit log of administrators; everybody's own password and second factor.
import { type HOTP, TOTP, URI } from 'otpauth';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scanned } from '../../support/chromium/scanned.js';
import { describeInBrowser, onBrowserStage } from '../../support/chromium/stage.js';
import { accessFaults, picture, type WebApp } from '../../support/chromium/web-app.js';

const GOOD = 'three green parrots';
const ENGLISH = { language: 'en-GB' } as const;

/** A name that no other run has used. */
const fresh = (): string => `eva-${Date.now().toString(36)}`;

async function made(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name').fill(name);
  await dialog.locator('input[type=password]').fill(GOOD);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: new RegExp(`^${name}`) }).waitFor();
}

async function signedIn(app: WebApp, user: string, password: string): Promise<Page> {
  const page = await app.stranger('/sign-in?next=%2Faccount', ENGLISH);
  await page.getByLabel('User').fill(user);
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  return page;
}

/** An authenticator app that has read this. */
function appOf(text: string): TOTP {
  const factor: HOTP | TOTP = URI.parse(text);
  if (!(factor instanceof TOTP)) throw new Error(`no code that changes with time: ${text}`);
  return factor;
}

describeInBrowser('accounts', () => {
  const { app } = onBrowserStage();

  test('a user is made with the keyboard alone, signs in, and is out at once when disabled', async () => {
    const page = await app.person('admin', '/admin/users');
    await page.getByRole('row', { name: /^ana/ }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'users');
    const name = fresh();
    await page.getByRole('button', { name: 'Nuevo usuario' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('short');
    await page.getByText('Al menos 10 caracteres.', { exact: true }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(GOOD);
    await page.keyboard.press('Enter');
    const row = page.getByRole('row', { name: new RegExp(`^${name}`) });
    await row.waitFor();
    const own = await signedIn(app, name, GOOD);
    await own.getByRole('heading', { name: `My account · ${name}` }).waitFor();
    await row.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Desactivar' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Desactivar' }).click();
    await row.getByText('Desactivado').waitFor();
    await own.goto('/account');
    await own.getByLabel('User').waitFor();
  });

  test('an agent finds neither the pages nor the data', async () => {
    const page = await app.person('ana', '/admin/users');
    await page.waitForURL('**/');
    for (const path of ['/api/users', '/api/sessions', '/api/tokens', '/api/audit'])
      expect((await page.request.get(path)).status()).toBe(403);
  });

  test('a session is seen and ended', async () => {
    const page = await app.person('admin', '/admin/users', ENGLISH);
    const name = fresh();
    await made(page, name);
    const own = await signedIn(app, name, GOOD);
    await own.getByRole('heading', { name: /^My account/ }).waitFor();
    await page.getByRole('link', { name: 'Sessions' }).click();
    const row = page.getByRole('row', { name: new RegExp(`^${name}`) });
    await row.getByText(/^Chrome/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'sessions');
    await row.getByRole('button', { name: `End the session of ${name}` }).click();
    await row.waitFor({ state: 'detached' });
    await own.goto('/account');
    await own.getByLabel('User').waitFor();
  });

  test('a token is shown once, works, and is taken back', async () => {
    const page = await app.person('admin', '/admin/tokens', ENGLISH);
    const title = `reports ${fresh()}`;
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill(title);
    await dialog.getByRole('button', { name: 'Create' }).click();
    const token = (await dialog.locator('pre').textContent()) ?? '';
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(await accessFaults(page)).toEqual([]);
    const stranger = await app.stranger('/');
    const ask = async (path: string): Promise<number> =>
      (await stranger.request.get(path, { headers: { authorization: `Bearer ${token}` } })).status();
    expect(await ask('/api/interactions')).toBe(200);
    expect(await ask('/api/users')).toBe(403);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(await page.getByText(token).count()).toBe(0);
    await picture(page, 'tokens');
    await page.getByRole('button', { name: `Take back the token ${title}` }).click();
    await page.getByRole('row', { name: new RegExp(`^${title}`) }).waitFor({ state: 'detached' });
    expect(await ask('/api/interactions')).toBe(401);
  });

  test('the audit log tells who did it, filtered', async () => {
    const page = await app.person('admin', '/admin/users', ENGLISH);
    const name = fresh();
    await made(page, name);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByLabel('To what').fill(name);
    await page.getByLabel('What', { exact: true }).selectOption('Made a user');
    const lines = page.locator('tbody tr');
    await expect.poll(() => lines.count()).toBe(1);
    expect(await lines.first().textContent()).toContain(`adminMade a user${name}role: supervisor`);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByLabel('To what').fill('');
    await page.getByLabel('What', { exact: true }).selectOption('Anything');
    await expect.poll(() => lines.count()).toBeGreaterThan(1);
    await picture(page, 'audit');
    const link = page.getByRole('link', { name: 'Download CSV' });
    const csv = await page.request.get((await link.getAttribute('href')) ?? '');
    expect(await csv.text()).toContain(name);
  });

  test('a second factor is enrolled, asked for at sign-in, and switched off', async () => {
    const admin = await app.person('admin', '/admin/users', ENGLISH);
    const name = fresh();
    await made(admin, name);
    const page = await signedIn(app, name, GOOD);
    await page.getByRole('button', { name: 'Switch it on' }).click();
    await page.getByLabel('Your password').fill(GOOD);
    await page.keyboard.press('Enter');
    const key = (await page.locator('pre').textContent()) ?? '';
    expect(await accessFaults(page)).toEqual([]);
    // What an app reads on the screen is what stands there for those who type.
    const telephone = appOf(await scanned(page.getByRole('img', { name: 'QR code of the second factor' })));
    expect([telephone.issuer, telephone.label, telephone.digits, telephone.period]).toEqual(['Hilo', name, 6, 30]);
    expect(telephone.secret.base32).toBe(key.replaceAll(/\s/g, ''));
    await page.getByRole('textbox', { name: 'Code' }).fill(telephone.generate());
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'I have kept them' }).waitFor();
    const [first = '', second = ''] = ((await page.locator('pre').textContent()) ?? '').split('\n');
    expect(await accessFaults(page)).toEqual([]);
    await picture(page, 'second-factor');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('The second factor is on.').waitFor();
    const again = await signedIn(app, name, GOOD);
    await again.getByLabel('Code of the second factor').waitFor();
    expect(await accessFaults(again)).toEqual([]);
    // The next one: a code is good once.
    const code = telephone.generate({ timestamp: Date.now() + 1_000 * telephone.period });
    await again.keyboard.type(code);
    await again.keyboard.press('Enter');
    await again.getByText('The second factor is on.').waitFor();
    const third = await signedIn(app, name, GOOD);
    await third.getByLabel('Code of the second factor').fill(code);
    await third.keyboard.press('Enter');
    await third.getByRole('alert').waitFor();
    await third.getByLabel('Code of the second factor').fill(first);
    await third.keyboard.press('Enter');
    await third.getByRole('button', { name: 'Switch it off' }).click();
    await third.getByLabel('Your password').fill(GOOD);
    await third.getByLabel('Code').last().fill(second);
    await third.keyboard.press('Enter');
    await third.getByRole('button', { name: 'Switch it on' }).waitFor();
  });
});
