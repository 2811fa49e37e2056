// Loaded into a process under test: at SIGWINCH its threads collect all their garbage, so that memory can be compared.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (how: object) => void;
/** As when memory is short: pages that are empty go back to the system. */
const collect = (): void => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
const threads = new BroadcastChannel('garbage');
threads.onmessage = () => collect();
threads.unref();
if (isMainThread) {
  // A signal that means nothing to servers: whoever does not listen goes on undisturbed.
  process.on('SIGWINCH', () => {
    collect();
    threads.postMessage('collect');
  });
}
