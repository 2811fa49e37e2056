// An application in a thread of its own, which can be ended as kill -9 ends a process: its sockets close, it says nothing.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SwitchProcess } from '../support/switch-process.js';

/** As built, like the switch. */
const DIST = new URL('../../dist/', import.meta.url).href;

export interface DoomedApplication {
  /** Resolves when the first caller talks with the gateway and the second hears music. */
  readonly settled: Promise<void>;
  kill(): Promise<void>;
}

/** Bridges the first caller with the gateway, keeping `words`, and may put them on hold; lets the others wait. */
export async function startDoomedApplication(
  sw: SwitchProcess,
  gatewayPort: number,
  words: string,
  onHold = false,
): Promise<DoomedApplication> {
  const workerData = {
    dist: DIST,
    sw: { drachtio: sw.drachtio, eventSocket: sw.eventSocket, secret: sw.secret, folder: sw.folder },
    gatewayPort,
    words,
    onHold,
  };
  const worker = new Worker(fileURLToPath(new URL('./doomed-application.worker.mjs', import.meta.url)), { workerData });
  const heard = new Set<string>();
  const waiting = new Map<string, () => void>();
  worker.on('message', (message: string) => {
    heard.add(message);
    waiting.get(message)?.();
  });
  const message = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.once('error', reject);
      if (heard.has(text)) resolve();
      else waiting.set(text, resolve);
    });
  await message('ready');
  return {
    settled: Promise.all([message('talking'), message('waiting')]).then(() => undefined),
    kill: async () => void (await worker.terminate()),
  };
}
