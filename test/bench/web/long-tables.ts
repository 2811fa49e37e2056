// Thousands of rows on the supervisor's floor, scrolled with the wheel: what becomes of the frames.
import type { Browser } from 'playwright-core';
import type { BenchServer } from './bench-server.js';
import { type Frames, framesDuring, visit } from './visitor.js';

/** As fast as a wheel is turned, and as the bar is drawn from the beginning to the end and back. */
const WHEEL_PX_PER_S = 5_000;
const SCROLL_MS = 5_000;

export interface Scrolled {
  readonly rows: number;
  /** Rows that are in the page at the end. */
  readonly drawn: number;
  readonly wheel: Frames;
  readonly bar: Frames;
  /** The same page while nothing moves: what the machine allows at the moment. */
  readonly still: Frames;
}

export async function longTables(browser: Browser, server: BenchServer, rows: number): Promise<Scrolled> {
  await server.empty();
  await server.join('support', rows);
  const { context, page } = await visit(browser, server, 'sofia');
  await page.goto('/supervisor');
  const table = page.getByRole('region', { name: /waiting|who waits/i }).last();
  await table.scrollIntoViewIfNeeded();
  await page.waitForLoadState('networkidle');
  const rest = (): Promise<void> => page.waitForTimeout(2_000);
  const still = await framesDuring(page, rest);
  await table.evaluate((place) => Object.assign(globalThis, { place }));
  const wheel = await framesDuring(page, () => page.evaluate(scrollBy(WHEEL_PX_PER_S)));
  const bar = await framesDuring(page, () => page.evaluate(scrollBy(Number.MAX_SAFE_INTEGER)));
  const drawn = await table.getByRole('row').count();
  await context.close();
  await server.empty();
  return { rows, drawn, wheel, bar, still };
}

/** Runs in the page: down and up again, as far in each picture as time has gone on. */
const scrollBy = (pixelsPerS: number): string => `
new Promise((resolve) => {
  const began = performance.now();
  const most = Math.min(place.scrollHeight - place.clientHeight, ${pixelsPerS * (SCROLL_MS / 2000)});
  const step = (now) => {
    const share = (now - began) / ${SCROLL_MS};
    place.scrollTop = most * (1 - Math.abs(1 - 2 * share));
    if (share < 1) requestAnimationFrame(step);
    else resolve();
  };
  requestAnimationFrame(step);
})
`;
