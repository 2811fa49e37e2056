// Hilo's web application in a real Chromium: pages of people who are signed in; what their browsers complain about fails the test.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Frame, type Page } from 'playwright-core';
import { PASSWORD } from '../hilo/server.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PICTURES = join(import.meta.dirname, '..', '..', '..', 'docs', 'pictures');
/** WCAG 2.2 AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** What a page may get without anything being wrong: nobody is signed in yet, or the test has taken its network away. */
const EXPECTED = /status of 401|ERR_INTERNET_DISCONNECTED/;
const LIMIT_MS = 15_000;

export interface PersonOptions {
  readonly language?: 'es-ES' | 'en-GB';
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** Another Hilo, or another node of it. */
  readonly at?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** What the browser may complain about there. */
  readonly expected?: RegExp;
}

export class WebApp {
  readonly #contexts: BrowserContext[] = [];
  readonly #complaints: string[] = [];
  /** From the first page on. */
  #browser: Promise<Browser> | undefined;

  /** `chromium`: where the one of the project is found. */
  constructor(
    private readonly address: string,
    private readonly chromium: string,
  ) {}

  /** The application as somebody sees it who is not signed in. */
  async stranger(path = '/', options: PersonOptions = {}): Promise<Page> {
    const page = await (await this.#context(options)).newPage();
    await page.goto(path);
    return page;
  }

  /** … and as that user sees it. */
  async person(user: string, path = '/', options: PersonOptions = {}): Promise<Page> {
    const context = await this.#context(options);
    const response = await context.request.post('/api/session', {
      data: { user, password: PASSWORD },
      headers: { origin: options.at ?? this.address },
    });
    if (!response.ok()) throw new Error(`${user} could not sign in: ${await response.text()}`);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  async #context(options: PersonOptions): Promise<BrowserContext> {
    const { language: locale = 'es-ES', viewport = { width: 1280, height: 800 }, reducedMotion = 'reduce' } = options;
    const { colorScheme = 'light', at = this.address, expected = EXPECTED } = options;
    this.#browser ??= chromium.connect(this.chromium);
    const browser = await this.#browser;
    const context = await browser.newContext({ locale, viewport, reducedMotion, colorScheme, baseURL: at });
    this.#contexts.push(context);
    await context.grantPermissions(['microphone'], { origin: at });
    context.setDefaultTimeout(LIMIT_MS);
    context.on('page', (page) => this.#watch(page, expected));
    return context;
  }

  /** What the browsers complained about until now: errors, refused content, failed requests. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Closes all pages. Throws when a browser complained. */
  async leave(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    const complaints = this.#complaints.splice(0);
    if (complaints.length > 0) throw new Error(`the browser complains:\n${complaints.join('\n')}`);
  }

  /** Safe to call twice, and when no page was ever opened or the browser could not be reached. */
  async close(): Promise<void> {
    const browser = await this.#browser?.catch(() => undefined);
    await browser?.close();
  }

  #watch(page: Page, expected: RegExp): void {
    page.on('pageerror', (error) => this.#complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected.test(message.text())) {
        this.#complaints.push(`${page.url()}: ${message.text()}`);
      }
    });
  }
}

/** Faults of accessibility on the page as it is now; none is what is wanted. */
export async function accessFaults(page: Page | Frame): Promise<readonly string[]> {
  // As a file of the test, not of the page: its policy lets no foreign script in.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const violations: AxeResults['violations'] = await page.evaluate(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(RULES)} } }).then(({ violations }) => violations)`,
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join()).join(' | ')}`,
  );
}

/** Keeps what the page looks like for README and the docs, when they are drawn anew (`HILO_PICTURES=1`). */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['HILO_PICTURES'] !== '1') return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}
