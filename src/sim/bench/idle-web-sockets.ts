// Very many WebSockets that say nothing, opened from several addresses, while somebody else is served.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { systemClock } from '../../lib/clock.js';

export interface IdleResult {
  readonly addresses: number;
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  readonly probes: number;
  readonly unanswered: number;
  readonly p99Ms: number;
}

const PER_ADDRESS = 500;
const AT_ONCE = 100;
const PROBE_EVERY_MS = 20;

/** @param probe milliseconds that a healthy request took; Infinity when it was not answered */
export async function loadWithIdleWebSockets(
  port: number,
  count: number,
  probe: () => Promise<number>,
): Promise<IdleResult> {
  const open: WebSocket[] = [];
  const tookMs: number[] = [];
  let refused = 0;
  let state: 'loading' | 'over' = 'loading';
  const probing = (async () => {
    while (state === 'loading') {
      tookMs.push(await probe());
      await new Promise<void>((resolve) => systemClock.after(PROBE_EVERY_MS, resolve));
    }
  })();
  const startMs = systemClock.monotonicMs();
  for (let begun = 0; begun < count; begun += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - begun) }, async (_, at) => {
      const localAddress = `127.0.0.${2 + Math.floor((begun + at) / PER_ADDRESS)}`;
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'sip', { localAddress });
      socket.on('error', () => undefined);
      const outcome = await Promise.race([
        once(socket, 'open').then(() => 'open'),
        once(socket, 'close').then(() => 'closed'),
      ]).catch(() => 'closed');
      if (outcome === 'open') open.push(socket);
      else refused++;
    });
    await Promise.all(batch);
  }
  const seconds = (systemClock.monotonicMs() - startMs) / 1000;
  state = 'over';
  await probing;
  for (const socket of open) socket.terminate();
  tookMs.sort((a, b) => a - b);
  return {
    addresses: Math.ceil(count / PER_ADDRESS),
    accepted: open.length,
    refused,
    seconds,
    probes: tookMs.length,
    unanswered: tookMs.filter((ms) => ms === Number.POSITIVE_INFINITY).length,
    p99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? Number.NaN,
  };
}
