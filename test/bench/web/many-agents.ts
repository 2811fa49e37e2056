// Thousands of agents on the supervisor's floor who change their states while one scrolls: what becomes of the frames.
import type { Browser, WebSocketRoute } from 'playwright-core';
import { systemClock } from '../../../src/lib/clock.js';
import { pause } from '../../../src/lib/pause.js';
import type { BenchServer, Load } from './bench-server.js';
import { type Frames, framesDuring, visit } from './visitor.js';

/** As often as the hub tells. */
const PICTURE_MS = 100;
const SCROLL_MS = 5_000;
const STATES = ['available', 'busy', 'wrap-up', 'ringing', 'break'];

export interface Agents {
  readonly agents: number;
  /** Rows that are in the page at the end. */
  readonly drawn: number;
  readonly frames: Frames;
}

/** In place of the server: a centre in memory has four agents. */
export async function manyAgents(
  browser: Browser,
  server: BenchServer,
  agents: number,
  { perSecond, seconds }: Load,
): Promise<Agents> {
  const { context, page } = await visit(browser, server, 'sofia');
  let ended = false;
  await page.routeWebSocket('**/api/live*', (socket) => void tell(socket, agents, perSecond, () => ended));
  await page.goto('/supervisor');
  const table = page.getByRole('region', { name: /^Agents/ });
  await table.scrollIntoViewIfNeeded();
  await table.evaluate((place) => Object.assign(globalThis, { place }));
  const frames = await framesDuring(page, async () => {
    for (let passed = 0; passed < seconds * 1_000; passed += SCROLL_MS) await page.evaluate(SCROLL);
  });
  const drawn = await table.getByRole('row').count();
  ended = true;
  await context.close();
  return { agents, drawn, frames };
}

async function tell(socket: WebSocketRoute, count: number, perSecond: number, isOver: () => boolean): Promise<void> {
  const agent = (index: number, turn: number) => ({
    kind: 'agent',
    id: `a${index}`,
    value: {
      ...{ id: `a${index}`, title: `Agent ${index}`, role: 'agent', skills: { support: 5 }, team: 'day', devices: [] },
      ...{ state: STATES[(index + turn) % STATES.length], since: new Date().toISOString() },
    },
  });
  const documents = Array.from({ length: count }, (_, index) => agent(index, 0));
  socket.send(JSON.stringify({ type: 'snapshot', epoch: 'e', number: 0, documents }));
  const together = Math.round((perSecond * PICTURE_MS) / 1_000);
  for (let number = 0; !isOver(); number += together) {
    await pause(systemClock, PICTURE_MS, []);
    const changes = Array.from({ length: together }, (_, at) =>
      agent((number + at) % count, 1 + Math.floor(number / count)),
    );
    socket.send(JSON.stringify({ type: 'changes', after: number, number: number + together, changes }));
  }
}

/** Runs in the page: down and up again. */
const SCROLL = `
new Promise((resolve) => {
  const began = performance.now();
  const most = place.scrollHeight - place.clientHeight;
  const step = (now) => {
    const share = (now - began) / ${SCROLL_MS};
    place.scrollTop = Math.min(most, 12_500) * (1 - Math.abs(1 - 2 * share));
    if (share < 1) requestAnimationFrame(step);
    else resolve();
  };
  requestAnimationFrame(step);
})
`;
