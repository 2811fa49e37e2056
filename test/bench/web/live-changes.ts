// Hundreds of changes a second on the supervisor's floor: how late a number is shown, and what becomes of the frames.
import type { Browser } from 'playwright-core';
import { eventually } from '../../support/servers.js';
import type { BenchServer, Load } from './bench-server.js';
import { at, type Frames, framesDuring, visit } from './visitor.js';

export interface Shown {
  /** Different numbers that were seen. */
  readonly numbers: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  /** From the last change to the last number. */
  readonly atTheEndMs: number;
  readonly frames: Frames;
}

const QUEUE = { id: 'support', title: 'Support' };
const OTHER = 'sales';
const END_LIMIT_MS = 30_000;

export async function liveChanges(browser: Browser, server: BenchServer, load: Load): Promise<Shown> {
  await server.empty();
  const { context, page } = await visit(browser, server, 'sofia');
  await page.goto('/supervisor');
  await page.getByRole('rowheader', { name: QUEUE.title }).first().waitFor();
  await page.evaluate(watchCount(QUEUE.title));
  let counted: ReadonlyMap<number, number> = new Map();
  const frames = await framesDuring(page, async () => {
    counted = await server.change(QUEUE.id, OTHER, load);
  });
  await eventually(
    'the last number',
    async () => (await page.evaluate('seen.at(-1)?.[0]')) === counted.size,
    END_LIMIT_MS,
  );
  const seen = (await page.evaluate('seen')) as [number, number][];
  await context.close();
  await server.empty();
  const late = seen.flatMap(([number, ms]) => {
    const madeMs = counted.get(number);
    return madeMs === undefined ? [] : [ms - madeMs];
  });
  const sorted = late.toSorted((a, b) => a - b);
  const [medianMs, p95Ms, longestMs] = [at(sorted, 0.5), at(sorted, 0.95), sorted.at(-1) ?? 0];
  return { numbers: late.length, medianMs, p95Ms, longestMs, atTheEndMs: late.at(-1) ?? 0, frames };
}

/** Runs in the page: every number that is shown as waiting in that queue, and when (Unix ms). */
const watchCount = (title: string): string => `
(() => {
  const row = [...document.querySelectorAll('tbody tr')].find((one) => one.querySelector('th')?.textContent === ${JSON.stringify(title)});
  const place = row.querySelector('td');
  globalThis.seen = [];
  const look = () => seen.push([Number(place.textContent), Date.now()]);
  new MutationObserver(look).observe(place, { characterData: true, childList: true, subtree: true });
})()
`;
