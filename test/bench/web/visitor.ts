// A browser of somebody who is signed in, and what its page tells of its frames.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { BenchServer } from './bench-server.js';

/** Longer than this between two pictures, and one of sixty a second was left out. */
export const FRAME_MS = 1000 / 60;
const DROPPED_MS = 1.5 * FRAME_MS;

export interface Frames {
  readonly count: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  /** Work of the page's thread for each picture, in ms of the processor: it does not depend on what else the machine does. */
  readonly workMs: number;
  /** Of the pictures that sixty a second would have shown. */
  readonly droppedShare: number;
}

export async function visit(
  browser: Browser,
  server: BenchServer,
  user: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({
    ...{ locale: 'en-GB', viewport: { width: 1280, height: 800 }, baseURL: server.address },
    extraHTTPHeaders: headers,
  });
  const answer = await context.request.post('/api/session', {
    data: { user, password: server.password },
    headers: { origin: server.address },
  });
  if (!answer.ok()) throw new Error(`${user} could not sign in: ${await answer.text()}`);
  return { context, page: await context.newPage() };
}

/** While `act` goes on. */
export async function framesDuring(page: Page, act: () => Promise<unknown>): Promise<Frames> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const workedMs = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  const beforeMs = await workedMs();
  await page.evaluate(COUNT_FRAMES);
  await act();
  const times = (await page.evaluate('stopFrames()')) as number[];
  const afterMs = await workedMs();
  await devtools.detach();
  return framesOf(times, afterMs - beforeMs);
}

function framesOf(times: readonly number[], workMs: number): Frames {
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  const sorted = gaps.toSorted((a, b) => a - b);
  const tookMs = gaps.reduce((sum, gap) => sum + gap, 0);
  const missed = gaps.reduce((sum, gap) => sum + (gap > DROPPED_MS ? Math.round(gap / FRAME_MS) - 1 : 0), 0);
  return {
    count: gaps.length,
    workMs: gaps.length === 0 ? 0 : workMs / gaps.length,
    perSecond: tookMs === 0 ? 0 : (1000 * gaps.length) / tookMs,
    medianMs: at(sorted, 0.5),
    p95Ms: at(sorted, 0.95),
    longestMs: sorted.at(-1) ?? 0,
    droppedShare: gaps.length === 0 ? 0 : missed / (gaps.length + missed),
  };
}

/** The value below which that share of a sorted list lies. */
export function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const COUNT_FRAMES = `
(() => {
  const times = [];
  let on = true;
  const next = (time) => {
    times.push(time);
    if (on) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  globalThis.stopFrames = () => {
    on = false;
    return times;
  };
})()
`;
