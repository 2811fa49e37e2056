// Debian's Chromium without a window, with a tone in place of a microphone, and pages served from this process.
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from 'playwright-core';
import { writeTone } from '../hilo/centre.js';
import { temporaryFolder } from '../servers.js';
import { pageScript } from './page-script.js';
import { WebPhone, type WebPhoneOptions } from './web-phone.js';

const EXECUTABLE = process.env['HILO_CHROMIUM'] ?? '/usr/bin/chromium';
const START_LIMIT_MS = 60_000;

export class Chromium {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly address: string,
  ) {}

  /** Everybody in it says this tone. */
  static async open(hertz: number): Promise<Chromium> {
    const browser = await launchChromium(hertz);
    const script = pageScript('JsSIP', 'jssip');
    const server = createServer((request, response) => {
      const isScript = request.url === '/jssip.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>phone</title><script src="/jssip.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Chromium(browser, server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  /** A page with JsSIP, registered. */
  async phone(options: WebPhoneOptions): Promise<WebPhone> {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(this.address);
    return WebPhone.open(page, options);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** Without a window; every microphone in it says this tone. */
export async function launchChromium(hertz: number): Promise<Browser> {
  const folder = await temporaryFolder();
  const browser = await chromium.launch(await optionsOf(folder, hertz));
  // At once: who waits for its end goes on after this.
  browser.once('disconnected', () => rmSync(folder, { recursive: true, force: true }));
  return browser;
}

/** … for many processes, one after the other: they connect to it (`wsEndpoint`). */
export async function serveChromium(hertz: number): Promise<BrowserServer> {
  const folder = await temporaryFolder();
  const browser = await chromium.launchServer({ ...(await optionsOf(folder, hertz)), host: '127.0.0.1' });
  browser.once('close', () => rmSync(folder, { recursive: true, force: true }));
  return browser;
}

async function optionsOf(folder: string, hertz: number): Promise<LaunchOptions> {
  const microphone = join(folder, 'microphone.wav');
  await writeTone(microphone, hertz, 10);
  return {
    executablePath: EXECUTABLE,
    timeout: START_LIMIT_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--ignore-certificate-errors',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
    ],
  };
}
