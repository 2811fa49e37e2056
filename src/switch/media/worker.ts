// The entry point of a media worker thread.
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../lib/assert.js';
import { systemClock } from '../../lib/clock.js';
import { startHostProcess } from '../webrtc/host-link.js';
import { MediaCore } from './media-core.js';
import type { Command, Report, WorkerSettings } from './messages.js';

const port = parentPort;
assert(port !== null, 'the media worker runs in a thread of its own');
const tell = (report: Report): void => {
  port.postMessage(report);
  if (report.type === 'stopped') port.close();
};
const core = new MediaCore(workerData as WorkerSettings, systemClock, tell, startHostProcess);
port.on('message', (command: Command) => core.carryOut(command));
await core.prepare();
