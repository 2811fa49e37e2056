// Pictures of every page for whoever wants to look at all of them: `HILO_SHOTS=<folder>`.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = process.env['HILO_SHOTS'];

export async function keepPicture(page: Page, address: string, kind: 'large' | 'small'): Promise<void> {
  if (FOLDER === undefined) return;
  await mkdir(FOLDER, { recursive: true });
  const name = address
    .replace(/\?.*/, '')
    .replace(/[0-9a-f-]{30,}/, 'one')
    .replaceAll('/', '_');
  await page.screenshot({ path: join(FOLDER, `${name}-${kind}.png`), fullPage: true });
}
