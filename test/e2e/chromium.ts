// One Chromium for all pages, started before the first and stopped after the last; each file has contexts of its own in it.
import type { BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { serveChromium } from '../support/chromium/chromium.js';
import { TONES } from '../support/hilo/centre.js';

let browser: BrowserServer | undefined;

export async function setup(project: TestProject): Promise<void> {
  if (process.env['HILO_NO_BROWSER'] !== '1') browser = await serveChromium(TONES.other);
  project.provide('chromium', browser?.wsEndpoint() ?? '');
}

export async function teardown(): Promise<void> {
  await browser?.close();
}
