// What a browser that was never here before loads for a page of the application, and when people can use it.
import type { Browser } from 'playwright-core';
import type { BenchServer } from './bench-server.js';
import { visit } from './visitor.js';

export interface Area {
  readonly name: string;
  readonly user: string;
  readonly path: string;
  /** There when the page can be used. */
  readonly usable: string;
}

export const AREAS: readonly Area[] = [
  { name: 'agent: desk', user: 'ana', path: '/agent', usable: '#content button' },
  { name: 'agent: telephone', user: 'ana', path: '/agent/phone', usable: '#content button' },
  { name: 'agent: interactions', user: 'ana', path: '/agent/interactions', usable: '#content form, #content input' },
  { name: 'supervisor: floor', user: 'sofia', path: '/supervisor', usable: '#content table tbody th' },
  { name: 'supervisor: wall', user: 'sofia', path: '/supervisor/wall', usable: '.wall-queue' },
  { name: 'supervisor: figures', user: 'sofia', path: '/supervisor/figures', usable: '#content h1' },
  { name: 'administrator: users', user: 'admin', path: '/admin/users', usable: '#content table tbody tr' },
  { name: 'administrator: centre', user: 'admin', path: '/admin/centre/queues', usable: '#content input' },
  { name: 'administrator: flows', user: 'admin', path: '/admin/flows', usable: '#content table, #content a' },
  { name: 'administrator: studio', user: 'admin', path: '/admin/flows/main', usable: '.cm-content' },
  { name: 'anybody: try it', user: 'ana', path: '/try', usable: '#content button' },
];

export interface FirstLoad {
  readonly area: string;
  readonly gzipBytes: number;
  readonly brotliBytes: number;
  readonly files: number;
  /** The median of several; from the click to the page that can be used. */
  readonly usableMs: number;
}

const TIMES = 3;

export async function firstLoads(browser: Browser, server: BenchServer): Promise<readonly FirstLoad[]> {
  const loads: FirstLoad[] = [];
  for (const area of AREAS) {
    const gzip = await load(browser, server, area, { 'accept-encoding': 'gzip' });
    const others = [];
    for (let time = 0; time < TIMES; time += 1) others.push(await load(browser, server, area));
    const usable = others.map(({ usableMs }) => usableMs).toSorted((a, b) => a - b);
    loads.push({
      ...{ area: area.name, gzipBytes: gzip.bytes, files: gzip.files, brotliBytes: others[0]?.bytes ?? 0 },
      usableMs: usable[Math.floor(TIMES / 2)] ?? 0,
    });
  }
  return loads;
}

async function load(browser: Browser, server: BenchServer, area: Area, headers: Readonly<Record<string, string>> = {}) {
  const { context, page } = await visit(browser, server, area.user, headers);
  const devtools = await context.newCDPSession(page);
  let bytes = 0;
  let files = 0;
  // As sent, without the headers.
  devtools.on('Network.responseReceived', ({ response }) => {
    bytes -= response.encodedDataLength;
  });
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    files += 1;
  });
  await devtools.send('Network.enable');
  await page.addInitScript(watchFor(area.usable));
  await page.goto(area.path);
  const usableMs = (await page.evaluate('usable')) as number;
  // What it fetches without being asked counts too.
  await page.waitForLoadState('networkidle');
  await context.close();
  return { bytes, files, usableMs };
}

/** Runs in the page before its own scripts: ms from the beginning of the navigation to the picture that shows what is waited for. */
const watchFor = (selector: string): string => `
globalThis.usable = new Promise((resolve) => {
  const look = () => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => resolve(performance.now()));
  };
  look();
});
`;
